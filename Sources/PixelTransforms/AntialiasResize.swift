/// The two-pass resize of Pillow and torchvision on 8-bit values: rows first, the result rounded to 8 bits, then columns.
///
/// Both round by adding one half before the shift and cut what leaves `0...255`. Sums fit 32 bits: weights that add up to 1
/// in 22 bits, cubic overshoot included, times 255 stay below 2³¹.
struct AntialiasResize: Sendable {
  let canvas: FramePlacement
  let size: Int
  private let horizontal: AntialiasTaps
  private let vertical: AntialiasTaps

  init(_ filter: AntialiasFilter, _ arithmetic: FixedPoint, canvas: FramePlacement, size: Int) {
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
    // Rows in the padding stay 0, which is also what resizing them would give. Behind the last row there is room for the
    // lanes of its last columns.
    var narrowed = [UInt8](repeating: 0, count: canvas.rows * size + Self.lanes)
    // Eight rows side by side: row r of column x at `8 x + r`.
    var block = [UInt8](repeating: 0, count: canvas.columns * Self.lanes)
    for first in stride(from: 0, to: frame.rows, by: Self.lanes) {
      let count = min(Self.lanes, frame.rows - first)
      for lane in 0..<count {
        frame.look(
          up: table, row: first + lane, channel: channel, into: &block, at: canvas.left * Self.lanes + lane,
          every: Self.lanes)
      }
      narrow(block, rows: count, into: &narrowed, at: (canvas.top + first) * size)
    }
    return lower(narrowed)
  }

  /// Values that are weighed side by side: rows in the first pass, columns in the second.
  private static let lanes = 8

  private func narrow(_ block: [UInt8], rows: Int, into target: inout [UInt8], at start: Int) {
    precondition(block.count == canvas.columns * Self.lanes && start + rows * size <= target.count)
    horizontal.withWeights { weights in
      unsafe block.withUnsafeBytes { block in
        unsafe target.withUnsafeMutableBufferPointer { target in
          for x in 0..<size {
            // Safe: every tap is a column of the block.
            let sums = unsafe weights.sums(of: block, from: 0, step: Self.lanes, output: x)
            for row in 0..<rows { unsafe target[start + row * size + x] = Self.clamped(sums[row]) }
          }
        }
      }
    }
  }

  private func lower(_ source: [UInt8]) -> [UInt8] {
    precondition(source.count >= canvas.rows * size + Self.lanes)
    var result = [UInt8](repeating: 0, count: size * size)
    vertical.withWeights { weights in
      unsafe source.withUnsafeBytes { source in
        unsafe result.withUnsafeMutableBufferPointer { result in
          for y in 0..<size {
            for x in stride(from: 0, to: size, by: Self.lanes) {
              // Safe: every tap is a row of the source, and eight bytes follow the last one.
              let sums = unsafe weights.sums(of: source, from: x, step: size, output: y)
              for lane in 0..<min(Self.lanes, size - x) {
                unsafe result[y * size + x + lane] = Self.clamped(sums[lane])
              }
            }
          }
        }
      }
    }
    return result
  }

  @inline(__always)
  private static func clamped(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(255, max(0, value))) }
}
