/// `tf.image.resize` to a square with bilinear interpolation, half-pixel centres and no antialias, over a frame that is
/// zero-padded to a square without the padding ever being stored.
///
/// The arithmetic is float32 in TensorFlow's order: `in = (out + 0.5) · scale − 0.5`, neighbours clamped to the image,
/// first along the row, then between rows.
struct BilinearResize: Sendable {
  let geometry: SquarePadding
  let size: Int
  /// Where each output column (or row: the image is square) reads, before the padding is taken off.
  private let taps: [Tap]

  private struct Tap: Sendable {
    let low: Int
    let high: Int
    let weight: Float
  }

  init(geometry: SquarePadding, size: Int) {
    self.geometry = geometry
    self.size = size
    let scale = Float(geometry.side) / Float(size)
    taps = (0..<size).map { index in
      let position = (Float(index) + 0.5) * scale - 0.5
      let floor = position.rounded(.down)
      return Tap(
        low: max(0, Int(floor)), high: min(geometry.side - 1, Int(position.rounded(.up))), weight: position - floor)
    }
  }

  /// One channel, resized; every display value is multiplied by `scale` first.
  ///
  /// - Returns: `size × size` values, row by row.
  func plane(of frame: DisplayFrame, channel: Int, scale: Float) -> [Float] {
    let table = frame.table(ofChannel: channel).map { $0 * scale }
    let source = Source(frame: frame, offset: frame.offset(ofChannel: channel), table: table, geometry: geometry)
    var result = [Float](repeating: 0, count: size * size)
    var (upper, lower) = ([Float](repeating: 0, count: size), [Float](repeating: 0, count: size))
    for y in 0..<size {
      interpolate(source, row: taps[y].low, into: &upper)
      interpolate(source, row: taps[y].high, into: &lower)
      let weight = taps[y].weight
      for x in 0..<size { result[y * size + x] = upper[x] + (lower[x] - upper[x]) * weight }
    }
    return result
  }

  private func interpolate(_ source: Source, row: Int, into result: inout [Float]) {
    guard let start = source.rowStart(row) else {
      for x in 0..<size { result[x] = 0 }
      return
    }
    for x in 0..<size {
      let tap = taps[x]
      let (left, right) = (
        source.value(rowStart: start, column: tap.low), source.value(rowStart: start, column: tap.high)
      )
      result[x] = left + (right - left) * tap.weight
    }
  }

  /// The padded frame as coordinates.
  private struct Source {
    let frame: DisplayFrame
    let offset: Int
    let table: [Float]
    let geometry: SquarePadding

    /// Index of the first pixel of a padded row; `nil` in the padding.
    func rowStart(_ row: Int) -> Int? {
      let y = row - geometry.top
      return (0..<frame.rows).contains(y) ? y * frame.columns : nil
    }

    func value(rowStart: Int, column: Int) -> Float {
      let x = column - geometry.left
      guard x >= 0, x < frame.columns else { return 0 }
      return table[Int(frame.codes[(rowStart + x) * frame.samplesPerPixel + offset])]
    }
  }
}

/// How a frame lies in the square around it: centred, with the smaller half of an odd difference before it.
struct SquarePadding: Sendable, Equatable {
  let side: Int
  let top: Int
  let left: Int
  let bottom: Int
  let right: Int

  init(rows: Int, columns: Int) {
    side = max(rows, columns)
    top = (side - rows) / 2
    left = (side - columns) / 2
    bottom = side - rows - top
    right = side - columns - left
  }
}
