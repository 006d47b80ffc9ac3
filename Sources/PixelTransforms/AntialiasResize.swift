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
    var line = [UInt8](repeating: 0, count: frame.columns)
    var block = [UInt8](repeating: 0, count: canvas.columns * Self.lanes)
    for first in stride(from: 0, to: frame.rows, by: Self.lanes) {
      let count = min(Self.lanes, frame.rows - first)
      for lane in 0..<count {
        frame.look(up: table, row: first + lane, channel: channel, into: &line)
        Self.interleave(line, lane: lane, into: &block, from: canvas.left)
      }
      narrow(block, rows: count, into: &narrowed, at: (canvas.top + first) * size)
    }
    return lower(narrowed)
  }

  /// Rows that go through the first pass side by side.
  private static let lanes = 8

  private static func interleave(_ line: [UInt8], lane: Int, into block: inout [UInt8], from left: Int) {
    precondition((left + line.count) * lanes <= block.count)
    unsafe line.withUnsafeBufferPointer { line in
      unsafe block.withUnsafeMutableBufferPointer { block in
        // Safe: the precondition, and `lane` is below `lanes`.
        for x in 0..<line.count { unsafe block[(left + x) * lanes + lane] = line[x] }
      }
    }
  }

  /// The first pass over eight rows at once.
  ///
  /// A weight is taken apart into an upper part and 11 lower bits, so that all factors fit 16 bits: processors multiply
  /// many such pairs in one instruction, and few of 32 bits.
  private func narrow(_ block: [UInt8], rows: Int, into target: inout [UInt8], at start: Int) {
    let taps = horizontal
    let half = SIMD8<Int32>(repeating: 1 << (taps.precision - 1))
    precondition(block.count == canvas.columns * Self.lanes && start + rows * size <= target.count)
    unsafe block.withUnsafeBytes { block in
      unsafe taps.upper.withUnsafeBufferPointer { upper in
        unsafe taps.lower.withUnsafeBufferPointer { lower in
          unsafe target.withUnsafeMutableBufferPointer { target in
            for x in 0..<size {
              let (first, base) = (taps.starts[x], x * taps.reach)
              var (high, low) = (SIMD8<Int32>.zero, SIMD8<Int32>.zero)
              // Safe: `AntialiasTaps` keeps every tap inside the source, which is as long as the block.
              for k in 0..<taps.counts[x] {
                let bytes = unsafe block.loadUnaligned(fromByteOffset: (first + k) * Self.lanes, as: SIMD8<UInt8>.self)
                let values = SIMD8<Int32>(truncatingIfNeeded: bytes)
                unsafe high &+= values &* SIMD8(repeating: Int32(upper[base + k]))
                unsafe low &+= values &* SIMD8(repeating: Int32(lower[base + k]))
              }
              let sums = (half &+ (high &<< 11) &+ low) &>> taps.precision
              for row in 0..<rows { unsafe target[start + row * size + x] = Self.clamped(sums[row]) }
            }
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
              let (weight, start) = (taps.weight(y * taps.reach + k), (taps.starts[y] + k) * size)
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
