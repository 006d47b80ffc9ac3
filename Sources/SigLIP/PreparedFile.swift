internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import Tensors

/// The packed layers of one tower in a mapped file.
struct PreparedFile: Sendable {
  static let folder = "prepared"

  let file: MappedFile
  let table: PreparedTable

  /// Opens the file of `key`, if there is one and it is whole.
  ///
  /// Header and table are checked each time. All bytes are checked against the digest in the header when the file is first
  /// seen in the state it is in; after that ``FileDigests`` knows it. So a start costs no reading, and damage by anything
  /// but the disk itself is found.
  init?(_ key: PreparedKey, in cache: CacheFolder, rereading: Bool = false) {
    let name = key.fileName
    let path = "\(cache.path)/\(Self.folder)/\(name)"
    guard let (file, header) = Self.header(key, path) else { return nil }
    guard
      FileDigests(cache).digest(of: path, from: PreparedTable.headerLength, rereading: rereading) == header.bodyDigest,
      let table = Self.table(header, file)
    else { return nil }
    cache.touch(Self.folder, name)
    self.file = file
    self.table = table
  }

  /// The tensors of the checkpoint that the file of `key` was made from, if there is one; what it holds of them is looked at
  /// when it is opened, or now where `rereading`.
  static func used(
    _ key: PreparedKey, in cache: CacheFolder, rereading: Bool
  ) -> Set<String>? {
    guard !rereading else { return PreparedFile(key, in: cache, rereading: true).map { Set($0.table.used) } }
    guard let (file, header) = header(key, "\(cache.path)/\(folder)/\(key.fileName)") else { return nil }
    return table(header, file).map { Set($0.used) }
  }

  private static func header(_ key: PreparedKey, _ path: String) -> (MappedFile, PreparedHeader)? {
    guard let file = try? MappedFile(path: path), file.count >= PreparedTable.headerLength else { return nil }
    let bytes = file.withBytes(0..<PreparedTable.headerLength) { span in
      unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
    guard let header = PreparedHeader(bytes), header.key == key.digest,
      header.table.lowerBound >= PreparedTable.headerLength, header.table.upperBound == file.count
    else { return nil }
    return (file, header)
  }

  private static func table(_ header: PreparedHeader, _ file: MappedFile) -> PreparedTable? {
    let bytes = file.withBytes(header.table) { span in unsafe span.withUnsafeBytes { unsafe Array($0) } }
    guard ContentDigest(of: bytes) == header.tableDigest,
      let table = try? JSONDecoder().decode(PreparedTable.self, from: Data(bytes)),
      table.sections.values.allSatisfy({ $0.isValid(in: file.count) })
    else { return nil }
    return table
  }

  func weights(_ section: PreparedTable.Section) -> Weights { file.weights(at: section.offset, shape: section.shape) }

  func linear(_ section: PreparedTable.Section, _ precision: Precision) -> PackedLinear {
    PackedLinear(
      outputs: section.shape[0], inputs: section.shape[1], precision: precision, in: file, at: section.offset)
  }
}

/// Gives a tower what lies in a prepared file; what does not comes from the checkpoint.
struct PreparedLayers: LayerSource {
  private let prepared: PreparedFile
  private var checkpoint: CheckpointLayers

  init(_ prepared: PreparedFile, else checkpoint: CheckpointLayers) {
    self.prepared = prepared
    self.checkpoint = checkpoint
  }

  var precision: Precision { checkpoint.precision }

  mutating func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Weights {
    if let section = prepared.table.sections[name], section.precision == nil, section.shape.count == shape.count,
      zip(section.shape, shape).allSatisfy({ $1 == -1 || $0 == $1 })
    {
      return prepared.weights(section)
    }
    return try checkpoint.tensor(name, shape)
  }

  mutating func linear(_ request: LinearRequest) throws(CheckpointError) -> PackedLinear {
    if let section = prepared.table.sections[request.name], let precision = section.precision,
      section.shape == [request.totalOutputCount, request.inputCount]
    {
      return prepared.linear(section, precision)
    }
    return try checkpoint.linear(request)
  }

  mutating func norm(_ request: NormRequest) throws(CheckpointError) -> LayerNorm {
    let sections = ["gamma", "beta"].compactMap { prepared.table.sections["\(request.name).\($0)"] }
    guard sections.count == 2, sections.allSatisfy({ $0.precision == nil && $0.shape == [request.size] }) else {
      return try checkpoint.norm(request)
    }
    return LayerNorm(
      gamma: prepared.weights(sections[0]), beta: prepared.weights(sections[1]), epsilon: request.epsilon)
  }

  func file(of name: String) -> String { checkpoint.file(of: name) }
}
