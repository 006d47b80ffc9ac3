internal import Foundation
internal import Glibc

/// Who may read what is written, as `mode_t` has it.
package enum FileMode {
  /// Of a file that is not complete: its owner alone.
  package static let unfinished: UInt32 = 0o600

  /// Of a result: what the process's file mode creation mask leaves of reading and writing.
  package static let published: UInt32 = {
    // umask(2) can only be read by changing it, which other threads would notice.
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Umask:") }
    let mask = line.flatMap { UInt32($0.dropFirst(6).trimmingCharacters(in: .whitespaces), radix: 8) } ?? 0o022
    return 0o666 & ~mask
  }()
}

/// A file that is written beside its place and moved there when it is complete.
///
/// Until then only its owner can read it.
struct OutputFile: ~Copyable {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var isCommitted = false

  /// Creates the partial file, over one that an earlier run has left behind.
  init(path: String) throws(SafetensorsError) {
    self.path = path
    self.partialPath = path + ".partial"
    self.descriptor = unsafe open(
      partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FileMode.unfinished)
    guard descriptor >= 0 else { throw .unwritable(file: path, errorNumber: errno) }
    // The mode above is for a new file only.
    guard fchmod(descriptor, FileMode.unfinished) == 0 else { throw failure() }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unsafe unlink(partialPath) }
  }

  /// Appends `bytes`.
  func write(_ bytes: [UInt8]) throws(SafetensorsError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      written += count
    }
  }

  /// Replaces the first bytes of the file.
  func rewriteStart(_ bytes: [UInt8]) throws(SafetensorsError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure() }
    try write(bytes)
  }

  /// Waits for the disk and moves the file to its place, over one that may be there.
  mutating func commit() throws(SafetensorsError) {
    guard fchmod(descriptor, FileMode.published) == 0, fsync(descriptor) == 0 else { throw failure() }
    guard unsafe rename(partialPath, path) == 0 else { throw failure() }
    isCommitted = true
    // The new name is on the disk when the directory is.
    let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let directory = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failure() }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw failure() }
  }

  private func failure() -> SafetensorsError { .unwritable(file: path, errorNumber: errno) }
}
