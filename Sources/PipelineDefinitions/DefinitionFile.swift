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
    // A pipe in its place is not waited for, and what is checked is what is read.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      let reason =
        switch errno {
        case ENOENT, ENOTDIR: "no such file"
        case EACCES, EPERM: "permission denied"
        default: "cannot be read"
        }
      throw .unreadable(path: path, reason: reason)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
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
