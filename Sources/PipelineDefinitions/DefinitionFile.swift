internal import DICOMCore
internal import Foundation

/// The bytes of one definition file, with their digest.
struct DefinitionFile {
  /// Far above any real definition; a larger file is not read.
  static let maximumSize = 1 << 20

  /// The path as it was given, for messages.
  let path: String
  let bytes: [UInt8]
  let digest: ContentDigest

  /// Reads a regular file of at most ``maximumSize`` bytes.
  init(reading path: String) throws(DefinitionError) {
    let resolved = URL(filePath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
      throw .unreadable(path: path, reason: "no such file")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
    guard let handle = FileHandle(forReadingAtPath: resolved) else {
      throw .unreadable(path: path, reason: "permission denied")
    }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: Self.maximumSize + 1) ?? Data() else {
      throw .unreadable(path: path, reason: "cannot be read")
    }
    self.init(path: path, bytes: Array(data))
  }

  init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.digest = ContentDigest(of: bytes)
  }
}
