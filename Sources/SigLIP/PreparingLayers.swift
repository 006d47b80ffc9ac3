internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import Tensors

/// Writes what a tower asks for into a prepared file, and hands it out from there.
///
/// So there is never more than one layer in memory beside the mapped files, and the pages of the checkpoint are given back
/// when the layer is written.
struct PreparingLayers: LayerSource {
  private let writer: CacheFileWriter
  private var checkpoint: CheckpointLayers
  private var table = PreparedTable()
  /// Why the file cannot be written; then the layers stay in memory.
  private(set) var failure: CacheError?

  init(_ checkpoint: CheckpointLayers, in cache: CacheFolder) throws(CacheError) {
    self.checkpoint = checkpoint
    writer = try CacheFileWriter(in: cache, folder: PreparedFile.folder, headerLength: PreparedTable.headerLength)
  }

  var precision: Precision { checkpoint.precision }

  mutating func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Weights {
    let values = try checkpoint.tensor(name, shape)
    defer { checkpoint.releaseMemory(of: [name]) }
    return store(values, name)
  }

  mutating func linear(_ request: LinearRequest) throws(CheckpointError) -> PackedLinear {
    let layer = try checkpoint.linear(request)
    defer { checkpoint.releaseMemory(of: request.parts.flatMap { [$0 + ".weight", $0 + ".bias"] }) }
    let shape = [layer.outputCount, layer.inputCount]
    let section = layer.withBytes { bytes in write(bytes, request.name, layer.precision, shape) }
    guard let section, let file = try? MappedFile(path: writer.temporaryPath) else { return layer }
    return PackedLinear(
      outputs: layer.outputCount, inputs: layer.inputCount, precision: layer.precision, in: file, at: section.offset)
  }

  mutating func norm(_ request: NormRequest) throws(CheckpointError) -> LayerNorm {
    let norm = try checkpoint.norm(request)
    return LayerNorm(
      gamma: store(norm.gamma, request.name + ".gamma"), beta: store(norm.beta, request.name + ".beta"),
      epsilon: norm.epsilon)
  }

  func file(of name: String) -> String { checkpoint.file(of: name) }

  /// The tensors of the checkpoint that were asked for.
  var used: Set<String> { checkpoint.used }

  /// Completes the file of `key`.
  mutating func finish(_ key: PreparedKey) throws(CacheError) {
    if let failure { throw failure }
    table.used = checkpoint.used.sorted()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let json = try? encoder.encode(table) else { return }
    try writer.align(to: PreparedTable.alignment)
    let start = writer.count
    let bytes = Array(json)
    try unsafe writer.append(bytes.span.bytes)
    let header = PreparedHeader(
      key: key.digest, bodyDigest: writer.bodyDigest, table: start..<writer.count, tableDigest: ContentDigest(of: bytes)
    )
    guard let headerBytes = header.bytes() else { return }
    try writer.finish(as: key.fileName, header: headerBytes)
  }

  private mutating func store(_ values: Weights, _ name: String) -> Weights {
    let section = values.withBytes { bytes in write(bytes, name, nil, values.shape) }
    guard let section, let file = try? MappedFile(path: writer.temporaryPath) else { return values }
    return file.weights(at: section.offset, shape: values.shape)
  }

  /// Appends a section, unless an earlier one could not be written.
  private mutating func write(
    _ bytes: RawSpan, _ name: String, _ precision: Precision?, _ shape: [Int]
  ) -> PreparedTable.Section? {
    guard failure == nil else { return nil }
    do throws(CacheError) {
      try writer.align(to: PreparedTable.alignment)
      let section = PreparedTable.Section(
        precision: precision, shape: shape, offset: writer.count, byteCount: bytes.byteCount)
      try writer.append(bytes)
      table.sections[name] = section
      return section
    } catch {
      failure = error
      return nil
    }
  }
}
