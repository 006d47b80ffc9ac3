internal import Foundation
internal import Synchronization
package import Tensors

/// A SigLIP checkpoint ready to embed images and prompts in one precision.
///
/// Values never change after loading; any number of threads may embed at the same time. An embedding depends on the
/// precision and on ``kernelPath``, not on the thread count.
package struct SigLIPModel: Sendable {
  package let configuration: SigLIPConfiguration
  package let identity: ModelIdentity
  package let summary: ModelSummary
  package let tokenizer: PromptTokenizer
  /// Side of the images ``imageEmbedding(_:threads:)`` takes, in pixels.
  package let imageSize: Int
  package let precision: Precision
  /// As trained: the natural logarithm of the factor on the cosine.
  package let logitScale: Float
  /// Added to the scaled cosine.
  package let logitBias: Float

  private let vision: VisionTower
  private let text: TextTower
  private let kernels: Kernels

  /// The instructions that embeddings are computed with.
  package var kernelPath: KernelPath { kernels.path }

  /// Loads a Hugging Face SigLIP directory and computes its digests, which reads every file once.
  ///
  /// - Parameters:
  ///   - directory: Holds `config.json`, `spiece.model` and `model.safetensors` or its sharded index.
  ///   - imageSize: Another image size than the checkpoint's own; the trained positions are resampled for it.
  ///   - precision: Of the encoder layers.
  ///   - bfloat16Layers: Linear layers that stay in bfloat16 where the precision is int8, such as
  ///     `vision_model.encoder.layers.26.mlp.fc2`; `nil` for ``EncoderConfiguration/sensitiveLayers(of:)`` of both towers.
  ///   - path: Instructions to compute with, which the processor must have.
  /// - Throws: ``CheckpointError`` naming the file and what it was expected to hold.
  package init(
    directory: String, imageSize: Int? = nil, precision: Precision = .fp32, bfloat16Layers: Set<String>? = nil,
    path: KernelPath = .current
  ) throws(CheckpointError) {
    let settingsFile = try Self.openConfiguration(directory)
    let settings = try SettingsFile(path: settingsFile.path, bytes: settingsFile.bytes)
    let configuration = try SigLIPConfiguration(settings)
    let sizes = configuration.vision.imageSizes
    if let imageSize, !sizes.contains(imageSize) {
      throw .setting(
        file: settingsFile.path, name: "image size", expected: "\(sizes.lowerBound) to \(sizes.upperBound) pixels",
        found: String(imageSize))
    }
    let tokenizerFiles = try TokenizerFiles(directory: directory, text: configuration.text)
    let weights = try CheckpointWeights(directory: directory)
    var layers = CheckpointLayers(
      weights, precision: precision, bfloat16Layers: bfloat16Layers ?? configuration.sensitiveLayers)
    let vision = try VisionTower(configuration.vision, imageSize: imageSize, &layers)
    let text = try TextTower(configuration.text, &layers)
    self.logitScale = try layers.scalar("logit_scale")
    self.logitBias = try layers.scalar("logit_bias")

    let files = CheckpointFiles(
      weights: weights.files.map { CheckpointFile($0.file) }, tokenizer: CheckpointFile(tokenizerFiles.modelFile),
      configuration: CheckpointFile(settingsFile))
    self.identity = ModelIdentity(
      id: ModelIdentity.name(settings, directory: directory), weights: files.weights, tokenizer: files.tokenizer,
      configuration: files.configuration)
    let warnings =
      vision.warnings + layers.warnings
      + (try PreprocessorSettings.check(directory: directory, imageSize: vision.imageSize))
    self.configuration = configuration
    self.tokenizer = tokenizerFiles.tokenizer
    self.imageSize = vision.imageSize
    self.precision = precision
    self.vision = vision
    self.text = text
    self.kernels = Kernels(path)
    self.summary = ModelSummary(
      identity: identity, configuration: configuration, imageSize: vision.imageSize, tokenCount: tokenizer.length,
      entries: weights.names.compactMap { weights.entry($0) }, files: files, logitScale: logitScale,
      logitBias: logitBias, warnings: warnings)
  }

  private static func openConfiguration(_ directory: String) throws(CheckpointError) -> MappedFile {
    let name = "config.json"
    guard FileManager.default.fileExists(atPath: directory + "/" + name) else {
      throw .missingFile(directory: directory, names: [name])
    }
    return try MappedFile.opened(directory + "/" + name)
  }
}

// MARK: - Embedding

extension SigLIPModel {
  /// The factor on the cosine: e to the power of ``logitScale``.
  package var logitFactor: Double { exp(Double(logitScale)) }

  /// The unit embedding of an image.
  ///
  /// - Parameters:
  ///   - pixels: `[channels, imageSize, imageSize]` with values in [-1, 1].
  ///   - threads: How many threads may work on this image; the result is the same for any number.
  ///   - profile: Gets the time of every part.
  /// - Returns: ``SigLIPConfiguration/embeddingSize`` values whose squares add up to 1.
  /// - Throws: ``CheckpointError/imageShape(expected:found:)``, or ``CheckpointError/degenerateEmbedding`` when pixels
  ///   or weights are not finite.
  package func imageEmbedding(
    _ pixels: Tensor, threads: Int = 1, profile: EncoderProfile? = nil
  ) throws(CheckpointError) -> [Float] {
    try Self.normalized(vision.embedding(pixels, execution(threads, profile)) { _, _ in })
  }

  /// The unit embedding of a tokenised prompt.
  ///
  /// - Parameters:
  ///   - identifiers: From ``tokenizer``: 1 to `maximumTokenCount` identifiers, each within the vocabulary.
  ///   - threads: How many threads may work on this prompt; the result is the same for any number.
  /// - Returns: ``SigLIPConfiguration/embeddingSize`` values whose squares add up to 1.
  /// - Throws: ``CheckpointError/tokenCount(maximum:found:)``, ``CheckpointError/tokenOutOfRange(_:vocabularySize:)``
  ///   or ``CheckpointError/degenerateEmbedding``.
  package func textEmbedding(_ identifiers: [Int32], threads: Int = 1) throws(CheckpointError) -> [Float] {
    try Self.normalized(text.embedding(identifiers, execution(threads)) { _, _ in })
  }

  /// The unit embedding of a prompt.
  package func textEmbedding(_ prompt: String, threads: Int = 1) throws(CheckpointError) -> [Float] {
    try textEmbedding(tokenizer.tokenize(prompt), threads: threads)
  }

  /// The unit embeddings of tokenised prompts, in their order, one thread a prompt.
  ///
  /// - Parameters:
  ///   - prompts: From ``tokenizer``.
  ///   - threads: How many prompts may be worked on at the same time.
  /// - Returns: What ``textEmbedding(_:threads:)`` gives for each.
  /// - Throws: What it throws for the first prompt that is refused.
  package func textEmbeddings(_ prompts: [[Int32]], threads: Int = 1) throws(CheckpointError) -> [[Float]] {
    let results = Mutex([Int: Result<[Float], CheckpointError>]())
    WorkerTeam(size: threads).run(tasks: prompts.count) { task, _ in
      let result = Result { () throws(CheckpointError) in try textEmbedding(prompts[task]) }
      results.withLock { $0[task] = result }
    }
    var embeddings: [[Float]] = []
    for index in prompts.indices {
      if let result = results.withLock({ $0[index] }) { embeddings.append(try result.get()) }
    }
    return embeddings
  }

  /// The states `[T, C]` an image goes through, for comparison with another implementation.
  package func imageStates(_ pixels: Tensor, threads: Int = 1) throws(CheckpointError) -> [EncoderStage: Tensor] {
    var states: [EncoderStage: Tensor] = [:]
    _ = try vision.embedding(pixels, execution(threads)) { states[$0] = $1.tensor }
    return states
  }

  /// The states `[T, C]` a tokenised prompt goes through.
  package func textStates(_ identifiers: [Int32], threads: Int = 1) throws(CheckpointError) -> [EncoderStage: Tensor] {
    var states: [EncoderStage: Tensor] = [:]
    _ = try text.embedding(identifiers, execution(threads)) { states[$0] = $1.tensor }
    return states
  }

  private func execution(_ threads: Int, _ profile: EncoderProfile? = nil) -> Execution {
    Execution(kernels: kernels, team: WorkerTeam(size: threads), profile: profile)
  }

  /// Scales `embedding` to length 1.
  private static func normalized(_ embedding: [Float]) throws(CheckpointError) -> [Float] {
    let norm = embedding.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm.isFinite, norm > 0 else { throw .degenerateEmbedding }
    return embedding.map { Float(Double($0) / norm) }
  }
}

extension Matrix {
  fileprivate var tensor: Tensor { Tensor(shape: [rowCount, columnCount], values: values) }
}
