/// `tf.image.resize` with bilinear interpolation, half-pixel centres and no antialias.
///
/// The arithmetic is float32 in TensorFlow's order: `in = (out + 0.5) · scale − 0.5`, neighbours clamped to the image,
/// first along the row, then between rows. Only the pixels that an output pixel needs are read.
struct TensorFlowResize: Sendable {
  let canvas: FramePlacement
  let size: Int
  private let across: [Tap]
  /// The columns of the frame that the taps read, low and high in turn; those outside the frame read its first column.
  private let columns: [Int]
  /// Which of them lie outside the frame, where the canvas is 0.
  private let outside: [Int]
  private let down: [Tap]

  private struct Tap: Sendable {
    let low: Int
    let high: Int
    let weight: Float
  }

  init(canvas: FramePlacement, size: Int) {
    self.canvas = canvas
    self.size = size
    let across = Self.taps(from: canvas.columns, to: size)
    let read = across.flatMap { [$0.low - canvas.left, $0.high - canvas.left] }
    outside = read.indices.filter { !(0..<canvas.frameColumns).contains(read[$0]) }
    columns = read.map { (0..<canvas.frameColumns).contains($0) ? $0 : 0 }
    self.across = across
    down = Self.taps(from: canvas.rows, to: size)
  }

  private static func taps(from: Int, to: Int) -> [Tap] {
    let scale = Float(from) / Float(to)
    return (0..<to).map { index in
      let position = (Float(index) + 0.5) * scale - 0.5
      let floor = position.rounded(.down)
      return Tap(low: max(0, Int(floor)), high: min(from - 1, Int(position.rounded(.up))), weight: position - floor)
    }
  }

  /// One channel, resized.
  ///
  /// - Parameter table: The value of each code.
  /// - Returns: `size × size` values, row by row.
  func plane(of frame: DisplayFrame, channel: Int, table: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: size * size)
    var line = [Float](repeating: 0, count: columns.count)
    var (upper, lower) = ([Float](repeating: 0, count: size), [Float](repeating: 0, count: size))
    var (upperRow, lowerRow) = (-1, -1)
    for y in 0..<size {
      let tap = down[y]
      if tap.low == lowerRow {
        swap(&upper, &lower)
        swap(&upperRow, &lowerRow)
      }
      if tap.low != upperRow { interpolate(frame, channel, table, row: tap.low, line: &line, into: &upper) }
      upperRow = tap.low
      if tap.high == tap.low {
        for x in 0..<size { result[y * size + x] = upper[x] }
        continue
      }
      if tap.high != lowerRow { interpolate(frame, channel, table, row: tap.high, line: &line, into: &lower) }
      lowerRow = tap.high
      for x in 0..<size { result[y * size + x] = upper[x] + (lower[x] - upper[x]) * tap.weight }
    }
    return result
  }

  private func interpolate(
    _ frame: DisplayFrame, _ channel: Int, _ table: [Float], row: Int, line: inout [Float], into result: inout [Float]
  ) {
    guard let frameRow = canvas.frameRow(row) else {
      for x in 0..<size { result[x] = 0 }
      return
    }
    frame.look(up: table, row: frameRow, channel: channel, columns: columns, into: &line)
    for index in outside { line[index] = 0 }
    for x in 0..<size {
      let left = line[2 * x]
      result[x] = left + (line[2 * x + 1] - left) * across[x].weight
    }
  }
}
