internal import Foundation
internal import Glibc
internal import Synchronization

/// The calls to the operating system that a cache needs: private modes, no links followed, whole files only.
enum CacheFiles {
  /// Where a name begins that belongs to a file being written.
  static let unfinishedPrefix = ".unfinished-"

  /// Makes a folder and those above it, for this user alone; one that exists is left as it is.
  static func makeFolder(_ path: String) throws(CacheError) {
    var prefix = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      prefix += "/" + component
      if unsafe mkdir(prefix, 0o700) == 0 { continue }
      let code = errno
      guard code == EEXIST || isFolder(prefix) else { throw .notCreatable(path: prefix, errorNumber: code) }
    }
    guard isFolder(path) else { throw .notCreatable(path: path, errorNumber: ENOTDIR) }
  }

  /// - Throws: ``CacheError/notPrivate(path:)`` unless this user owns the folder and nobody else may write to it.
  static func checkIsPrivate(_ path: String) throws(CacheError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
      throw .notPrivate(path: path)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The bytes of a regular file of this user's, at most `limit`, or `nil`.
  ///
  /// The time of the file becomes now, which is how eviction knows what is used.
  static func read(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
      status.st_size <= limit
    else { return nil }
    let size = Int(status.st_size)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size, let start = buffer.baseAddress {
        let got = unsafe pread(descriptor, start + filled, size - filled, off_t(filled))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { break }
        filled += got
      }
    }
    _ = futimens(descriptor, nil)
    return bytes.count == size ? bytes : nil
  }

  /// Puts a whole file in its place, over one that is there.
  ///
  /// The disk is not waited for: a file that a power cut leaves damaged is found out when it is read.
  static func publish(_ bytes: [UInt8], at path: String, in folder: String) throws(CacheError) {
    let name = "\(unfinishedPrefix)\(getpid())-\(serial.wrappingAdd(1, ordering: .relaxed).newValue)"
    try publish(bytes, at: path, in: folder, through: folder + "/" + name, waitingForDisk: false)
  }

  /// The same through a temporary file of the caller's.
  ///
  /// - Parameter waitingForDisk: Whether the bytes, and then the name, are on the disk when this returns.
  static func publish(
    _ bytes: [UInt8], at path: String, in folder: String, through temporary: String, waitingForDisk: Bool
  ) throws(CacheError) {
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .notWritable(path: folder, errorNumber: errno) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    var code = errno
    var isWhole = written == bytes.count
    if isWhole, waitingForDisk, fsync(descriptor) != 0 { (isWhole, code) = (false, errno) }
    close(descriptor)
    guard isWhole, unsafe rename(temporary, path) == 0 else {
      let failure = isWhole ? errno : code
      unsafe unlink(temporary)
      throw .notWritable(path: folder, errorNumber: failure)
    }
    if waitingForDisk { flushFolder(folder) }
  }

  /// Has the names in a folder written to the disk; file systems that cannot say so by an error that changes nothing.
  static func flushFolder(_ folder: String) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static let serial = Atomic<UInt64>(0)

  static func remove(_ path: String) {
    unsafe unlink(path)
  }

  static func move(_ path: String, to other: String) {
    unsafe _ = rename(path, other)
  }

  /// Whether anything has that name, links included.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
  }

  /// A file of a folder, as eviction sees it.
  struct Listed {
    let name: String
    /// What it takes on the disk, in bytes.
    let byteCount: Int
    /// Nanoseconds since 1970.
    let lastUsed: Int

    var isUnfinished: Bool { name.hasPrefix(CacheFiles.unfinishedPrefix) }
  }

  /// The regular files of `folder`; none where it cannot be read.
  static func list(_ folder: String) -> [Listed] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { listed($0, in: folder) }
  }

  /// The regular file `name` of `folder`.
  static func listed(_ name: String, in folder: String) -> Listed? {
    var status = stat()
    guard unsafe lstat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Listed(
      name: name, byteCount: Int(status.st_blocks) * 512,
      lastUsed: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
  }
}
