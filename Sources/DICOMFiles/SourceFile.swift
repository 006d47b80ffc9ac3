internal import Glibc

/// A regular file opened for reading; closed with its last reference.
///
/// Whoever holds one reads the file it was opened on, whatever happens to the path: this is what travels to a child
/// process that cannot open files.
package final class SourceFile: Sendable {
  let descriptor: Int32
  /// In bytes, when it was opened; at least 1.
  let size: Int
  /// Bytes of memory that parsing it may take.
  let parsingLimit: Int
  /// What its structure may ask for.
  let structureLimits: PreScanLimits

  /// Opens the file at `path`, which names it without links: what was decided about a file holds for what is read.
  ///
  /// - Throws: What stands in the way of reading anything from it; `notARegularFile` and `emptyFile` before it is opened,
  ///   since opening a device can have effects, and an empty file that cannot be opened is still empty. A link in
  ///   the path is `unreadable`.
  package convenience init(opening path: String) throws(DICOMFileError) {
    let parts = PathParts(path)
    let folder = try LinkFreeFolder(path: parts.folder)
    let status = try folder.status(of: parts.name)
    guard status.kind != .symbolicLink else { throw .unreadable(errno: ELOOP) }
    guard status.kind == .regular else { throw .notARegularFile }
    guard status.size > 0 else { throw .emptyFile }
    try self.init(adopting: folder.open(parts.name))
  }

  /// Takes over an open descriptor, to be closed with this object.
  init(
    adopting descriptor: Int32, parsingLimit: Int = .max, structureLimits: PreScanLimits = PreScanLimits()
  ) throws(DICOMFileError) {
    (self.descriptor, self.parsingLimit, self.structureLimits) = (descriptor, parsingLimit, structureLimits)
    let status = try FileStatus(ofDescriptor: descriptor)
    size = status.size
    guard status.kind == .regular else { throw .notARegularFile }
    guard size > 0 else { throw .emptyFile }
  }

  deinit {
    close(descriptor)
  }

  /// At most `count` bytes from `offset` on; fewer only when the file is shorter.
  func read(at offset: Int, count: Int) throws(DICOMFileError) -> [UInt8] {
    try FileBytes.read(descriptor, at: offset, count: count)
  }
}
