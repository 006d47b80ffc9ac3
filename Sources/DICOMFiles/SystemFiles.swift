// The calls to the operating system, and the only pointers outside the DCMTK wrappers.

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

/// A file's identity and kind, from `stat` or `lstat`.
struct FileStatus {
  let kind: FileKind
  let size: Int
  let device: UInt
  let inode: UInt

  /// - Throws: `permissionDenied` or `unreadable`.
  init(of path: String, followingLinks: Bool) throws(DICOMFileError) {
    var status = stat()
    let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
    guard result == 0 else { throw DICOMFileError(openingFailedWith: errno) }
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
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
  }
}

/// The entries of a directory.
enum DirectoryListing {
  /// The names in `path`, bytewise sorted; `nil` stands for a name that is not UTF-8.
  static func names(in path: String) throws(DICOMFileError) -> [String?] {
    guard let directory = unsafe opendir(path) else { throw DICOMFileError(openingFailedWith: errno) }
    defer { unsafe _ = closedir(directory) }
    var names: [String?] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(directory) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .unreadable(errno: errno) }
    return names.sorted { Array(($0 ?? "").utf8).lexicographicallyPrecedes(Array(($1 ?? "").utf8)) }
  }
}

/// Reading bytes of a file without DCMTK.
enum FileBytes {
  /// At most `count` bytes from `offset` on; fewer only at the end of the file. The descriptor's own place stays.
  static func read(_ descriptor: Int32, at offset: Int, count: Int) throws(DICOMFileError) -> [UInt8] {
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

  /// Whether two files hold the same bytes.
  static func areEqual(_ first: String, _ second: String) throws(DICOMFileError) -> Bool {
    let left = unsafe open(first, O_RDONLY | O_CLOEXEC)
    guard left >= 0 else { throw DICOMFileError(openingFailedWith: errno) }
    defer { close(left) }
    let right = unsafe open(second, O_RDONLY | O_CLOEXEC)
    guard right >= 0 else { throw DICOMFileError(openingFailedWith: errno) }
    defer { close(right) }
    var offset = 0
    while true {
      let leftBytes = try read(left, at: offset, count: 1 << 18)
      let rightBytes = try read(right, at: offset, count: 1 << 18)
      if leftBytes != rightBytes { return false }
      if leftBytes.isEmpty { return true }
      offset += leftBytes.count
    }
  }

  /// The path with every link resolved, or `nil` when there is nothing.
  static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(validatingCString: real)
  }
}

extension DICOMFileError {
  /// The error for an `errno` of `open`, `stat` or `opendir`.
  init(openingFailedWith code: Int32) {
    self = code == EACCES || code == EPERM ? .permissionDenied : .unreadable(errno: code)
  }
}
