internal import Foundation

/// A directory of its own for one test, removed at the end.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "bucky-tensors-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `bytes` to a file and returns its path.
  func file(_ bytes: [UInt8], name: String = "a.safetensors") throws -> String {
    let path = path + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// Writes a safetensors file with the given header text and data.
  func file(header: String, data: [UInt8]) throws -> String {
    let header = Array(header.utf8)
    return try file((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data)
  }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
