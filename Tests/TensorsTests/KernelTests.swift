internal import Foundation
internal import Tensors
internal import Testing

/// Each kernel against its reference, at widths around the sixteen values it works on at a time.
@Suite struct KernelTests {
  static let widths = [1, 2, 15, 16, 17, 31, 33, 72, 333]

  @Test(arguments: widths)
  func `softmax agrees and adds up to one`(width: Int) {
    var noise = Noise(seed: 1)
    let values = noise.floats(3 * width, scale: 12)
    let matrix = Matrix(rows: 3, columns: width, values: values)
    matrix.applySoftmax()
    let expected = rows(values, columns: width).map(Reference.softmax)
    for (value, reference) in zip(matrix.values, expected.flatMap { $0 }) {
      // Rounding of the argument, up to 24, and of the exponential.
      #expect(abs(Double(value) / reference - 1) < 3e-6)
    }
    for row in rows(matrix.values, columns: width) { #expect(abs(row.reduce(0, +) - 1) < 1e-6) }
  }

  @Test func `softmax holds over the whole range of floats`() {
    let matrix = Matrix(rows: 2, columns: 3, values: [3e38, 0, -3e38, -1e30, -1e30, -1e30])
    matrix.applySoftmax()
    let values = matrix.values
    #expect(values[0] == 1 && values[1] < 1e-37 && values[2] < 1e-37)
    #expect(values[3...].allSatisfy { abs($0 - 1 / 3) < 1e-7 })
  }

  @Test func `the exponential is exact to seven digits`() {
    // softmax of [0, -x] is 1 / (1 + e^-x) and e^-x / (1 + e^-x): their quotient is the exponential.
    for step in 0...8_000 {
      let x = Float(step) * 0.01
      let matrix = Matrix(rows: 1, columns: 2, values: [0, -x])
      matrix.applySoftmax()
      let quotient = Double(matrix.values[1]) / Double(matrix.values[0])
      #expect(abs(quotient / exp(-Double(x)) - 1) < 6e-7, "e^-\(x)")
    }
  }

  @Test func `NaN is not hidden`() {
    let matrix = Matrix(rows: 1, columns: 20, values: [.nan] + [Float](repeating: 0, count: 19))
    matrix.applySoftmax()
    #expect(matrix.values[0].isNaN)
    let gelu = Matrix(rows: 1, columns: 2, values: [.nan, 1])
    gelu.applyGELU(bias: Weights(shape: [2], values: [0, 0]))
    #expect(gelu.values[0].isNaN && !gelu.values[1].isNaN)
  }

  @Test(arguments: widths)
  func `GELU agrees and adds the bias first`(width: Int) {
    var noise = Noise(seed: 2)
    let (values, bias) = (noise.floats(2 * width, scale: 8), noise.floats(width))
    let matrix = Matrix(rows: 2, columns: width, values: values)
    matrix.applyGELU(bias: Weights(shape: [width], values: bias))
    let expected = rows(values, columns: width).map { row in
      zip(row, bias).map { Reference.gelu($0 + Double($1)) }
    }
    #expect(largestDifference(matrix.values, expected) < 2e-6)
  }

  @Test func `GELU is the identity far to the right and zero far to the left`() {
    let matrix = Matrix(rows: 1, columns: 4, values: [1e6, 40, -40, -1e6])
    matrix.applyGELU(bias: Weights(shape: [4], values: [0, 0, 0, 0]))
    #expect(matrix.values.prefix(2) == [1e6, 40])
    #expect(matrix.values.suffix(2).allSatisfy { abs($0) < 1e-30 })
  }

  @Test(arguments: widths)
  func `layer normalisation agrees, also far from zero and in place`(width: Int) {
    var noise = Noise(seed: 3)
    let values = noise.floats(width, scale: 2) + noise.floats(width, scale: 3).map { $0 + 50 }
    let (gamma, beta) = (noise.floats(width), noise.floats(width))
    let matrix = Matrix(rows: 2, columns: width, values: values)
    matrix.setLayerNorm(
      of: matrix, gamma: Weights(shape: [width], values: gamma), beta: Weights(shape: [width], values: beta),
      epsilon: 1e-6)
    let expected = rows(values, columns: width).map {
      Reference.layerNorm($0, gamma: gamma.map(Double.init), beta: beta.map(Double.init), epsilon: 1e-6)
    }
    // At 50 ± 3 the mean is known to 4e-6, and deviations are divided by a spread of about 1.
    #expect(largestDifference(matrix.values, expected) < 2e-5)
  }

  @Test(arguments: widths)
  func `rows are filled, added to and gathered`(width: Int) {
    var noise = Noise(seed: 4)
    let (vector, table) = (noise.floats(width), noise.floats(3 * width))
    let matrix = Matrix(rows: 2, columns: width)
    matrix.fillRows(with: Weights(shape: [width], values: vector))
    #expect(matrix.values == vector + vector)
    matrix.addToRows(Weights(shape: [width], values: vector))
    #expect(matrix.values == (vector + vector).map { 2 * $0 })
    let source = Weights(shape: [3, width], values: table)
    matrix.gatherRows([2, 0], of: source)
    #expect(matrix.values == Array(table[(2 * width)...]) + table[..<width])
    matrix.add(source.part(1..<3))
    let sums = zip(Array(table[(2 * width)...]) + table[..<width], table[width...]).map { $0 + $1 }
    #expect(matrix.values == sums)
  }

  @Test func `a part of a matrix leaves the rest alone`() {
    let matrix = Matrix(rows: 4, columns: 40)
    matrix.rows(1..<3).columns(5..<23).fillRows(with: Weights(shape: [18], values: [Float](repeating: 1, count: 18)))
    for (index, value) in matrix.values.enumerated() {
      let inside = (1..<3).contains(index / 40) && (5..<23).contains(index % 40)
      #expect(value == (inside ? 1 : 0))
    }
  }
}
