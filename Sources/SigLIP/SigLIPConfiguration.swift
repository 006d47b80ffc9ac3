/// The sizes of a SigLIP checkpoint, from its `config.json`.
///
/// The file is often sparse; what it leaves out has the defaults of `SiglipVisionConfig` and `SiglipTextConfig` in
/// Hugging Face transformers 4.53.
package struct SigLIPConfiguration: Sendable, Equatable {
  package let vision: VisionConfiguration
  package let text: TextConfiguration

  /// Reads the `config.json` at `path`.
  ///
  /// - Throws: ``CheckpointError/setting(file:name:expected:found:)`` at the first setting that does not fit.
  package init(path: String) throws(CheckpointError) {
    try self.init(SettingsFile(path: path))
  }

  init(_ file: SettingsFile) throws(CheckpointError) {
    try file.require("model_type", in: ["siglip"])
    self.vision = try VisionConfiguration(file.section("vision_config"))
    self.text = try TextConfiguration(file.section("text_config"))
    guard text.projectionSize == vision.encoder.hiddenSize else {
      throw file.failure(
        "text_config.projection_size", expected: "the vision tower's hidden_size \(vision.encoder.hiddenSize)",
        found: String(text.projectionSize))
    }
  }

  /// The length of an embedding.
  package var embeddingSize: Int { vision.encoder.hiddenSize }

  /// The linear layers that stay in bfloat16 where the precision is int8.
  package var sensitiveLayers: Set<String> {
    EncoderConfiguration.sensitiveLayers(of: "vision_model", layerCount: vision.encoder.layerCount)
      .union(EncoderConfiguration.sensitiveLayers(of: "text_model", layerCount: text.encoder.layerCount))
  }
}

/// The sizes that both towers have.
package struct EncoderConfiguration: Sendable, Equatable {
  package let hiddenSize: Int
  package let intermediateSize: Int
  package let layerCount: Int
  package let headCount: Int
  /// Added to the variance in every layer normalisation.
  package let layerNormEpsilon: Float

  package var headSize: Int { hiddenSize / headCount }

  /// The last layers of the perceptrons at the end of a tower of `layerCount` layers, where a few values outgrow all others
  /// (arXiv 2510.04547): one in 24, at least one.
  static func sensitiveLayers(of tower: String, layerCount: Int) -> Set<String> {
    Set((max(0, layerCount - max(1, layerCount / 24))..<layerCount).map { "\(tower).encoder.layers.\($0).mlp.fc2" })
  }

  fileprivate init(_ file: SettingsFile) throws(CheckpointError) {
    self.hiddenSize = try file.integer("hidden_size", default: 768, in: 1...16_384)
    self.intermediateSize = try file.integer("intermediate_size", default: 3_072, in: 1...65_536)
    self.layerCount = try file.integer("num_hidden_layers", default: 12, in: 1...256)
    self.headCount = try file.integer("num_attention_heads", default: 12, in: 1...256)
    self.layerNormEpsilon = Float(try file.positiveNumber("layer_norm_eps", default: 1e-6))
    try file.require("hidden_act", in: ["gelu_pytorch_tanh"])
    guard hiddenSize % headCount == 0 else {
      throw file.failure(
        "num_attention_heads", expected: "a divisor of hidden_size \(hiddenSize)", found: String(headCount))
    }
  }
}

/// The vision tower: `vision_config`.
package struct VisionConfiguration: Sendable, Equatable {
  package let encoder: EncoderConfiguration
  package let channelCount: Int
  /// Side of the square image in pixels.
  package let imageSize: Int
  /// Side of a square patch in pixels; pixels that fill no patch at the right and bottom edge are not seen.
  package let patchSize: Int

  /// Attention over more patches than 128 x 128 would ask for more memory than a mistake should get.
  static let maximumGridSize = 128

  fileprivate init(_ file: SettingsFile) throws(CheckpointError) {
    self.encoder = try EncoderConfiguration(file)
    self.channelCount = try file.integer("num_channels", default: 3, in: 1...16)
    self.imageSize = try file.integer("image_size", default: 224, in: 1...4_096)
    self.patchSize = try file.integer("patch_size", default: 16, in: 1...1_024)
    guard patchSize <= imageSize else {
      throw file.failure("patch_size", expected: "at most image_size \(imageSize)", found: String(patchSize))
    }
    guard imageSize / patchSize <= Self.maximumGridSize else {
      throw file.failure(
        "image_size", expected: "at most \(Self.maximumGridSize) patches a side", found: String(imageSize / patchSize))
    }
    guard try file.boolean("vision_use_head", default: true) else {
      throw file.failure(
        "vision_use_head", expected: "true: without the pooling head there is no embedding to compare with text",
        found: "false")
    }
  }

  /// The image sizes that the tower can be run with, in pixels.
  package var imageSizes: ClosedRange<Int> { patchSize...min(4_096, (Self.maximumGridSize + 1) * patchSize - 1) }

  /// The patches along one side of an image of `imageSize` pixels.
  package func gridSize(of imageSize: Int) -> Int { imageSize / patchSize }
}

/// The text tower: `text_config`.
package struct TextConfiguration: Sendable, Equatable {
  package let encoder: EncoderConfiguration
  package let vocabularySize: Int
  package let maximumTokenCount: Int
  /// The length of the embedding.
  package let projectionSize: Int

  fileprivate init(_ file: SettingsFile) throws(CheckpointError) {
    self.encoder = try EncoderConfiguration(file)
    self.vocabularySize = try file.integer("vocab_size", default: 32_000, in: 1...4_000_000)
    self.maximumTokenCount = try file.integer("max_position_embeddings", default: 64, in: 1...8_192)
    self.projectionSize = try file.integer("projection_size", default: encoder.hiddenSize, in: 1...16_384)
  }
}
