internal import Foundation
internal import Glibc
internal import Tensors

/// The few POSIX calls that Foundation does not offer in the form needed: flush before rename, locks, errno kept.
enum SystemCall {
  static func message(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  /// Creates a folder and those above it; one that exists is fine.
  static func makeDirectories(_ path: String) throws(BatchError) {
    var prefix = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      prefix += "/" + component
      if unsafe mkdir(prefix, 0o755) == 0 { continue }
      let code = errno
      guard code == EEXIST || isDirectory(prefix) else { throw .outputNotCreatable(path: prefix, errno: code) }
    }
    guard isDirectory(path) else { throw .outputNotCreatable(path: path, errno: ENOTDIR) }
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Writes a new private file and flushes it to the disk.
  static func write(_ bytes: [UInt8], to path: String) throws(BatchError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FileMode.unfinished)
    guard descriptor >= 0 else { throw .outputNotCreatable(path: path, errno: errno) }
    do {
      try writeAll(bytes, to: descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw .outputNotWritable(path: path, errno: errno) }
  }

  /// Writes all of `bytes`, however many calls that takes.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(BatchError) {
    var offset = 0
    while offset < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .outputNotWritable(path: path, errno: errno) }
      offset += written
    }
  }

  /// Flushes `temporary` to the disk, gives it the permissions of a result, renames it, and flushes the folder's entry.
  static func flushAndRename(_ temporary: String, to path: String) throws(BatchError) {
    try flush(temporary, flags: O_RDONLY)
    try publish(temporary, as: path)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    try flush(folder.isEmpty ? "/" : folder, flags: O_RDONLY | O_DIRECTORY)
  }

  /// Gives a file that is on the disk the permissions of a result and its name.
  static func publish(_ temporary: String, as path: String) throws(BatchError) {
    guard unsafe chmod(temporary, FileMode.published) == 0 else { throw .outputNotWritable(path: path, errno: errno) }
    guard unsafe rename(temporary, path) == 0 else { throw .outputNotWritable(path: path, errno: errno) }
  }

  /// Gives a finished folder its name, where nothing stands.
  static func publishFolder(_ temporary: String, as path: String) throws(BatchError) {
    guard unsafe rename(temporary, path) == 0 else { throw .outputNotWritable(path: path, errno: errno) }
  }

  private static func flush(_ path: String, flags: Int32) throws(BatchError) {
    let descriptor = unsafe open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw .outputNotWritable(path: path, errno: errno) }
    defer { close(descriptor) }
    // Some file systems cannot flush a folder and say EINVAL; the rename stands all the same.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .outputNotWritable(path: path, errno: errno) }
  }

  static func remove(_ path: String) {
    unsafe unlink(path)
  }

  /// Removes a folder with all that is in it; links in it are removed, not followed.
  static func removeFolder(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// An advisory lock on a folder, given back when the last copy goes or the process ends, however it ends.
final class FileLock: Sendable {
  private let descriptor: Int32

  init(path: String, folder: String) throws(BatchError) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .outputNotCreatable(path: path, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK ? .outputInUse(path: folder) : .outputNotCreatable(path: path, errno: code)
    }
  }

  deinit {
    close(descriptor)
  }
}
