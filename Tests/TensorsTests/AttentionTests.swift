internal import Foundation
internal import Tensors
internal import Testing

/// Attention against softmax and sums in double precision.
@Suite struct AttentionTests {
  struct Extents: Sendable, CustomTestStringConvertible {
    let tokens: Int
    let heads: Int
    let headSize: Int

    var testDescription: String { "\(tokens) tokens, \(heads) heads of \(headSize)" }
  }

  // Around blocks of 64 queries and 132 keys, tiles of 6 keys, pairs and fours of values.
  static let extents = [
    Extents(tokens: 1, heads: 1, headSize: 1), Extents(tokens: 5, heads: 3, headSize: 7),
    Extents(tokens: 64, heads: 2, headSize: 72), Extents(tokens: 65, heads: 2, headSize: 64),
    Extents(tokens: 131, heads: 3, headSize: 18), Extents(tokens: 289, heads: 1, headSize: 72),
  ]

  @Test(arguments: extents, Precision.allCases)
  func `every token takes the softmax of its scores from the others`(extents: Extents, precision: Precision) {
    for kernels in KernelTests.kernels {
      let (projections, context) = attend(extents, precision, kernels, blocks: 24)
      let size = extents.heads * extents.headSize
      let tokens = rows(projections.values, columns: 3 * size)
      var expected = tokens.map { _ in [Double](repeating: 0, count: size) }
      for head in 0..<extents.heads {
        let columns = head * extents.headSize..<(head + 1) * extents.headSize
        let keys = tokens.map { Array($0[size + columns.lowerBound..<size + columns.upperBound]) }
        for (index, token) in tokens.enumerated() {
          let scores = keys.map { key in
            zip(token[columns], key).reduce(0) { $0 + $1.0 * $1.1 } / Double(extents.headSize).squareRoot()
          }
          for (weight, other) in zip(Reference.softmax(scores), tokens) {
            for column in columns { expected[index][column] += weight * other[2 * size + column] }
          }
        }
      }
      // Values are below 1. Weights and means are rounded to 2^-9 for bfloat16; 8-bit scores are off by up to a hundredth.
      let tolerance = precision == .fp32 ? 2e-6 : precision == .bf16 ? 8e-3 : 3e-2
      #expect(largestDifference(context.values, expected) < tolerance, "\(kernels.path)")
    }
  }

  @Test(arguments: Precision.allCases)
  func `paths agree to the bit, however keys are packed`(precision: Precision) {
    let fused = KernelTests.kernels.filter { $0.path != .portable }
    let results = fused.enumerated().map { index, kernels in
      attend(Self.extents[5], precision, kernels, blocks: [24, 70, 300][index % 3]).context.values.map(\.bitPattern)
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test func `one huge score takes everything`() {
    for kernels in KernelTests.kernels {
      for precision in Precision.allCases {
        // Queries, keys and values of heads of two values; token 1's key is far larger than the others'.
        let rows: [[Float]] = [[64, 0, 0, 0, 1, 2], [64, 0, 256, 0, 3, 4], [64, 0, 0, 0, 5, 6]]
        let context = attend(tokens: 3, precision, kernels) { rows[$0] }
        // Half a step of 8 bits, of which there are at least 106 up to the largest value, and what bfloat16 rounds off.
        let tolerance = precision == .int8 ? 4 * (0.5 / 106 + 0.5 / 256) + 0.01 : 0.0
        #expect(largestDifference(context, [[3, 4], [3, 4], [3, 4]]) <= tolerance, "\(precision), \(kernels.path)")
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func `many small weights keep their sum beside a large one`(precision: Precision) {
    for kernels in KernelTests.kernels {
      // Token 5 draws attention: its weight is more than 600 times that of each other token, and 8 bits have 254 steps.
      let context = attend(tokens: 264, precision, kernels) { token in
        [1, 0] + (token == 5 ? [9.0625, 0, 1, 0] : [0, 1, 0, 1])
      }
      let others = 263 / exp(9.0625 / 2.0.squareRoot())
      let expected = [1 / (1 + others), others / (1 + others)]
      let tolerance = precision == .fp32 ? 1e-5 : 1e-2
      #expect(
        largestDifference(context, [[Double]](repeating: expected, count: 264)) < tolerance, "\(kernels.path)")
    }
  }

  @Test(arguments: Precision.allCases, [0, 2, 4])
  func `what is not a number is not lost`(precision: Precision, column: Int) {
    for kernels in KernelTests.kernels {
      let context = attend(tokens: 9, precision, kernels) { token in
        (0..<6).map { token == 3 && $0 == column ? .nan : Float($0) - 2 }
      }
      #expect(context[6].isNaN, "\(kernels.path)")
    }
  }

  /// Attention of one head of two values over tokens whose query, key and value `row` gives.
  private func attend(
    tokens: Int, _ precision: Precision, _ kernels: Kernels, row: (Int) -> [Float]
  ) -> [Float] {
    let projections = Activations(rows: tokens, columns: 6, precision: precision.attentionPrecision)
    kernels.convert(Matrix(rows: tokens, columns: 6, values: (0..<tokens).flatMap(row)), into: projections)
    let heads = AttentionHeads(tokens: tokens, heads: 1, headSize: 2, precision: precision)
    kernels.pack(projections, rows: 0..<tokens, into: heads)
    let context = Activations(rows: tokens, columns: 2, precision: precision.attentionPrecision)
    let scratch = AttentionScratch(heads)
    for rows in WorkerTeam.blocks(of: AttentionHeads.queryBlockSize, in: tokens) {
      kernels.attend(projections, heads, head: 0, rows: rows, scratch: scratch, into: context)
    }
    return context.values
  }

  /// Attention of all heads over random tokens, whose keys are packed `blocks` tokens at a time.
  private func attend(
    _ extents: Extents, _ precision: Precision, _ kernels: Kernels, blocks: Int
  ) -> (projections: Activations, context: Activations) {
    let size = extents.heads * extents.headSize
    var noise = Noise(seed: 7)
    let projections = Activations(rows: extents.tokens, columns: 3 * size, precision: precision.attentionPrecision)
    kernels.convert(
      Matrix(rows: extents.tokens, columns: 3 * size, values: noise.floats(extents.tokens * 3 * size)),
      into: projections)
    let heads = AttentionHeads(
      tokens: extents.tokens, heads: extents.heads, headSize: extents.headSize, precision: precision)
    for rows in WorkerTeam.blocks(of: blocks, in: extents.tokens) {
      kernels.pack(projections, rows: rows, into: heads)
    }
    let context = Activations(rows: extents.tokens, columns: size, precision: precision.attentionPrecision)
    let scratch = AttentionScratch(heads)
    for head in 0..<extents.heads {
      for rows in WorkerTeam.blocks(of: AttentionHeads.queryBlockSize, in: extents.tokens) {
        kernels.attend(projections, heads, head: head, rows: rows, scratch: scratch, into: context)
      }
    }
    return (projections, context)
  }
}
