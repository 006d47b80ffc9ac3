internal import Glibc

/// Asks the kernel to read a file that will be opened soon, so that nobody waits for the disk then.
package enum ReadAhead {
  /// What is asked for at most: a radiograph or a slice is less, and of an object of thousands of frames the beginning
  /// is needed first.
  static let limit = 64 << 20

  /// Returns at once. A file that cannot be opened is left to whoever reads it.
  package static func begin(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard let status = try? FileStatus(ofDescriptor: descriptor), status.kind == .regular else { return }
    posix_fadvise(descriptor, 0, off_t(min(status.size, limit)), POSIX_FADV_WILLNEED)
  }
}
