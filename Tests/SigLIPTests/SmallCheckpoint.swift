internal import Foundation
internal import Tensors
internal import TestSupport

/// A SigLIP checkpoint in a directory of its own, whose weights `make_fixtures.py` draws from the same generator.
///
/// Sizes are odd on purpose: head size 72, intermediate sizes no multiple of 16, an image with pixels left over.
final class SmallCheckpoint {
  static let imageSize = 73
  static let fixtures = PackageRoot.path("Tests/SigLIPTests/Fixtures")

  let directory: String
  let tensors: [StoredTensor]

  /// Writes the checkpoint; `change` may spoil or add tensors first.
  init(
    storedAs type: StoredTensor.FloatType = .float32, shardCount: Int = 1,
    change: (inout [StoredTensor]) -> Void = { _ in }
  ) throws {
    directory = NSTemporaryDirectory() + "bucky-siglip-\(UUID().uuidString)"
    var tensors = Self.drawn[type] ?? []
    change(&tensors)
    self.tensors = tensors
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try write("config.json", Self.configuration)
    try FileManager.default.copyItem(
      atPath: Self.fixtures + "/small.spiece.model", toPath: directory + "/spiece.model")
    try writeWeights(shardCount: shardCount)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: directory + "/" + name))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: directory + "/" + name)
  }

  private func writeWeights(shardCount: Int) throws {
    guard shardCount > 1 else {
      try StoredTensor.file(tensors).write(to: URL(filePath: directory + "/model.safetensors"))
      return
    }
    var map: [String: String] = [:]
    for shard in 0..<shardCount {
      let name = "model-0000\(shard + 1)-of-0000\(shardCount).safetensors"
      let part = tensors.enumerated().filter { $0.offset % shardCount == shard }.map(\.element)
      try StoredTensor.file(part).write(to: URL(filePath: directory + "/" + name))
      for tensor in part { map[tensor.name] = name }
    }
    try JSONEncoder().encode(["weight_map": map])
      .write(to: URL(filePath: directory + "/model.safetensors.index.json"))
  }

  static let configuration = """
    {"model_type": "siglip",
     "text_config": {"hidden_size": 288, "num_attention_heads": 4, "num_hidden_layers": 2, "intermediate_size": 345,
                     "vocab_size": 352, "max_position_embeddings": 16},
     "vision_config": {"hidden_size": 288, "num_attention_heads": 4, "num_hidden_layers": 2, "intermediate_size": 333,
                       "image_size": 73, "patch_size": 14}}
    """

  /// The weights in every stored type, drawn once.
  private static let drawn: [StoredTensor.FloatType: [StoredTensor]] = {
    let values = shapes().map { name, shape in (name, shape, SeededValues.weight(name, shape)) }
    return Dictionary(
      uniqueKeysWithValues: StoredTensor.FloatType.allCases.map { type in
        (type, values.map { StoredTensor(name: $0, shape: $1, floats: $2, type: type) })
      })
  }()

  /// Every tensor with its shape, as `SiglipModel` names them.
  private static func shapes() -> [(String, [Int])] {
    func linear(_ name: String, _ output: Int, _ input: [Int]) -> [(String, [Int])] {
      [(name + ".weight", [output] + input), (name + ".bias", [output])]
    }
    func norm(_ name: String) -> [(String, [Int])] { [(name + ".weight", [288]), (name + ".bias", [288])] }
    func perceptron(_ name: String, _ size: Int) -> [(String, [Int])] {
      linear(name + ".fc1", size, [288]) + linear(name + ".fc2", 288, [size])
    }
    func tower(_ name: String, _ size: Int) -> [(String, [Int])] {
      (0..<2).flatMap { index in
        let layer = "\(name).encoder.layers.\(index)"
        let attention = ["k", "v", "q", "out"].flatMap { linear("\(layer).self_attn.\($0)_proj", 288, [288]) }
        return norm(layer + ".layer_norm1") + attention + norm(layer + ".layer_norm2")
          + perceptron(layer + ".mlp", size)
      }
    }
    let head = "vision_model.head"
    let vision =
      linear("vision_model.embeddings.patch_embedding", 288, [3, 14, 14])
      + [("vision_model.embeddings.position_embedding.weight", [25, 288])] + tower("vision_model", 333)
      + norm("vision_model.post_layernorm")
      + [(head + ".probe", [1, 1, 288]), (head + ".attention.in_proj_weight", [864, 288])]
      + [(head + ".attention.in_proj_bias", [864])] + linear(head + ".attention.out_proj", 288, [288])
      + norm(head + ".layernorm") + perceptron(head + ".mlp", 333)
    let text =
      [("text_model.embeddings.token_embedding.weight", [352, 288])]
      + [("text_model.embeddings.position_embedding.weight", [16, 288])] + tower("text_model", 345)
      + norm("text_model.final_layer_norm") + linear("text_model.head", 288, [288])
    return vision + text + [("logit_scale", [1]), ("logit_bias", [1])]
  }
}

/// The generator of `make_fixtures.py`.
enum SeededValues {
  /// `count` floats in [-1, 1): SplitMix64 (Steele et al. 2014), seeded with the FNV-1a hash of `name`.
  static func uniform(_ name: String, count: Int) -> [Float] {
    var state: UInt64 = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return (0..<count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      return Float(Int64(z >> 40) - (1 << 23)) * 0x1p-23
    }
  }

  static func image(side: Int) -> Tensor {
    Tensor(shape: [3, side, side], values: uniform("image \(side)", count: 3 * side * side))
  }

  static func weight(_ name: String, _ shape: [Int]) -> [Float] {
    let values = uniform(name, count: shape.reduce(1, *))
    switch name {
    case "logit_scale": return [4.72]
    case "logit_bias": return [-16.5]
    case _ where name.contains("norm") && name.hasSuffix("weight"): return values.map { 1 + 0.5 * $0 }
    case _ where name.hasSuffix("bias"): return values.map { 0.25 * $0 }
    case _ where name.hasSuffix("probe"): return values
    case _ where name.contains("embeddings.position") || name.contains("embeddings.token"):
      return values.map { 0.5 * $0 }
    default: return values.map { 0.125 * $0 }
    }
  }
}
