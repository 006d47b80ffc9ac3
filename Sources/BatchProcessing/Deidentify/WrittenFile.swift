internal import DICOMFiles
internal import Glibc
internal import Tensors

/// A file opened to be read in pieces: one that was just written, or an input that is copied.
final class WrittenFile: Sendable {
  private let descriptor: Int32
  private let path: String
  let size: Int

  init(_ path: String) throws(BatchError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .outputNotWritable(path: path, errno: errno) }
    var status = stat()
    let code = unsafe fstat(descriptor, &status) == 0 ? 0 : errno
    size = Int(status.st_size)
    guard code == 0 else { throw .outputNotWritable(path: path, errno: code) }
  }

  deinit {
    close(descriptor)
  }

  func bytes(at offset: Int, count: Int) throws(BatchError) -> [UInt8] {
    do throws(DICOMFileError) {
      return try FileBytes.read(descriptor, at: offset, count: count)
    } catch {
      throw BatchError(writing: path, error)
    }
  }

  /// Copies the file to `target`, which is overwritten.
  func copy(to target: String) throws(BatchError) {
    let output = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FileMode.unfinished)
    guard output >= 0 else { throw .outputNotCreatable(path: target, errno: errno) }
    defer { close(output) }
    var offset = 0
    while offset < size {
      let piece = try bytes(at: offset, count: 1 << 20)
      if piece.isEmpty { break }
      try SystemCall.writeAll(piece, to: output, path: target)
      offset += piece.count
    }
  }
}
