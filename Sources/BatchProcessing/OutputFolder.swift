internal import Foundation

/// An output folder held by one run: files appear in it whole or not at all.
///
/// Every file is written beside its place under a temporary name, flushed to the disk and renamed. A run that was
/// killed leaves only names that start with ``temporaryPrefix``, which the next run removes.
package struct OutputFolder: Sendable {
  /// How the names of unfinished files begin; nothing with such a name is ever a result.
  package static let temporaryPrefix = ".bucky-unfinished-"
  private static let lockName = ".bucky-lock"

  package let path: String
  private let lock: FileLock

  /// Creates the folder where needed, takes hold of it, and removes what a killed run left behind.
  ///
  /// - Throws: ``BatchError/outputNotCreatable(path:errno:)`` or ``BatchError/outputInUse(path:)``.
  package init(creating path: String) throws(BatchError) {
    let absolute = URL(filePath: path).standardizedFileURL.path
    try SystemCall.makeDirectories(absolute)
    self.path = absolute
    self.lock = try FileLock(path: absolute + "/" + Self.lockName, folder: absolute)
    removeUnfinished()
  }

  /// Puts a file in its place at once: temporary name, flush, rename.
  ///
  /// - Parameter name: Relative to the folder; its folders are created.
  package func publish(_ bytes: some Collection<UInt8> & Sendable, as name: String) throws(BatchError) {
    try publish(name) { temporary throws(BatchError) in
      try SystemCall.write(Array(bytes), to: temporary)
    }
  }

  /// Lets `write` fill a file under a temporary name, then puts it in its place.
  package func publish(
    _ name: String, writing write: (_ temporary: String) throws(BatchError) -> Void
  ) throws(BatchError) {
    let temporary = try temporaryPath(for: name)
    do {
      // Made here first, for whoever writes it: private until it is a result.
      try SystemCall.write([], to: temporary)
      try write(temporary)
      try SystemCall.flushAndRename(temporary, to: path + "/" + name)
    } catch {
      SystemCall.remove(temporary)
      throw error
    }
  }

  /// The temporary path that a file called `name` is to be written to before ``finish(_:as:)``.
  package func temporaryPath(for name: String) throws(BatchError) -> String {
    let folder = (name as NSString).deletingLastPathComponent
    let last = (name as NSString).lastPathComponent
    let directory = folder.isEmpty ? path : path + "/" + folder
    try SystemCall.makeDirectories(directory)
    return directory + "/" + Self.temporaryPrefix + last
  }

  /// Puts a file written to ``temporaryPath(for:)`` in its place.
  package func finish(_ temporary: String, as name: String) throws(BatchError) {
    try SystemCall.flushAndRename(temporary, to: path + "/" + name)
  }

  /// Takes away results of an earlier run that would otherwise stand beside newer ones.
  package func withdraw(_ names: [String]) {
    for name in names { SystemCall.remove(path + "/" + name) }
  }

  private func removeUnfinished() {
    guard let entries = FileManager.default.enumerator(atPath: path) else { return }
    for case let entry as String in entries
    where (entry as NSString).lastPathComponent.hasPrefix(Self.temporaryPrefix) {
      SystemCall.remove(path + "/" + entry)
      SystemCall.removeFolder(path + "/" + entry)
    }
  }
}
