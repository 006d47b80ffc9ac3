internal import DICOMCore
internal import Foundation
internal import Glibc
package import PipelineDefinitions

/// The secret that pseudonyms, UIDs and date shifts follow from.
///
/// It is read from a file that its owner alone may read, and is never written anywhere else.
package struct DeidentificationKey: Sendable {
  package let bytes: [UInt8]
  /// Made for one run and forgotten: nobody can relink its output, or add to it later.
  package let isOneTime: Bool

  /// A key for this run alone.
  package static func oneTime() -> DeidentificationKey {
    DeidentificationKey(bytes: KeyedDigest.randomKey(), isOneTime: true)
  }

  /// The key in a file, or one for this run alone where there is none.
  ///
  /// - Parameter folders: What is handed on, where a key must not lie.
  /// - Throws: ``BatchError/configuration(_:)`` for a key that cannot be used.
  package init(path: String?, outside folders: [String]) throws(BatchError) {
    guard let path else {
      self = .oneTime()
      return
    }
    let place = URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
    for folder in folders {
      let root = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath().path
      guard !place.hasPrefix(root + "/") else {
        throw .configuration("the key file lies in \(folder), which is handed on; keep it elsewhere")
      }
    }
    try self.init(file: path)
  }

  private init(bytes: [UInt8], isOneTime: Bool) {
    (self.bytes, self.isOneTime) = (bytes, isOneTime)
  }

  /// Reads a key of 32 bytes.
  ///
  /// - Throws: ``BatchError/configuration(_:)`` for a file that is not there, is no regular file, may be read or written by others
  ///   than its owner, belongs to somebody else, or has another length.
  package init(file path: String) throws(BatchError) {
    func refuse(_ why: String) -> BatchError { .configuration("key file \(path): \(why)") }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw refuse(SystemCall.message(errno)) }
    defer { close(descriptor) }
    // Of the open file, so that nobody can put another in its place between the check and the reading.
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw refuse(SystemCall.message(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw refuse("not a regular file") }
    guard status.st_mode & 0o077 == 0 else {
      throw refuse("others may read or change it; chmod 600 it, and take a new key if they may have")
    }
    guard status.st_uid == geteuid() else { throw refuse("it belongs to another user") }
    guard status.st_size == KeyedDigest.keyLength else {
      throw refuse(
        "found \(status.st_size) bytes, expected \(KeyedDigest.keyLength); make one with bucky deidentify keygen")
    }
    var bytes = [UInt8](repeating: 0, count: KeyedDigest.keyLength)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    guard got == KeyedDigest.keyLength else { throw refuse("it cannot be read") }
    self.init(bytes: bytes, isOneTime: false)
  }

  /// Writes a fresh key to a new file that its owner alone can read.
  ///
  /// - Throws: ``BatchError/outputNotCreatable(path:errno:)`` also where there is a file already: a key that is overwritten is lost.
  package static func generate(at path: String) throws(BatchError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .outputNotCreatable(path: path, errno: errno) }
    defer { close(descriptor) }
    try SystemCall.writeAll(KeyedDigest.randomKey(), to: descriptor, path: path)
    guard fsync(descriptor) == 0 else { throw .outputNotWritable(path: path, errno: errno) }
  }
}

extension DeidentificationKey {
  /// The key of a run whose pipeline may de-identify.
  ///
  /// - Returns: `nil` where no key is named.
  /// - Throws: ``BatchError/configuration(_:)`` for a key that cannot be used, or that `pipeline` has no use for.
  package init?(path: String?, for pipeline: Pipeline?, output: String) throws(BatchError) {
    guard let path else { return nil }
    guard pipeline?.deidentification != nil else {
      throw .configuration("--key \(path): the pipeline does not de-identify; name one with a deidentify part")
    }
    try self.init(path: path, outside: [output])
  }
}
