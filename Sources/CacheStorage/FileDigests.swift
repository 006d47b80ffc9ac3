package import DICOMCore
internal import Foundation
internal import Glibc

/// SHA-256 digests of files that do not change, remembered by what the file system says of them.
///
/// To read 3.5 GB takes seconds. A file whose device, inode, length, time of modification and time of change are those at
/// which it was read has not been written since: the kernel sets the last to its own clock with every write, and programs
/// cannot set it. What gets past it is a clock that was turned back, and writing to the disk below the file system; who
/// can do that can change the running program too. `bucky model verify` and `bucky model inspect` read the file.
package struct FileDigests: Sendable {
  private let store: EntryStore?

  /// - Parameter cache: `nil` to read every file whole.
  package init(_ cache: CacheFolder?) {
    store = cache.map { EntryStore("digests", in: $0, capacity: 16 << 20) }
  }

  /// The digest of the file at `path`.
  ///
  /// - Parameters:
  ///   - start: How many bytes at its beginning do not count.
  ///   - rereading: Whether the file is read even where its digest is known; a digest that turns out wrong is replaced.
  /// - Returns: `nil` when the file cannot be read or changes meanwhile.
  package func digest(of path: String, from start: Int = 0, rereading: Bool = false) -> ContentDigest? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let before = Identity(descriptor, start) else { return nil }
    if !rereading, let known = store?.bytes(for: before.key), let digest = Self.digest(from: known) { return digest }
    guard let digest = Self.read(descriptor, start), let after = Identity(descriptor, start), before.key == after.key
    else {
      return nil
    }
    // Times are as coarse as the kernel's tick: a file that was changed just now may change again within the same one.
    if before.isSettled {
      store?.store(Array(digest.description.utf8), for: before.key)
    } else {
      store?.remove(before.key)
    }
    return digest
  }

  private static func read(_ descriptor: Int32, _ start: Int) -> ContentDigest? {
    // Read, not mapped: what is only hashed should not count as memory of this process.
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    guard lseek(descriptor, off_t(start), SEEK_SET) == off_t(start) else { return nil }
    var hasher = ContentHasher()
    let capacity = 1 << 20
    while true {
      var got = 0
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
        repeat {
          got = unsafe Glibc.read(descriptor, buffer.baseAddress, capacity)
        } while got < 0 && errno == EINTR
        filled = max(0, got)
      }
      guard got >= 0 else { return nil }
      if got == 0 { return hasher.finish() }
      hasher.update(piece)
    }
  }

  private static func digest(from bytes: [UInt8]) -> ContentDigest? {
    let quoted = "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    return try? JSONDecoder().decode(ContentDigest.self, from: Data(quoted.utf8))
  }
}

/// What the file system says of an open file.
private struct Identity {
  let key: ContentDigest
  /// Whether the last change is older than the coarsest clock of a file system.
  let isSettled: Bool

  init?(_ descriptor: Int32, _ start: Int) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    func text(_ time: timespec) -> String { "\(time.tv_sec).\(time.tv_nsec)" }
    key = ContentDigest(
      ofText:
        "file/1 \(start) \(status.st_dev) \(status.st_ino) \(status.st_size) \(text(status.st_mtim)) \(text(status.st_ctim))"
    )
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    isSettled = max(status.st_mtim.tv_sec, status.st_ctim.tv_sec) + 3 <= now.tv_sec
  }
}
