internal import Foundation

/// Slow, obvious kernels in double precision, beside which the fast ones are held.
enum Reference {
  typealias Rows = [[Double]]

  static func product(_ a: Rows, _ b: Rows) -> Rows {
    a.map { row in b[0].indices.map { column in row.indices.reduce(0) { $0 + row[$1] * b[$1][column] } } }
  }

  static func transposed(_ a: Rows) -> Rows { a[0].indices.map { column in a.map { $0[column] } } }

  static func softmax(_ row: [Double]) -> [Double] {
    let peak = row.max() ?? 0
    let powers = row.map { exp($0 - peak) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  static func layerNorm(_ row: [Double], gamma: [Double], beta: [Double], epsilon: Double) -> [Double] {
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    return row.indices.map { (row[$0] - mean) / (variance + epsilon).squareRoot() * gamma[$0] + beta[$0] }
  }

  static func gelu(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }
}

/// Repeatable values without structure (a linear congruential generator, Knuth's constants).
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// `count` values in -scale..<scale.
  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Float(state >> 40) * 0x1p-23 - 1) * scale
    }
  }
}

/// `values` as rows of `columns` doubles.
func rows(_ values: [Float], columns: Int) -> [[Double]] {
  stride(from: 0, to: values.count, by: columns).map { start in
    values[start..<start + columns].map(Double.init)
  }
}

/// The largest distance between `values` and `reference`, taken as one list.
func largestDifference(_ values: [Float], _ reference: [[Double]]) -> Double {
  let flat = reference.flatMap { $0 }
  guard flat.count == values.count else { return .infinity }
  return zip(values, flat).map { abs(Double($0) - $1) }.max() ?? 0
}
