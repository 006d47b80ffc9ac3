package import DICOMCore
internal import Tensors

/// Which model produced a result, so that two results can be told to come from the same one.
package struct ModelIdentity: Sendable, Equatable, Codable {
  /// `_name_or_path` of `config.json` where it is a name, else the name of the directory.
  package let id: String
  /// SHA-256 of `model.safetensors`; of a sharded checkpoint, of the lines `digest  name` of its shards.
  package let weightsDigest: ContentDigest
  /// SHA-256 of `spiece.model`.
  package let tokenizerDigest: ContentDigest
  /// SHA-256 of `config.json`.
  package let configurationDigest: ContentDigest
}

/// A file of a checkpoint with its digest.
package struct CheckpointFile: Sendable, Equatable, Codable {
  /// Relative to the directory.
  package let name: String
  package let byteCount: Int
  package let digest: ContentDigest
}

extension CheckpointFile {
  /// Reads the whole file once, in pieces that stay in the cache.
  init(_ file: MappedFile) {
    var hasher = ContentHasher()
    for piece in WorkerTeam.blocks(of: 1 << 20, in: file.count) {
      file.withBytes(piece) { hasher.update($0) }
    }
    self.name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    self.byteCount = file.count
    self.digest = hasher.finish()
  }
}

extension ModelIdentity {
  init(id: String, weights: [CheckpointFile], tokenizer: CheckpointFile, configuration: CheckpointFile) {
    self.id = id
    self.weightsDigest =
      weights.count == 1
      ? weights[0].digest
      : ContentDigest(ofText: weights.map { "\($0.digest)  \($0.name)\n" }.joined())
    self.tokenizerDigest = tokenizer.digest
    self.configurationDigest = configuration.digest
  }

  /// A name for the checkpoint in `directory`; paths of the machine it was made on are not passed on.
  static func name(_ configuration: SettingsFile, directory: String) -> String {
    if let name = configuration["_name_or_path"]?.text, let first = name.first, first != "/", first != ".",
      first != "~", !name.contains("\\")
    {
      return name
    }
    return directory.split(separator: "/").last { $0 != "." }.map(String.init) ?? "model"
  }
}
