internal import Glibc
internal import Tensors

/// A text file that grows line by line, so that a long log need not sit in memory.
final class AppendingFile {
  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []

  /// - Parameter path: Usually one of ``OutputFolder/temporaryPath(for:)``.
  init(creating path: String) throws(BatchError) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FileMode.unfinished)
    guard descriptor >= 0 else { throw .outputNotCreatable(path: path, errno: errno) }
  }

  func append(_ bytes: [UInt8]) throws(BatchError) {
    pending += bytes
    if pending.count > 1 << 16 { try flush() }
  }

  func flush() throws(BatchError) {
    try SystemCall.writeAll(pending, to: descriptor, path: path)
    pending = []
  }

  /// Takes away a file that was not put in its place; one that was has another name by now.
  deinit {
    close(descriptor)
    SystemCall.remove(path)
  }
}
