internal import SigLIP
internal import Tensors
internal import Testing

/// bf16 and int8 against fp32 of the same weights, at the gates of the encoder: a cosine of 0.9995 and 0.998.
@Suite struct PrecisionTests {
  enum Weights: Sendable, CaseIterable {
    case plain
    /// Eight channels behind every layer normalisation are a hundred times as large as the others, and the weights that read
    /// them a hundredth: what trained networks look like, and what 8 bits a token cannot hold without smoothing. One token is
    /// far larger than the others.
    case outliers

    func change(_ tensors: inout [StoredTensor]) {
      guard self == .outliers else { return }
      let channels = [3, 40, 77, 120, 151, 200, 233, 280]
      for index in tensors.indices where tensors[index].name.contains(".layers.") {
        let name = tensors[index].name
        let columns = tensors[index].shape.last ?? 0
        if name.contains("layer_norm") {
          tensors[index].scale { channels.contains($0) ? 100 : 1 }
        } else if ["q_proj.weight", "k_proj.weight", "v_proj.weight", "fc1.weight"].contains(where: name.hasSuffix) {
          tensors[index].scale { channels.contains($0 % columns) ? 0.01 : 1 }
        }
      }
      for index in tensors.indices where tensors[index].name == "vision_model.embeddings.position_embedding.weight" {
        tensors[index].scale { (5 * 288..<6 * 288).contains($0) ? 60 : 1 }
      }
    }
  }

  @Test(arguments: Weights.allCases, [(Precision.bf16, 0.9995), (.int8, 0.998)])
  func `narrow numbers keep the direction of an embedding`(weights: Weights, precision: (Precision, Double)) throws {
    let checkpoint = try SmallCheckpoint(change: weights.change)
    let side = 238
    let exact = try SigLIPModel(directory: checkpoint.directory, imageSize: side)
    let narrow = try SigLIPModel(directory: checkpoint.directory, imageSize: side, precision: precision.0)
    let image = SeededValues.image(side: side)
    try expectCosine(narrow.imageEmbedding(image), exact.imageEmbedding(image), atLeast: precision.1)
  }

  @Test(arguments: [Precision.bf16, .int8])
  func `prompts are embedded in 32-bit floats whatever the precision of images`(precision: Precision) throws {
    let checkpoint = try SmallCheckpoint()
    let exact = try SigLIPModel(directory: checkpoint.directory)
    let narrow = try SigLIPModel(directory: checkpoint.directory, precision: precision)
    for prompt in ["no pneumothorax", "Small LEFT pleural effusion.", ""] {
      #expect(try narrow.textEmbedding(prompt) == exact.textEmbedding(prompt))
    }
  }

  @Test(arguments: Precision.allCases)
  func `an embedding has the same bits for any number of threads, on every path`(precision: Precision) throws {
    let checkpoint = try SmallCheckpoint()
    let image = SeededValues.image(side: 238)
    var embeddings: [[Float]] = []
    for path in KernelPath.allCases where path.isSupported {
      let model = try SigLIPModel(directory: checkpoint.directory, imageSize: 238, precision: precision, path: path)
      #expect(model.kernelPath == path && model.precision == precision)
      let alone = try model.imageEmbedding(image, threads: 1)
      for threads in [2, 5] { #expect(try model.imageEmbedding(image, threads: threads) == alone, "\(path)") }
      // Below AVX2 multiplication and addition are not fused.
      if path != .portable { embeddings.append(alone) }
    }
    for embedding in embeddings { #expect(embedding == embeddings[0]) }
  }

  @Test func `layers of an int8 encoder may stay in bfloat16`() throws {
    let checkpoint = try SmallCheckpoint()
    let image = SeededValues.image(side: SmallCheckpoint.imageSize)
    func embedding(_ layers: Set<String>?) throws -> [Float] {
      try SigLIPModel(directory: checkpoint.directory, precision: .int8, bfloat16Layers: layers).imageEmbedding(image)
    }
    let sensitive: Set = ["vision_model.encoder.layers.1.mlp.fc2", "text_model.encoder.layers.1.mlp.fc2"]
    #expect(try SigLIPModel(directory: checkpoint.directory).configuration.sensitiveLayers == sensitive)
    #expect(try embedding(nil) == embedding(sensitive))
    #expect(try embedding(nil) != embedding([]))
  }

  @Test func `a profile says where the time goes`() throws {
    let checkpoint = try SmallCheckpoint()
    let model = try SigLIPModel(directory: checkpoint.directory, precision: .int8)
    let profile = EncoderProfile()
    _ = try model.imageEmbedding(SeededValues.image(side: SmallCheckpoint.imageSize), threads: 2, profile: profile)
    #expect(Set(profile.seconds.keys) == Set(EncoderProfile.Part.allCases))
  }

  private func expectCosine(_ embedding: [Float], _ reference: [Float], atLeast gate: Double) {
    let cosine = zip(embedding, reference).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(cosine >= gate)
    #expect(cosine < 1.0 - 1e-9, "narrow numbers that lose nothing were not narrow")
  }
}

extension StoredTensor {
  /// Multiplies float values, each by what `factor` says for its place.
  fileprivate mutating func scale(_ factor: (Int) -> Float) {
    let values = unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Float.self)) }
    self = StoredTensor(
      name: name, shape: shape, floats: values.enumerated().map { $1 * factor($0) }, type: .float32)
  }
}
