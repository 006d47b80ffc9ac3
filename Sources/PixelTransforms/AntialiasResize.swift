/// The two-pass resize of Pillow and torchvision on 8-bit values: rows first, the result rounded to 8 bits, then columns.
///
/// Both round by adding one half before the shift and cut what leaves `0...255`. Sums fit 32 bits: weights that add up to 1
/// in 22 bits, cubic overshoot included, times 255 stay below 2³¹.
struct AntialiasResize: Sendable {
  let canvas: Canvas
  let size: Int
  private let horizontal: AntialiasTaps
  private let vertical: AntialiasTaps

  init(_ filter: AntialiasFilter, _ arithmetic: FixedPoint, canvas: Canvas, size: Int) {
    self.canvas = canvas
    self.size = size
    horizontal = AntialiasTaps(filter, arithmetic, from: canvas.columns, to: size)
    vertical = AntialiasTaps(filter, arithmetic, from: canvas.rows, to: size)
  }

  /// One channel, resized.
  ///
  /// - Parameter table: The 8-bit value of each code.
  /// - Returns: `size × size` values, row by row.
  func plane(of frame: DisplayFrame, channel: Int, table: [UInt8]) -> [UInt8] {
    // Rows in the padding stay 0, which is also what resizing them would give.
    var narrowed = [UInt8](repeating: 0, count: canvas.rows * size)
    var line = [UInt8](repeating: 0, count: canvas.columns)
    for row in 0..<canvas.rows {
      guard let frameRow = canvas.frameRow(row) else { continue }
      frame.look(up: table, row: frameRow, channel: channel, into: &line, at: canvas.left)
      narrow(line, into: &narrowed, at: row * size)
    }
    return lower(narrowed)
  }

  private func narrow(_ line: [UInt8], into target: inout [UInt8], at start: Int) {
    let taps = horizontal
    let half = Int32(1) << (taps.precision - 1)
    unsafe line.withUnsafeBufferPointer { line in
      unsafe taps.weights.withUnsafeBufferPointer { weights in
        unsafe target.withUnsafeMutableBufferPointer { target in
          for x in 0..<size {
            let (first, base) = (taps.starts[x], x * taps.reach)
            var sum = half
            // Safe: `AntialiasTaps` keeps every tap inside the source, which is as long as the line.
            for k in 0..<taps.counts[x] { unsafe sum &+= Int32(line[first + k]) &* weights[base + k] }
            unsafe target[start + x] = Self.clamped(sum >> taps.precision)
          }
        }
      }
    }
  }

  private func lower(_ source: [UInt8]) -> [UInt8] {
    let taps = vertical
    let half = Int32(1) << (taps.precision - 1)
    var result = [UInt8](repeating: 0, count: size * size)
    var sums = [Int32](repeating: 0, count: size)
    unsafe source.withUnsafeBufferPointer { source in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe result.withUnsafeMutableBufferPointer { result in
          for y in 0..<size {
            for x in 0..<size { unsafe sums[x] = half }
            // Safe: every tap is a row of `source`, which has `canvas.rows` rows of `size` values.
            for k in 0..<taps.counts[y] {
              let (weight, start) = (taps.weights[y * taps.reach + k], (taps.starts[y] + k) * size)
              for x in 0..<size { unsafe sums[x] &+= Int32(source[start + x]) &* weight }
            }
            for x in 0..<size { unsafe result[y * size + x] = Self.clamped(sums[x] >> taps.precision) }
          }
        }
      }
    }
    return result
  }

  @inline(__always)
  private static func clamped(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(255, max(0, value))) }
}
