internal import Tensors
internal import Testing

@Suite struct MatrixProductTests {
  struct Extents: Sendable, CustomTestStringConvertible {
    let rows: Int
    let inner: Int
    let columns: Int

    var testDescription: String { "\(rows) x \(inner) x \(columns)" }
  }

  static let extents = [
    Extents(rows: 1, inner: 1, columns: 1), Extents(rows: 1, inner: 72, columns: 25),
    Extents(rows: 17, inner: 33, columns: 9), Extents(rows: 25, inner: 588, columns: 31),
    Extents(rows: 130, inner: 72, columns: 129),
  ]

  // Sums of `inner` products of values below 1, each rounded to 2^-24.
  static let tolerance = 2e-5

  @Test(arguments: extents)
  func `a linear layer agrees, with and without what was there`(extents: Extents) {
    var noise = Noise(seed: 5)
    let (a, b) = (noise.floats(extents.rows * extents.inner), noise.floats(extents.columns * extents.inner))
    let start = noise.floats(extents.rows * extents.columns)
    let weights = Weights(shape: [extents.columns, extents.inner], values: b)
    let input = Matrix(rows: extents.rows, columns: extents.inner, values: a)
    let product = Reference.product(
      rows(a, columns: extents.inner), Reference.transposed(rows(b, columns: extents.inner)))

    let output = Matrix(rows: extents.rows, columns: extents.columns, values: start)
    output.setProduct(input, transposed: weights, adding: true)
    let sum = zip(product, rows(start, columns: extents.columns)).map { zip($0, $1).map { $0 + $1 } }
    #expect(largestDifference(output.values, sum) < Self.tolerance)

    output.setProduct(input, transposed: weights)
    #expect(largestDifference(output.values, product) < Self.tolerance)
  }

  @Test(arguments: extents)
  func `scores and weighted means agree on parts of wider matrices`(extents: Extents) {
    var noise = Noise(seed: 6)
    let width = 3 * extents.inner
    let (a, b) = (noise.floats(extents.rows * width), noise.floats(extents.columns * width))
    let part = extents.inner..<2 * extents.inner
    let queries = Matrix(rows: extents.rows, columns: width, values: a).columns(part)
    let keys = Matrix(rows: extents.columns, columns: width, values: b).columns(part)
    let (left, right) = (
      rows(a, columns: width).map { Array($0[part]) }, rows(b, columns: width).map { Array($0[part]) }
    )

    let scores = Matrix(rows: extents.rows, columns: extents.columns)
    scores.setProduct(queries, transposed: keys, scale: 0.25)
    let expected = Reference.product(left, Reference.transposed(right)).map { $0.map { $0 / 4 } }
    #expect(largestDifference(scores.values, expected) < Self.tolerance)

    let means = Matrix(rows: extents.rows, columns: width)
    means.columns(part).setProduct(scores, keys)
    let weighted = Reference.product(rows(scores.values, columns: extents.columns), right)
    #expect(largestDifference(means.columns(part).values, weighted) < 2e-3)
    #expect(means.columns(0..<extents.inner).values.allSatisfy { $0 == 0 })
  }
}
