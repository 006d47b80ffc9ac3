internal import CacheStorage
internal import Foundation
internal import Tensors

/// What `bucky model inspect` says of a checkpoint.
package struct ModelSummary: Sendable, Equatable, Codable {
  package let identity: ModelIdentity
  package let architecture: String
  package let vision: TowerSummary
  package let text: TowerSummary
  /// Side of an image in pixels, of a patch in pixels, and of the grid of patches.
  package let imageSize: Int
  package let patchSize: Int
  package let gridSize: Int
  package let tokenCount: Int
  package let vocabularySize: Int
  package let embeddingSize: Int
  /// Trained values in all, and tensors they lie in.
  package let parameterCount: Int
  package let tensorCount: Int
  /// How many tensors there are of each stored type, such as `F32`.
  package let storedTypes: [String: Int]
  package let files: [CheckpointFile]
  /// As stored, and as the factor on the cosine that it stands for.
  package let logitScale: Float
  package let logitFactor: Double
  package let logitBias: Float
  /// What differs from a plain checkpoint without making it unusable, a sentence each.
  package let warnings: [String]
}

/// The sizes of one tower.
package struct TowerSummary: Sendable, Equatable, Codable {
  package let hiddenSize: Int
  package let intermediateSize: Int
  package let layerCount: Int
  package let headCount: Int

  init(_ configuration: EncoderConfiguration) {
    self.hiddenSize = configuration.hiddenSize
    self.intermediateSize = configuration.intermediateSize
    self.layerCount = configuration.layerCount
    self.headCount = configuration.headCount
  }
}

/// The files a checkpoint was loaded from.
struct CheckpointFiles {
  let weights: [CheckpointFile]
  let tokenizer: CheckpointFile
  let configuration: CheckpointFile

  init(
    weights: CheckpointWeights, tokenizer: MappedFile, configuration: MappedFile, _ digests: FileDigests,
    rereading: Bool
  ) throws(CheckpointError) {
    var files: [CheckpointFile] = []
    for file in weights.files { files.append(try CheckpointFile(file.file, digests, rereading: rereading)) }
    self.weights = files
    self.tokenizer = try CheckpointFile(tokenizer, digests, rereading: rereading)
    self.configuration = try CheckpointFile(configuration, digests, rereading: rereading)
  }
}

extension ModelSummary {
  init(
    identity: ModelIdentity, configuration: SigLIPConfiguration, imageSize: Int, tokenCount: Int,
    entries: [TensorEntry], files: CheckpointFiles, logitScale: Float, logitBias: Float, warnings: [String]
  ) {
    self.identity = identity
    self.architecture = "SigLIP"
    self.vision = TowerSummary(configuration.vision.encoder)
    self.text = TowerSummary(configuration.text.encoder)
    self.imageSize = imageSize
    self.patchSize = configuration.vision.patchSize
    self.gridSize = configuration.vision.gridSize(of: imageSize)
    self.tokenCount = tokenCount
    self.vocabularySize = configuration.text.vocabularySize
    self.embeddingSize = configuration.embeddingSize
    let trained = entries.filter { [.float32, .float16, .bfloat16].contains($0.type) }
    self.parameterCount = trained.reduce(0) { $0 + $1.count }
    self.tensorCount = entries.count
    self.storedTypes = Dictionary(entries.map { ($0.type.rawValue, 1) }, uniquingKeysWith: +)
    self.files = files.weights + [files.tokenizer, files.configuration]
    self.logitScale = logitScale
    self.logitFactor = exp(Double(logitScale))
    self.logitBias = logitBias
    self.warnings = warnings
  }
}

extension VisionConfiguration {
  /// Says so where the trained positions do not fit images of `imageSize`.
  func warnings(imageSize: Int, storedGridSize: Int) -> [String] {
    let grid = gridSize(of: imageSize)
    return grid == storedGridSize
      ? []
      : [
        "positions resampled from \(storedGridSize) x \(storedGridSize) to \(grid) x \(grid) patches, for images of "
          + "\(imageSize) pixels"
      ]
  }
}

extension CheckpointWeights {
  /// Names the tensors that play no part.
  func warnings(used: Set<String>) -> [String] {
    let names = names.filter { !used.contains($0) }
    guard !names.isEmpty else { return [] }
    let listed = names.prefix(5).map(quoted).joined(separator: ", ")
    return ["\(names.count) tensor\(names.count == 1 ? "" : "s") not used: \(listed)\(names.count > 5 ? ", …" : "")"]
  }
}
