internal import Foundation
internal import Tensors
internal import Testing

/// Kernels that work on rows, on every path that this processor has, at widths around the sixteen values of a vector.
@Suite struct KernelTests {
  static let widths = [1, 2, 15, 16, 17, 31, 33, 72, 333]
  static let kernels = KernelPath.allCases.filter(\.isSupported).map(Kernels.init)

  @Test(arguments: widths)
  func `softmax agrees and adds up to one`(width: Int) {
    var noise = Noise(seed: 1)
    let values = noise.floats(3 * width, scale: 12)
    let expected = rows(values, columns: width).map(Reference.softmax)
    for kernels in Self.kernels {
      let matrix = Matrix(rows: 3, columns: width, values: values)
      kernels.softmax(matrix)
      for (value, reference) in zip(matrix.values, expected.flatMap { $0 }) {
        // Rounding of the argument, up to 35, and of the exponential.
        #expect(abs(Double(value) / reference - 1) < 5e-6)
      }
      for row in rows(matrix.values, columns: width) { #expect(abs(row.reduce(0, +) - 1) < 1e-6) }
    }
  }

  @Test func `softmax holds over the whole range of floats`() {
    for kernels in Self.kernels {
      let matrix = Matrix(rows: 2, columns: 3, values: [3e38, 0, -3e38, -1e30, -1e30, -1e30])
      kernels.softmax(matrix)
      let values = matrix.values
      #expect(values[0] == 1 && values[1] < 1e-37 && values[2] < 1e-37)
      #expect(values[3...].allSatisfy { abs($0 - 1 / 3) < 1e-7 })
    }
  }

  @Test func `the exponential is exact to seven digits`() {
    // softmax of [0, -x] is 1 / (1 + e^-x) and e^-x / (1 + e^-x): their quotient is the exponential.
    for kernels in Self.kernels {
      for step in 0...2_000 {
        let x = Float(step) * 0.04
        let matrix = Matrix(rows: 1, columns: 2, values: [0, -x])
        kernels.softmax(matrix)
        let quotient = Double(matrix.values[1]) / Double(matrix.values[0])
        // The argument is rounded once on its way to a power of two.
        #expect(abs(quotient / exp(-Double(x)) - 1) < 3e-7 + Double(x) * 0x1p-23, "e^-\(x)")
      }
    }
  }

  @Test(arguments: widths)
  func `layer normalisation agrees, also far from zero`(width: Int) {
    var noise = Noise(seed: 3)
    let values = noise.floats(width, scale: 2) + noise.floats(width, scale: 3).map { $0 + 50 }
    let (gamma, beta) = (noise.floats(width), noise.floats(width))
    let matrix = Matrix(rows: 2, columns: width, values: values)
    let expected = rows(values, columns: width).map {
      Reference.layerNorm($0, gamma: gamma.map(Double.init), beta: beta.map(Double.init), epsilon: 1e-6)
    }
    for kernels in Self.kernels {
      for precision in Precision.allCases {
        let output = Activations(rows: 2, columns: width, precision: precision)
        kernels.normalize(
          matrix, gamma: Weights(shape: [width], values: gamma), beta: Weights(shape: [width], values: beta),
          epsilon: 1e-6, into: output)
        // At 50 ± 3 the mean is known to 4e-6, and deviations are divided by a spread of about 1. The largest value of a row
        // is rounded to eight bits of bfloat16 or stands for the 127th step.
        let largest = expected.flatMap { $0 }.map(abs).max() ?? 0
        let step = precision == .fp32 ? 0 : precision == .bf16 ? largest / 256 : largest / 254
        #expect(largestDifference(output.values, expected) < 2e-5 + 1.001 * step, "\(precision), \(kernels.path)")
      }
    }
  }

  @Test(arguments: widths, [Activations.Zero.middle, .belowGELU])
  func `rows become 8-bit integers within half a step`(width: Int, zero: Activations.Zero) {
    var noise = Noise(seed: 8)
    let values = noise.floats(3 * width, scale: 5).enumerated().map { index, value in
      // A row of zeros, and rows that a GELU could have left.
      index < width ? 0 : zero == .middle ? value : max(value, -0.17)
    }
    let matrix = Matrix(rows: 3, columns: width, values: values)
    for kernels in Self.kernels {
      let rounded = Activations(rows: 3, columns: width, precision: .bf16)
      kernels.convert(matrix, into: rounded)
      for (value, original) in zip(rounded.values, values) { #expect(abs(value - original) <= abs(original) / 256) }
      let output = Activations(rows: 3, columns: width, precision: .int8, zero: zero)
      kernels.quantize(rounded, into: output)
      for row in 0..<3 {
        let range = row * width..<(row + 1) * width
        let source = rounded.values[range]
        let largest = source.map(abs).max() ?? 0
        let step = zero == .middle ? largest / 127 : (max(0, source.max() ?? 0) + Activations.geluShift) / 255
        for (value, original) in zip(output.values[range], source) {
          #expect(abs(value - original) <= step * 0.5001 + 1e-6, "\(kernels.path)")
        }
      }
    }
  }

  @Test func `NaN is not hidden`() {
    for kernels in Self.kernels {
      let matrix = Matrix(rows: 1, columns: 20, values: [.nan] + [Float](repeating: 0, count: 19))
      let rounded = Activations(rows: 1, columns: 20, precision: .bf16)
      kernels.convert(matrix, into: rounded)
      #expect(rounded.values[0].isNaN && rounded.values[1] == 0)
      let output = Activations(rows: 1, columns: 20, precision: .int8)
      kernels.quantize(rounded, into: output)
      #expect(output.values.allSatisfy { $0.isNaN })
      kernels.softmax(matrix)
      #expect(matrix.values.allSatisfy { $0.isNaN })
    }
  }

  @Test(arguments: widths)
  func `rows are added, gathered and turned`(width: Int) {
    var noise = Noise(seed: 4)
    let table = noise.floats(3 * width)
    let source = Weights(shape: [3, width], values: table)
    for kernels in Self.kernels {
      let matrix = Matrix(rows: 2, columns: width)
      matrix.gatherRows([2, 0], of: source)
      #expect(matrix.values == Array(table[(2 * width)...]) + table[..<width])
      kernels.add(source.part(1..<3), to: matrix)
      let sums = zip(Array(table[(2 * width)...]) + table[..<width], table[width...]).map { $0 + $1 }
      #expect(matrix.values == sums)
      let turned = matrix.transposed(scaledBy: 2)
      for (index, value) in turned.values.enumerated() { #expect(value == 2 * sums[index % 2 * width + index / 2]) }
    }
  }
}
