package import CacheStorage
package import DICOMCore
internal import Glibc
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
  /// - Throws: ``CheckpointError/weights(_:)`` when the file cannot be read, or is written meanwhile.
  init(_ file: MappedFile, _ digests: FileDigests, rereading: Bool) throws(CheckpointError) {
    guard let digest = digests.digest(of: file.path, rereading: rereading) else {
      throw .weights(.unreadable(file: file.path, errorNumber: EAGAIN))
    }
    self.name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    self.byteCount = file.count
    self.digest = digest
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

  /// The identity of the checkpoint in `directory`, without its layers.
  ///
  /// - Throws: ``CheckpointError`` for a directory that is no checkpoint.
  package init(of directory: String, cache: CacheFolder?) throws(CheckpointError) {
    let settingsFile = try MappedFile.opened(directory + "/config.json")
    let settings = try SettingsFile(path: settingsFile.path)
    let tokenizer = try MappedFile.opened(directory + "/" + TokenizerFiles.modelName)
    let files = try CheckpointFiles(
      weights: CheckpointWeights(directory: directory), tokenizer: tokenizer, configuration: settingsFile,
      FileDigests(cache), rereading: false)
    self.init(
      id: Self.name(settings, directory: directory), weights: files.weights, tokenizer: files.tokenizer,
      configuration: files.configuration)
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
