internal import Foundation
internal import SigLIP
internal import Tensors
internal import Testing

@Suite struct CheckpointTests {
  // MARK: Loading

  @Test func `the summary says what the checkpoint holds`() throws {
    let checkpoint = try SmallCheckpoint(storedAs: .bfloat16) { tensors in
      tensors.append(
        StoredTensor(
          name: "vision_model.embeddings.position_ids", shape: [1, 25], type: "I64",
          bytes: [UInt8](repeating: 0, count: 200)))
    }
    let model = try SigLIPModel(directory: checkpoint.directory)
    let summary = model.summary
    #expect(summary.vision.headCount == 4 && summary.vision.intermediateSize == 333)
    #expect(summary.imageSize == 73 && summary.gridSize == 5 && summary.tokenCount == 16)
    #expect(summary.storedTypes == ["BF16": checkpoint.tensors.count - 1, "I64": 1])
    #expect(summary.parameterCount == checkpoint.tensors.dropLast().reduce(0) { $0 + $1.bytes.count / 2 })
    #expect(summary.files.map(\.name) == ["model.safetensors", "spiece.model", "config.json"])
    #expect(summary.warnings == [#"1 tensor not used: "vision_model.embeddings.position_ids""#])
    #expect(abs(model.logitFactor - exp(4.72)) < 0.5 && model.logitBias == -16.5)
  }

  @Test func `the identity follows the bytes and names no path`() throws {
    let (first, same) = (try SmallCheckpoint(), try SmallCheckpoint())
    let other = try SmallCheckpoint(storedAs: .float16)
    let identities = try [first, same, other].map { try SigLIPModel(directory: $0.directory).identity }
    #expect(identities[0].weightsDigest == identities[1].weightsDigest)
    #expect(identities[0].weightsDigest != identities[2].weightsDigest)
    #expect(identities[0].tokenizerDigest == identities[2].tokenizerDigest)
    let name = try #require(first.directory.split(separator: "/").last)
    #expect(identities[0].id == name)
    for (path, id) in [("google/medsiglip-448", "google/medsiglip-448"), ("/home/x/model", String(name))] {
      try first.write(
        "config.json",
        SmallCheckpoint.configuration.replacing("{\"model", with: "{\"_name_or_path\":\"\(path)\",\"model"))
      #expect(try SigLIPModel(directory: first.directory).identity.id == id)
    }
  }

  @Test func `a sparse configuration has the defaults of transformers`() throws {
    let checkpoint = try SmallCheckpoint()
    try checkpoint.write("config.json", "{}")
    let configuration = try SigLIPConfiguration(path: checkpoint.directory + "/config.json")
    for tower in [configuration.vision.encoder, configuration.text.encoder] {
      #expect(tower.hiddenSize == 768 && tower.intermediateSize == 3072)
      #expect(tower.layerCount == 12 && tower.headCount == 12 && tower.layerNormEpsilon == 1e-6)
    }
    #expect(configuration.vision.channelCount == 3 && configuration.vision.patchSize == 16)
    #expect(configuration.vision.imageSize == 224)
    #expect(configuration.text.vocabularySize == 32_000 && configuration.text.maximumTokenCount == 64)
    #expect(configuration.text.projectionSize == 768)
  }

  // MARK: Refusals

  static let settings: [(before: String, after: String, reason: String)] = [
    ("\"siglip\"", "\"siglip2\"", "model_type: expected siglip, found \"siglip2\""),
    ("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "expected a divisor of hidden_size 288, found 5"),
    ("\"hidden_size\": 288", "\"hidden_size\": 0", "text_config.hidden_size: expected an integer from 1"),
    ("\"hidden_size\": 288", "\"hidden_size\": \"288\"", "text_config.hidden_size: expected an integer from 1"),
    ("\"hidden_size\": 288", "\"hidden_size\": 1e3", "text_config.hidden_size: expected an integer from 1"),
    ("\"patch_size\": 14", "\"patch_size\": 0", "patch_size: expected an integer from 1 to 1024, found 0"),
    ("\"image_size\": 73, \"patch_size\": 14", "\"image_size\": 4096, \"patch_size\": 1", "at most 128 patches"),
    ("\"patch_size\": 14", "\"patch_size\": 74", "patch_size: expected at most image_size 73"),
    ("\"patch_size\": 14", "\"patch_size\": 14, \"vision_use_head\": false", "vision_use_head: expected true"),
    ("\"patch_size\": 14", "\"patch_size\": 14, \"hidden_act\": \"gelu\"", "hidden_act: expected gelu_pytorch_tanh"),
    ("\"patch_size\": 14", "\"patch_size\": 14, \"layer_norm_eps\": -1", "layer_norm_eps: expected a number"),
    ("\"vocab_size\": 352", "\"vocab_size\": 352, \"projection_size\": 64", "projection_size: expected the vision"),
    ("\"vocab_size\": 352", "\"vocab_size\": 351", "352 pieces, but config.json has a vocabulary of 351"),
    ("\"image_size\": 73", "\"image_size\": 73, \"image_size\": 74", "\"image_size\" is repeated"),
    ("\"text_config\": {", "\"text_config\": [], \"x\": {", "text_config: expected an object, found an array"),
    (
      "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3",
      "no tensor \"text_model.encoder.layers.2.layer_norm1.weight\""
    ),
    ("333", "334", "expected shape [334, 288] from config.json, found [333, 288]"),
  ]

  @Test(arguments: settings.indices)
  func `a setting that does not fit is named`(index: Int) throws {
    let (before, after, reason) = Self.settings[index]
    let checkpoint = try SmallCheckpoint()
    let text = SmallCheckpoint.configuration
    let range = try #require(text.range(of: before))
    try checkpoint.write("config.json", text.replacingCharacters(in: range, with: after))
    expectRefusal(checkpoint, reason)
  }

  @Test(arguments: [
    ("config.json", "expected config.json"), ("spiece.model", "expected spiece.model"),
    ("model.safetensors", "expected model.safetensors or model.safetensors.index.json"),
  ])
  func `a missing file is named`(name: String, reason: String) throws {
    let checkpoint = try SmallCheckpoint()
    try checkpoint.remove(name)
    expectRefusal(checkpoint, reason)
  }

  @Test func `a missing tensor is named with the shape it should have`() throws {
    let checkpoint = try SmallCheckpoint { $0.removeAll { $0.name == "vision_model.head.probe" } }
    expectRefusal(checkpoint, "no tensor \"vision_model.head.probe\" of shape [1, 1, 288]")
  }

  @Test func `a tensor of another type is refused`() throws {
    let checkpoint = try SmallCheckpoint { tensors in
      for index in tensors.indices where tensors[index].name == "logit_bias" { tensors[index].type = "I32" }
    }
    expectRefusal(checkpoint, "tensor \"logit_bias\": expected type F32, F16, BF16, found I32")
  }

  @Test func `a logit scale that is no number is refused`() throws {
    let checkpoint = try SmallCheckpoint { tensors in
      for index in tensors.indices where tensors[index].name == "logit_scale" {
        tensors[index] = StoredTensor(name: "logit_scale", shape: [1], floats: [.nan], type: .float32)
      }
    }
    expectRefusal(checkpoint, "logit_scale: expected a number between -80 and 80, found nan")
  }

  @Test func `a position table that is no square is refused`() throws {
    let checkpoint = try SmallCheckpoint { tensors in
      for index in tensors.indices where tensors[index].name == "vision_model.embeddings.position_embedding.weight" {
        tensors[index].shape[0] = 24
        tensors[index].bytes.removeLast(288 * 4)
      }
    }
    expectRefusal(checkpoint, "expected shape [25, 288] from config.json, found [24, 288]")
  }

  @Test(arguments: ["../model.safetensors", "/etc/passwd", "a/b.safetensors", "..", ".hidden", "", "a\\b"])
  func `an index that leads out of the directory is refused`(shard: String) throws {
    let checkpoint = try SmallCheckpoint()
    try checkpoint.remove("model.safetensors")
    let map = try JSONEncoder().encode(["weight_map": ["logit_scale": shard]])
    try checkpoint.write("model.safetensors.index.json", String(decoding: map, as: UTF8.self))
    expectRefusal(checkpoint, "expected the name of a file in the same directory")
  }

  @Test func `an index must keep what it promises`() throws {
    let checkpoint = try SmallCheckpoint(shardCount: 2)
    try checkpoint.write(
      "model.safetensors.index.json", #"{"weight_map":{"nothing":"model-00001-of-00002.safetensors"}}"#)
    expectRefusal(checkpoint, "model-00001-of-00002.safetensors: no tensor \"nothing\"")
    try checkpoint.write("model.safetensors.index.json", #"{"weight_map":{"logit_scale":7}}"#)
    expectRefusal(checkpoint, "weight_map.logit_scale: expected the name of a shard, found an integer")
    try checkpoint.write("model.safetensors.index.json", #"{"weight_map":{"logit_scale":"gone.safetensors"}}"#)
    expectRefusal(checkpoint, "gone.safetensors: cannot be read: No such file or directory")
  }

  @Test func `preprocessing that the tower was not trained with is refused or warned of`() throws {
    let checkpoint = try SmallCheckpoint()
    let name = "preprocessor_config.json"
    try checkpoint.write(name, #"{"image_mean":[0.485,0.456,0.406],"image_std":[0.5,0.5,0.5]}"#)
    expectRefusal(checkpoint, "image_mean: expected 0.5 for every channel, found [0.485, 0.456, 0.406]")
    try checkpoint.write(name, #"{"do_normalize":false}"#)
    expectRefusal(checkpoint, "do_normalize: expected true, found false")
    try checkpoint.write(name, #"{"image_mean":[0.5,0.5,0.5],"image_std":0.5,"size":{"height":73,"width":73}}"#)
    #expect(try SigLIPModel(directory: checkpoint.directory).summary.warnings.isEmpty)
    try checkpoint.write(name, #"{"size":{"height":224,"width":224}}"#)
    #expect(try SigLIPModel(directory: checkpoint.directory).summary.warnings.count == 1)
  }

  @Test(arguments: [
    (#"{"pad_token":"<pad>"}"#, "pad_token: expected </s>, found <pad>"),
    (#"{"eos_token":{"content":"<eos>"}}"#, "eos_token: expected </s>, found <eos>"),
    (#"{"additional_special_tokens":["<x>"]}"#, "additional_special_tokens: expected none"),
  ])
  func `a tokenizer with other special tokens is refused`(text: String, reason: String) throws {
    let checkpoint = try SmallCheckpoint()
    try checkpoint.write("tokenizer_config.json", text)
    expectRefusal(checkpoint, reason)
  }

  @Test func `the tokenizer's own length limit holds`() throws {
    let checkpoint = try SmallCheckpoint()
    try checkpoint.write("tokenizer_config.json", #"{"model_max_length":8,"do_lower_case":false}"#)
    let tokenizer = try SigLIPModel(directory: checkpoint.directory).tokenizer
    #expect(try tokenizer.tokenize("small left effusion").count == 8)
    #expect(try tokenizer.tokenize("Left") != tokenizer.tokenize("left"))
    try checkpoint.write("tokenizer_config.json", #"{"model_max_length":1000000000000000019884624838656}"#)
    #expect(try SigLIPModel(directory: checkpoint.directory).tokenizer.length == 16)
  }

  // MARK: Inputs

  @Test func `inputs of the wrong form are refused`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory)
    #expect(throws: CheckpointError.imageShape(expected: [3, 73, 73], found: [3, 70, 70])) {
      try model.imageEmbedding(SeededValues.image(side: 70))
    }
    #expect(throws: CheckpointError.tokenCount(maximum: 16, found: 17)) {
      try model.textEmbedding([Int32](repeating: 1, count: 17))
    }
    #expect(throws: CheckpointError.tokenCount(maximum: 16, found: 0)) { try model.textEmbedding([] as [Int32]) }
    for token in [-1, 352, .max] as [Int32] {
      #expect(throws: CheckpointError.tokenOutOfRange(token, vocabularySize: 352)) {
        try model.textEmbedding([1, token])
      }
    }
    var pixels = SeededValues.image(side: 73)
    pixels.values[100] = .nan
    #expect(throws: CheckpointError.degenerateEmbedding) { try model.imageEmbedding(pixels) }
    #expect(throws: CheckpointError.self) { try SigLIPModel(directory: checkpoint.directory, imageSize: 13) }
  }

  /// Checks that loading fails, for the reason given.
  private func expectRefusal(
    _ checkpoint: SmallCheckpoint, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try SigLIPModel(directory: checkpoint.directory)
      Issue.record("the checkpoint was accepted", sourceLocation: sourceLocation)
    } catch {
      #expect("\(error)".contains(reason), sourceLocation: sourceLocation)
      #expect("\(error)".hasPrefix(checkpoint.directory), sourceLocation: sourceLocation)
    }
  }
}
