internal import Foundation
internal import Tensors

/// The weight files of a checkpoint: one safetensors file, or the shards its index names.
struct CheckpointWeights: Sendable {
  static let singleName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"

  /// In the order of their names.
  let files: [SafetensorsFile]
  private let fileOfTensor: [String: Int]
  /// Where a missing tensor should have been: the single file, or the index.
  private let inventory: String

  /// Maps the files and checks their headers.
  ///
  /// - Throws: ``CheckpointError`` when neither form is there, a file is malformed, the index names a file outside
  ///   the directory or a tensor that its shard lacks.
  init(directory: String) throws(CheckpointError) {
    let single = directory + "/" + Self.singleName
    let index = directory + "/" + Self.indexName
    if FileManager.default.fileExists(atPath: single) {
      let file = try Self.open(single)
      self.init(
        files: [file], fileOfTensor: Dictionary(file.entries.map { ($0.name, 0) }) { first, _ in first },
        inventory: single)
    } else if FileManager.default.fileExists(atPath: index) {
      try self.init(index: index, directory: directory)
    } else {
      throw .missingFile(directory: directory, names: [Self.singleName, Self.indexName])
    }
  }

  private init(files: [SafetensorsFile], fileOfTensor: [String: Int], inventory: String) {
    self.files = files
    self.fileOfTensor = fileOfTensor
    self.inventory = inventory
  }

  private init(index: String, directory: String) throws(CheckpointError) {
    let map = try SettingsFile(path: index).section("weight_map")
    var shardOfTensor: [(tensor: String, shard: String)] = []
    for member in map.members {
      guard let shard = member.value.text else {
        throw map.failure(member.name, expected: "the name of a shard", found: member.value.kind)
      }
      guard Self.isPlainFileName(shard) else { throw .shardOutsideDirectory(file: index, shard: shard) }
      shardOfTensor.append((member.name, shard))
    }
    let names = Set(shardOfTensor.map(\.shard)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var files: [SafetensorsFile] = []
    for name in names { files.append(try Self.open(directory + "/" + name)) }
    let positions = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    var fileOfTensor: [String: Int] = [:]
    for (tensor, shard) in shardOfTensor {
      guard let position = positions[shard] else { continue }
      guard files[position][tensor] != nil else {
        throw .weights(.missingTensor(file: files[position].path, tensor: tensor))
      }
      fileOfTensor[tensor] = position
    }
    self.init(files: files, fileOfTensor: fileOfTensor, inventory: index)
  }

  /// Whether `name` can only mean a file of the same directory.
  private static func isPlainFileName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0 == "\0" }
  }

  private static func open(_ path: String) throws(CheckpointError) -> SafetensorsFile {
    do throws(SafetensorsError) {
      return try SafetensorsFile(path: path)
    } catch {
      throw .weights(error)
    }
  }

  // MARK: Tensors

  /// Every tensor of the checkpoint, in the order of the names.
  var names: [String] { fileOfTensor.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  /// What the header says of tensor `name`, or `nil`.
  func entry(_ name: String) -> TensorEntry? {
    fileOfTensor[name].flatMap { files[$0][name] }
  }

  /// Gives back the memory behind tensor `name`; it is read again when it is needed.
  func releaseMemory(of name: String) {
    guard let position = fileOfTensor[name], let entry = files[position][name] else { return }
    files[position].file.release(entry.bytes)
  }

  /// The file that holds tensor `name`, or should.
  func file(of name: String) -> String {
    fileOfTensor[name].map { files[$0].path } ?? inventory
  }

  /// The values of tensor `name`, which must have the `shape` that `config.json` asks for; -1 stands for any extent.
  func weights(_ name: String, shape: [Int]) throws(CheckpointError) -> Weights {
    guard let position = fileOfTensor[name], let entry = files[position][name] else {
      throw .missingTensor(file: inventory, tensor: name, shape: shape)
    }
    let file = files[position]
    guard entry.shape.count == shape.count, zip(entry.shape, shape).allSatisfy({ $1 == -1 || $0 == $1 }) else {
      throw .wrongShape(file: file.path, tensor: name, expected: shape, found: entry.shape)
    }
    do throws(SafetensorsError) {
      return try file.weights(name)
    } catch {
      throw .weights(error)
    }
  }
}
