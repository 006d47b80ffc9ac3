package import CacheStorage
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

  /// What every embedding of this model depends on beside the model itself.
  package let arithmetic: Arithmetic

  let vision: LazyTower<VisionTower>
  let text: LazyTower<TextTower>
  private let kernels: Kernels

  /// The instructions that embeddings are computed with.
  package var kernelPath: KernelPath { kernels.path }

  /// Loads a Hugging Face SigLIP directory.
  ///
  /// With a cache the layers are packed once, into files that are mapped from then on, and files of the checkpoint that
  /// have not changed are not read for their digests. Without one, everything is read and packed into memory.
  ///
  /// - Parameters:
  ///   - directory: Holds `config.json`, `spiece.model` and `model.safetensors` or its sharded index.
  ///   - imageSize: Another image size than the checkpoint's own; the trained positions are resampled for it.
  ///   - precision: Of the encoder layers of the vision tower; see ``Arithmetic/textPrecision``.
  ///   - bfloat16Layers: Linear layers that stay in bfloat16 where the precision is int8, such as
  ///     `vision_model.encoder.layers.26.mlp.fc2`; `nil` for ``SigLIPConfiguration/sensitiveLayers``.
  ///   - path: Instructions to compute with, which the processor must have.
  ///   - cache: Keeps packed layers and digests.
  ///   - rereading: Whether every file is read and compared with the digests that are remembered.
  /// - Throws: ``CheckpointError`` naming the file and what it was expected to hold.
  package init(
    directory: String, imageSize: Int? = nil, precision: Precision = .fp32, bfloat16Layers: Set<String>? = nil,
    path: KernelPath = .current, cache: CacheFolder? = nil, rereading: Bool = false
  ) throws(CheckpointError) {
    let settingsFile = try Self.openConfiguration(directory)
    let settings = try SettingsFile(
      path: settingsFile.path, bytes: settingsFile.bytes(ofSettingUpTo: SettingsFile.largestFile))
    let configuration = try SigLIPConfiguration(settings)
    let sizes = configuration.vision.imageSizes
    if let imageSize, !sizes.contains(imageSize) {
      throw .setting(
        file: settingsFile.path, name: "image size", expected: "\(sizes.lowerBound) to \(sizes.upperBound) pixels",
        found: String(imageSize))
    }
    let tokenizerFiles = try TokenizerFiles(directory: directory, text: configuration.text)
    let weights = try CheckpointWeights(directory: directory)
    let files = try CheckpointFiles(
      weights: weights, tokenizer: tokenizerFiles.modelFile, configuration: settingsFile, FileDigests(cache),
      rereading: rereading)
    self.identity = ModelIdentity(
      id: ModelIdentity.name(settings, directory: directory), weights: files.weights, tokenizer: files.tokenizer,
      configuration: files.configuration)
    self.configuration = configuration
    self.tokenizer = tokenizerFiles.tokenizer
    let side = imageSize ?? configuration.vision.imageSize
    self.imageSize = side
    self.precision = precision
    self.kernels = Kernels(path)
    let exceptions = precision == .int8 ? bfloat16Layers ?? configuration.sensitiveLayers : []
    self.arithmetic = Arithmetic(precision: precision, kernelPath: path, bfloat16Layers: exceptions)

    var layers = CheckpointLayers(weights, precision: precision, bfloat16Layers: exceptions)
    self.logitScale = try layers.scalar("logit_scale")
    self.logitBias = try layers.scalar("logit_bias")
    let storedGridSize = try PositionTable(configuration.vision, &layers).gridSize
    let source = TowerSource(
      weights: weights, identity: identity, arithmetic: arithmetic, cache: cache, rereading: rereading)
    let vision = try source.tower("vision", precision) { source throws(CheckpointError) in
      try VisionTower(configuration.vision, imageSize: imageSize, &source)
    }
    let text = try source.tower("text", arithmetic.textPrecision) { source throws(CheckpointError) in
      try TextTower(configuration.text, &source)
    }
    self.vision = vision.tower
    self.text = text.tower
    let warnings =
      configuration.vision.warnings(imageSize: side, storedGridSize: storedGridSize)
      + weights.warnings(used: layers.used.union(vision.used).union(text.used))
      + (try PreprocessorSettings.check(directory: directory, imageSize: side))
    self.summary = ModelSummary(
      identity: identity, configuration: configuration, imageSize: side, tokenCount: tokenizer.length,
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

  /// Lets the memory of the text tower go; a prompt that is embedded later brings it back.
  package func releaseText() { text.release() }
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
    try Self.normalized(vision.loaded().embedding(pixels, execution(threads, profile)) { _, _ in })
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
    try Self.normalized(text.loaded().embedding(identifiers, execution(threads)) { _, _ in })
  }

  /// The unit embedding of a prompt.
  package func textEmbedding(_ prompt: String, threads: Int = 1) throws(CheckpointError) -> [Float] {
    try textEmbedding(tokenizer.tokenize(prompt), threads: threads)
  }

  /// The unit embeddings of tokenised prompts, in their order, one thread a prompt.
  ///
  /// The prompts go through the text tower together, so that one layer of packed ones is in memory at a time.
  ///
  /// - Parameters:
  ///   - prompts: From ``tokenizer``.
  ///   - threads: How many prompts may be worked on at the same time.
  /// - Returns: What ``textEmbedding(_:threads:)`` gives for each.
  /// - Throws: What it throws for the first prompt that is refused.
  package func textEmbeddings(_ prompts: [[Int32]], threads: Int = 1) throws(CheckpointError) -> [[Float]] {
    var embeddings: [[Float]] = []
    for embedding in try text.loaded().embeddings(prompts, execution(threads)) {
      embeddings.append(try Self.normalized(embedding))
    }
    return embeddings
  }

  /// The states `[T, C]` an image goes through, for comparison with another implementation.
  package func imageStates(_ pixels: Tensor, threads: Int = 1) throws(CheckpointError) -> [EncoderStage: Tensor] {
    var states: [EncoderStage: Tensor] = [:]
    _ = try vision.loaded().embedding(pixels, execution(threads)) { states[$0] = $1.tensor }
    return states
  }

  /// The states `[T, C]` a tokenised prompt goes through.
  package func textStates(_ identifiers: [Int32], threads: Int = 1) throws(CheckpointError) -> [EncoderStage: Tensor] {
    var states: [EncoderStage: Tensor] = [:]
    _ = try text.loaded().embedding(identifiers, execution(threads)) { states[$0] = $1.tensor }
    return states
  }

  func execution(_ threads: Int, _ profile: EncoderProfile? = nil) -> Execution {
    Execution(kernels: kernels, team: WorkerTeam(size: threads), profile: profile)
  }

  /// Scales `embedding` to length 1.
  static func normalized(_ embedding: [Float]) throws(CheckpointError) -> [Float] {
    let norm = embedding.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm.isFinite, norm > 0 else { throw .degenerateEmbedding }
    return embedding.map { Float(Double($0) / norm) }
  }
}

extension Matrix {
  fileprivate var tensor: Tensor { Tensor(shape: [rowCount, columnCount], values: values) }
}
