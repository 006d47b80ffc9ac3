// The calls to the operating system, and the only pointers outside the DCMTK wrappers.

internal import CSandbox
internal import Glibc

/// Messages of the operating system.
enum SystemError {
  /// The text for an `errno`.
  static func text(_ code: Int32) -> String {
    guard let name = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: name)
  }
}

/// What a path leads to.
enum FileKind: Equatable {
  case regular, directory, symbolicLink, other
}

/// What makes a file or folder the same one under another name.
struct FileIdentity: Hashable {
  let device: UInt
  let inode: UInt
}

/// The identity and kind of a file.
struct FileStatus {
  let kind: FileKind
  let size: Int
  let identity: FileIdentity

  /// Of `name` in an open folder, from `fstatat`; of a link, the link itself.
  ///
  /// - Throws: `permissionDenied` or `unreadable`.
  init(of name: String, inFolder descriptor: Int32) throws(DICOMFileError) {
    var status = stat()
    guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw DICOMFileError(openingFailedWith: errno)
    }
    self.init(status)
  }

  /// The same of an open file, from `fstat`.
  init(ofDescriptor descriptor: Int32) throws(DICOMFileError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
    self.init(status)
  }

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    size = Int(status.st_size)
    identity = FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
  }
}

/// Reading bytes of a file without DCMTK.
package enum FileBytes {
  /// At most `count` bytes from `offset` on; fewer only at the end of the file. The descriptor's own place stays.
  package static func read(_ descriptor: Int32, at offset: Int, count: Int) throws(DICOMFileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = unsafe pread(descriptor, start + filled, count - filled, off_t(offset + filled))
        if got > 0 { filled += got }
        if got == 0 { break }
        if got < 0, errno != EINTR {
          failure = errno
          break
        }
      }
    }
    guard failure == 0 else { throw .unreadable(errno: failure) }
    return bytes
  }

  /// Writes all of `bytes` where the descriptor stands, however many calls that takes.
  static func append(_ bytes: [UInt8], to descriptor: Int32) throws(DICOMFileError) {
    var offset = 0
    while offset < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .cannotWrite(errno: errno) }
      offset += written
    }
  }

  /// Whether two files hold the same bytes.
  package static func areEqual(_ first: String, _ second: String) throws(DICOMFileError) -> Bool {
    let left = try SourceFile(opening: first)
    let right = try SourceFile(opening: second)
    var offset = 0
    while true {
      let leftBytes = try left.read(at: offset, count: 1 << 18)
      let rightBytes = try right.read(at: offset, count: 1 << 18)
      if leftBytes != rightBytes { return false }
      if leftBytes.isEmpty { return true }
      offset += leftBytes.count
    }
  }

  /// The absolute path with every link resolved.
  ///
  /// - Throws: `permissionDenied` or `unreadable` when it leads nowhere, `undecodableName` when it is no UTF-8.
  static func resolved(_ path: String) throws(DICOMFileError) -> String {
    guard let real = unsafe realpath(path, nil) else { throw DICOMFileError(openingFailedWith: errno) }
    defer { unsafe free(real) }
    guard let text = unsafe String(validatingCString: real) else { throw .undecodableName }
    return text
  }
}

extension DICOMFileError {
  /// The error for an `errno` of `open`, `stat` or `opendir`.
  init(openingFailedWith code: Int32) {
    self = code == EACCES || code == EPERM ? .permissionDenied : .unreadable(errno: code)
  }
}

/// What has been written, on the disk.
package enum DurableFiles {
  /// Flushes everything that was written to the file system that `path` is on: for many files far cheaper than each by itself.
  ///
  /// - Throws: `cannotWrite`.
  package static func flushFileSystem(of path: String) throws(DICOMFileError) {
    let code = unsafe csandbox_flush_file_system(path)
    guard code == 0 else { throw .cannotWrite(errno: code) }
  }
}
