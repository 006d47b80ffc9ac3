package import DICOMCore
internal import Foundation
internal import Glibc

/// A large file of a cache, written from front to back and put in its place when it is whole and on the disk.
///
/// Two processes may write the same file: each has a name of its own, and the last one stands. What a killed process left
/// is removed by the next one, since nobody holds its lock any more.
package final class CacheFileWriter {
  /// Where the bytes are until ``finish(as:header:)``; it can be read meanwhile.
  package let temporaryPath: String
  /// How many bytes have been written.
  package private(set) var count = 0
  private let folder: String
  private let descriptor: Int32
  private let headerLength: Int
  private var body = ContentHasher()
  private var isFinished = false

  /// - Parameters:
  ///   - folder: The name of a folder of the cache.
  ///   - headerLength: Bytes to leave free at the beginning.
  package init(in cache: CacheFolder, folder name: String, headerLength: Int) throws(CacheError) {
    folder = try cache.folder(name)
    Self.removeAbandoned(in: folder)
    (temporaryPath, descriptor) = try Self.create(in: folder)
    self.headerLength = headerLength
    guard ftruncate(descriptor, off_t(headerLength)) == 0 else {
      throw .notWritable(path: folder, errorNumber: errno)
    }
    count = headerLength
  }

  /// A new file whose lock this process holds.
  ///
  /// Between making and locking it another writer may take it for abandoned: then it has no name any more.
  private static func create(in folder: String) throws(CacheError) -> (path: String, descriptor: Int32) {
    while true {
      let path = "\(folder)/\(CacheFiles.unfinishedPrefix)\(UUID().uuidString)"
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw .notWritable(path: folder, errorNumber: errno) }
      while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
      var status = stat()
      if unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (path, descriptor) }
      close(descriptor)
    }
  }

  deinit {
    close(descriptor)
    if !isFinished { CacheFiles.remove(temporaryPath) }
  }

  /// Appends zeros up to a multiple of `alignment`.
  package func align(to alignment: Int) throws(CacheError) {
    let missing = (alignment - count % alignment) % alignment
    guard missing > 0 else { return }
    let zeros = [UInt8](repeating: 0, count: missing)
    try unsafe append(zeros.span.bytes)
  }

  package func append(_ bytes: RawSpan) throws(CacheError) {
    try write(bytes, at: count)
    body.update(bytes)
    count += bytes.byteCount
  }

  /// The digest of everything after the header.
  package var bodyDigest: ContentDigest {
    let hasher = body
    return hasher.finish()
  }

  /// Writes the header, waits for the disk and puts the file in its place.
  ///
  /// - Precondition: `header` has the length that was left free.
  package func finish(as name: String, header: [UInt8]) throws(CacheError) {
    precondition(header.count == headerLength, "a header of another length")
    try unsafe write(header.span.bytes, at: 0)
    guard fsync(descriptor) == 0, unsafe rename(temporaryPath, folder + "/" + name) == 0 else {
      throw .notWritable(path: folder, errorNumber: errno)
    }
    isFinished = true
    CacheFiles.flushFolder(folder)
  }

  private func write(_ bytes: RawSpan, at offset: Int) throws(CacheError) {
    var written = 0
    while written < bytes.byteCount {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written, off_t(offset + written))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .notWritable(path: folder, errorNumber: errno) }
      written += count
    }
  }

  /// A process that is alive holds the lock of its unfinished file.
  private static func removeAbandoned(in folder: String) {
    for file in CacheFiles.list(folder) where file.isUnfinished {
      let path = folder + "/" + file.name
      let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { CacheFiles.remove(path) }
      close(descriptor)
    }
  }
}

extension CacheFolder {
  /// A large file of the cache, with what it takes on the disk.
  package struct LargeFile: Sendable, Equatable {
    package let name: String
    package let byteCount: Int
  }

  /// Where the times of use of large files lie.
  private static let uses = "uses"

  /// Says that a large file is in use, which keeps it from being the one that goes first.
  ///
  /// The time of the file itself stays as it is: ``FileDigests`` knows the file by it, and would read gigabytes again.
  package func touch(_ folder: String, _ name: String) {
    guard let place = try? self.folder(Self.uses) else { return }
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = unsafe open("\(place)/\(folder)-\(name)", flags, 0o600)
    guard descriptor >= 0 else { return }
    _ = futimens(descriptor, nil)
    close(descriptor)
  }

  /// The large files of `folder` whose names begin with `prefix`, by name.
  package func files(in folder: String, prefix: String = "") -> [LargeFile] {
    CacheFiles.list(path + "/" + folder).filter { !$0.isUnfinished && $0.name.hasPrefix(prefix) }
      .map { LargeFile(name: $0.name, byteCount: $0.byteCount) }.sorted { $0.name < $1.name }
  }

  /// Removes the large files of `folder` but the `count` that were used last; whoever has one mapped keeps it.
  package func keepNewest(_ count: Int, in folder: String) {
    let files = CacheFiles.list(path + "/" + folder).filter { !$0.isUnfinished }.map { file in
      let use = CacheFiles.listed("\(folder)-\(file.name)", in: "\(path)/\(Self.uses)")
      return (name: file.name, lastUsed: max(file.lastUsed, use?.lastUsed ?? 0))
    }
    for file in files.sorted(by: { ($0.lastUsed, $0.name) > ($1.lastUsed, $1.name) }).dropFirst(count) {
      CacheFiles.remove("\(path)/\(folder)/\(file.name)")
      CacheFiles.remove("\(path)/\(Self.uses)/\(folder)-\(file.name)")
    }
  }
}
