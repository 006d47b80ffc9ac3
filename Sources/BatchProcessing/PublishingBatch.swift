internal import DICOMFiles
internal import Synchronization

/// Puts many files in their places with one flush for all: to wait for the disk after each of five hundred takes longer than to
/// write them.
///
/// A file gets its name after its bytes have reached the disk, as with ``OutputFolder/publish(_:writing:)``.
final class PublishingBatch: Sendable {
  private let folder: OutputFolder
  private let size: Int
  private let waiting = Mutex<[(temporary: String, name: String)]>([])
  /// The folder that was made last, which most files share with those before them.
  private let made = Mutex("")

  /// - Parameter size: Files that wait for each other at most.
  init(_ folder: OutputFolder, size: Int = 64) {
    (self.folder, self.size) = (folder, size)
  }

  /// Does `work`, which adds files, and puts those that still wait in their places. When it throws, unfinished files go: here,
  /// since a worker may hold the last reference until the process has ended.
  func publishing(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch {
      for file in waiting.withLock({ $0 }) { SystemCall.remove(file.temporary) }
      throw error
    }
    try finish()
  }

  /// Lets `write` fill a file, which may check what it has written: when it throws, nothing is left.
  func add(_ name: String, writing write: (_ temporary: String) throws -> Void) throws {
    let temporary = try temporaryPath(for: name)
    do {
      try SystemCall.write([], to: temporary)
      try write(temporary)
    } catch {
      SystemCall.remove(temporary)
      throw error
    }
    let full = waiting.withLock { files -> [(temporary: String, name: String)] in
      files.append((temporary, name))
      guard files.count >= size else { return [] }
      defer { files = [] }
      return files
    }
    try place(full)
  }

  private func temporaryPath(for name: String) throws -> String {
    let split = name.lastIndex(of: "/") ?? name.startIndex
    let parent = String(name[..<split])
    guard !parent.isEmpty, made.withLock({ $0 == parent }) else {
      let path = try folder.temporaryPath(for: name)
      made.withLock { $0 = parent }
      return path
    }
    return folder.path + "/" + parent + "/" + OutputFolder.temporaryPrefix + name[name.index(after: split)...]
  }

  /// Puts what still waits in its place.
  private func finish() throws {
    try place(
      waiting.withLock { files in
        defer { files = [] }
        return files
      })
  }

  private func place(_ files: [(temporary: String, name: String)]) throws {
    guard !files.isEmpty else { return }
    do throws(DICOMFileError) {
      try DurableFiles.flushFileSystem(of: folder.path)
    } catch {
      throw BatchError(writing: folder.path, error)
    }
    for file in files { try SystemCall.publish(file.temporary, as: folder.path + "/" + file.name) }
  }
}
