internal import Foundation
internal import SigLIP
internal import Tensors
internal import Testing

/// Maps of what moved a score, against PyTorch's autograd (`make_fixtures.py relevance`) and against finite differences.
@Suite struct RelevanceTests {
  let expected: SafetensorsFile

  init() throws {
    expected = try SafetensorsFile(path: SmallCheckpoint.fixtures + "/relevance.safetensors")
  }

  private func directions() throws -> [[Float]] {
    try (0..<2).map { try expected.row($0, of: "directions").values }
  }

  private func recorded(_ name: String, count: Int) throws -> [Float] {
    try (0..<count).map { try expected.row($0, of: name).values[0] }
  }

  @Test(arguments: [SmallCheckpoint.imageSize, 448], [[1], [0], [0, 1]])
  func `the closed form gives the gradient of autograd, for any layer and image size`(
    side: Int, layers: [Int]
  ) throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory, imageSize: side)
    let explained = try model.explainedEmbedding(SeededValues.image(side: side), threads: 2, layers: layers) { _ in
      try directions()
    }
    for (index, map) in explained.relevance.enumerated() {
      #expect(map.gridSize == side / 14)
      let parts = try layers.map { try recorded("relevance.\(side).\($0).\(index)", count: map.values.count) }
      let reference = map.values.indices.map { token in parts.reduce(Float(0)) { $0 + $1[token] } }
      let largest = try #require(reference.max())
      // Both sum in 32-bit floats, in different orders.
      let difference = zip(map.values, reference).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= 2e-4 * largest, "direction \(index): \(difference) of \(largest)")
    }
  }

  @Test func `the closed form gives the gradient of finite differences`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let image = SeededValues.image(side: SmallCheckpoint.imageSize)
    let state = try #require(try model.imageStates(image)[.layer(1)])
    let direction = try directions()[0]
    let head = ReferenceHead(tokens: state)
    let step = 1e-4
    var reference = [Double](repeating: 0, count: head.tokenCount)
    for index in 0..<4 {
      for token in 0..<head.tokenCount {
        var (more, less) = (head.probabilities, head.probabilities)
        more[index][token] += step
        less[index][token] -= step
        let slope = (head.cosine(more, direction) - head.cosine(less, direction)) / (2 * step)
        reference[token] += max(0, head.probabilities[index][token] * slope) / 4
      }
    }
    let map = try model.explainedEmbedding(image) { _ in [direction] }.relevance[0]
    let largest = try #require(reference.max())
    #expect(largest > 0)
    for (value, slow) in zip(map.values, reference) { #expect(abs(Double(value) - slow) < 1e-3 * largest) }
  }

  @Test(arguments: [Precision.fp32, .bf16, .int8])
  func `maps and embeddings have the same bits for any number of threads, in every precision`(
    precision: Precision
  ) throws {
    let checkpoint = try SmallCheckpoint()
    // 17 x 17 patches make two blocks of rows.
    let model = try SigLIPModel(directory: checkpoint.directory, imageSize: 238, precision: precision)
    let image = SeededValues.image(side: 238)
    let alone = try model.explainedEmbedding(image) { _ in try directions() }
    #expect(alone.embedding == (try model.imageEmbedding(image)))
    #expect(alone.relevance.count == 2 && alone.relevance[0] != alone.relevance[1])
    #expect(alone.relevance.allSatisfy { $0.values.allSatisfy { $0 >= 0 } && $0.values.contains { $0 > 0 } })
    for threads in [2, 3, 7] {
      let together = try model.explainedEmbedding(image, threads: threads) { _ in try directions() }
      #expect(together.embedding == alone.embedding)
      #expect(together.relevance == alone.relevance)
    }
    // One direction alone has the map that it has among others.
    let second = try directions()[1]
    #expect(try model.explainedEmbedding(image) { _ in [second] }.relevance == [alone.relevance[1]])
  }

  @Test func `directions are chosen when the embedding is known, and none costs no map`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    let image = SeededValues.image(side: SmallCheckpoint.imageSize)
    let embedding = try model.imageEmbedding(image)
    let explained = try model.explainedEmbedding(image) { known in
      #expect(known == embedding)
      return []
    }
    #expect(explained.embedding == embedding && explained.relevance.isEmpty)
    struct Refusal: Error {}
    #expect(throws: Refusal.self) { try model.explainedEmbedding(image) { _ in throw Refusal() } }
  }
}

/// The pooling head in double precision, straight from its definition, with probabilities that can be moved one by one.
private struct ReferenceHead {
  let tokenCount: Int
  let probabilities: [[Double]]
  private let values: [[Double]]
  private static let (size, heads, headSize) = (288, 4, 72)

  init(tokens state: Tensor) {
    tokenCount = state.shape[0]
    let name = "vision_model.head.attention."
    let tokens = (0..<state.shape[0]).map { row in
      Self.norm(state.values[row * Self.size..<(row + 1) * Self.size].map(Double.init), "vision_model.post_layernorm")
    }
    let probe = SeededValues.weight("vision_model.head.probe", [1, 1, Self.size]).map(Double.init)
    let projected = { (input: [Double]) in
      Self.linear(input, name + "in_proj_weight", name + "in_proj_bias", 3 * Self.size)
    }
    let query = projected(probe)
    let rows = tokens.map(projected)
    values = rows.map { Array($0[2 * Self.size..<3 * Self.size]) }
    probabilities = (0..<Self.heads).map { head in
      let range = head * Self.headSize..<(head + 1) * Self.headSize
      let scores = rows.map { row in
        range.reduce(0.0) { $0 + query[$1] * row[Self.size + $1] } / Double(Self.headSize).squareRoot()
      }
      let largest = scores.max() ?? 0
      let powers = scores.map { exp($0 - largest) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
  }

  func cosine(_ probabilities: [[Double]], _ direction: [Float]) -> Double {
    let context = (0..<Self.size).map { place in
      (0..<tokenCount).reduce(0.0) { $0 + probabilities[place / Self.headSize][$1] * values[$1][place] }
    }
    let name = "vision_model.head."
    let answer = Self.linear(
      context, name + "attention.out_proj.weight", name + "attention.out_proj.bias", Self.size)
    let inner = Self.linear(Self.norm(answer, name + "layernorm"), name + "mlp.fc1.weight", name + "mlp.fc1.bias", 333)
      .map { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
    let branch = Self.linear(inner, name + "mlp.fc2.weight", name + "mlp.fc2.bias", Self.size)
    let embedding = zip(answer, branch).map { $0 + $1 }
    let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return zip(embedding, direction).reduce(0) { $0 + $1.0 * Double($1.1) } / length
  }

  /// Drawn weights, once each: the same names are asked for again and again.
  private static let weights: [String: [Double]] = {
    let name = "vision_model.head."
    let shapes: [(String, [Int])] = [
      ("attention.in_proj_weight", [864, 288]), ("attention.in_proj_bias", [864]),
      ("attention.out_proj.weight", [288, 288]), ("attention.out_proj.bias", [288]), ("layernorm.weight", [288]),
      ("layernorm.bias", [288]), ("mlp.fc1.weight", [333, 288]), ("mlp.fc1.bias", [333]),
      ("mlp.fc2.weight", [288, 333]), ("mlp.fc2.bias", [288]),
    ]
    var weights = Dictionary(
      uniqueKeysWithValues: shapes.map { (name + $0, SeededValues.weight(name + $0, $1).map(Double.init)) })
    for suffix in ["weight", "bias"] {
      let name = "vision_model.post_layernorm.\(suffix)"
      weights[name] = SeededValues.weight(name, [288]).map(Double.init)
    }
    return weights
  }()

  private static func linear(_ input: [Double], _ weight: String, _ bias: String, _ outputs: Int) -> [Double] {
    let (weight, bias) = (weights[weight] ?? [], weights[bias] ?? [])
    return (0..<outputs).map { row in
      input.indices.reduce(bias[row]) { $0 + weight[row * input.count + $1] * input[$1] }
    }
  }

  private static func norm(_ input: [Double], _ name: String) -> [Double] {
    let (gamma, beta) = (weights[name + ".weight"] ?? [], weights[name + ".bias"] ?? [])
    let mean = input.reduce(0, +) / Double(input.count)
    let variance = input.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(input.count)
    return input.indices.map { gamma[$0] * (input[$0] - mean) / (variance + 1e-6).squareRoot() + beta[$0] }
  }
}
