/// The filters of Pillow and torchvision that grow with the factor by which an image shrinks, which is the antialias.
enum AntialiasFilter: String, Sendable {
  case bilinear
  case bicubic

  /// How far the filter reaches on either side, in source pixels at scale 1.
  fileprivate var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The weight at a distance from the centre; the cubic is Keys' with a = -1/2 (IEEE Trans ASSP 1981;29:1153).
  fileprivate func weight(at distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return x < 1 ? 1 - x : 0
    case .bicubic:
      if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
    }
  }
}

/// Whose integers the weights become.
enum FixedPoint: String, Sendable {
  /// 22 bits behind the binary point, whatever the weights (Pillow, `Resample.c`).
  case pillow
  /// As many bits as keep the greatest weight below 2¹⁵ (PyTorch's 8-bit kernels).
  case torch
}

/// The weights of one direction as integers: output i = Σ source[start(i) + k] · weight(i, k), shifted down by `precision`.
struct AntialiasTaps: Sendable {
  let starts: [Int]
  let counts: [Int]
  /// The weights of output i from `i · reach` on: `2¹¹ · upper + lower`.
  let upper: [Int16]
  /// 0 to 2¹¹ − 1.
  let lower: [Int16]
  let reach: Int
  let precision: Int32

  /// - Parameters:
  ///   - from: Extent of the source, at least 1. An equal `to` copies.
  ///   - to: Extent of the result.
  init(_ filter: AntialiasFilter, _ arithmetic: FixedPoint, from: Int, to: Int) {
    let scale = Double(from) / Double(to)
    let stretch = max(1, scale)
    let support = filter.support * stretch
    let inverse = 1 / stretch
    var (starts, rows): ([Int], [[Double]]) = ([], [])
    for index in 0..<to {
      guard from != to else {
        starts.append(index)
        rows.append([1])
        continue
      }
      let center = (Double(index) + 0.5) * scale
      let low = max(0, Int(center - support + 0.5))
      let high = min(from, Int(center + support + 0.5))
      let row = (low..<high).map { filter.weight(at: (Double($0 - low) + Double(low) - center + 0.5) * inverse) }
      let sum = row.reduce(0, +)
      starts.append(low)
      rows.append(row.map { $0 / sum })
    }
    precision = arithmetic.precision(greatest: rows.lazy.joined().max() ?? 1)
    let one = Double(1 << precision)
    reach = rows.map(\.count).max() ?? 0
    var weights = [Int32](repeating: 0, count: to * reach)
    for (index, row) in rows.enumerated() {
      for (k, weight) in row.enumerated() {
        weights[index * reach + k] = Int32(weight < 0 ? weight * one - 0.5 : weight * one + 0.5)
      }
    }
    (self.starts, counts) = (starts, rows.map(\.count))
    // A weight of 22 bits and overshoot is below 2²³, so that both parts fit.
    upper = weights.map { Int16($0 >> 11) }
    lower = weights.map { Int16($0 & 0x7FF) }
  }
}

extension AntialiasTaps {
  /// The taps for as long as a loop over many outputs runs.
  func withWeights(_ body: (borrowing AntialiasWeights) -> Void) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe upper.withUnsafeBufferPointer { upper in
          unsafe lower.withUnsafeBufferPointer { lower in
            body(
              unsafe AntialiasWeights(
                starts: starts, counts: counts, upper: upper, lower: lower, reach: reach, precision: precision))
          }
        }
      }
    }
  }
}

/// Pointers into ``AntialiasTaps``; only for the duration of its `withWeights`, which is why it cannot be copied.
@safe
struct AntialiasWeights: ~Copyable {
  private let starts, counts: UnsafeBufferPointer<Int>
  private let upper, lower: UnsafeBufferPointer<Int16>
  private let reach: Int
  private let precision: Int32

  fileprivate init(
    starts: UnsafeBufferPointer<Int>, counts: UnsafeBufferPointer<Int>, upper: UnsafeBufferPointer<Int16>,
    lower: UnsafeBufferPointer<Int16>, reach: Int, precision: Int32
  ) {
    unsafe (self.starts, self.counts) = unsafe (starts, counts)
    unsafe (self.upper, self.lower) = unsafe (upper, lower)
    (self.reach, self.precision) = (reach, precision)
  }

  /// One output for eight neighbouring bytes, rounded and shifted down: tap t lies `t · step` bytes behind `offset`.
  ///
  /// A weight is taken apart into an upper part and 11 lower bits, so that all factors fit 16 bits: processors multiply
  /// many such pairs in one instruction, and few of 32 bits. The sum is the same integer.
  @inline(__always)
  @unsafe func sums(
    of bytes: UnsafeRawBufferPointer, from offset: Int, step: Int, output index: Int
  ) -> SIMD8<Int32> {
    let (first, base) = unsafe (starts[index], index * reach)
    var (high, low) = (SIMD8<Int32>.zero, SIMD8<Int32>.zero)
    for k in unsafe 0..<counts[index] {
      let eight = unsafe bytes.loadUnaligned(fromByteOffset: offset + (first + k) * step, as: SIMD8<UInt8>.self)
      let values = SIMD8<Int32>(truncatingIfNeeded: eight)
      unsafe high &+= values &* SIMD8(repeating: Int32(upper[base + k]))
      unsafe low &+= values &* SIMD8(repeating: Int32(lower[base + k]))
    }
    return ((high &<< 11) &+ low &+ SIMD8(repeating: 1 << (precision - 1))) &>> SIMD8(repeating: precision)
  }
}

extension FixedPoint {
  fileprivate func precision(greatest weight: Double) -> Int32 {
    switch self {
    case .pillow: return 22
    case .torch:
      var precision: Int32 = 0
      while precision < 22, Int(0.5 + weight * Double(1 << (precision + 1))) < 1 << 15 { precision += 1 }
      return precision
    }
  }
}
