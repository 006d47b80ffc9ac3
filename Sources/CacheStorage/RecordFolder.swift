package import DICOMCore
internal import Foundation
internal import Glibc

/// Small records that cannot be computed again, each found by a digest: on the disk before ``write(_:for:)`` returns, checked
/// when read, for this user alone.
///
/// Any number of processes may use one folder; whoever reads and then writes holds ``withLock(seconds:_:)``. When there are
/// too many records, those go that were used longest ago.
package struct RecordFolder: Sendable {
  /// What was found under a key.
  package enum Found: Sendable, Equatable {
    case nothing
    /// A file that is not what was written: it has been put aside.
    case damaged
    case record([UInt8])
  }

  private let folder: CacheFolder
  private let form: SealedEntry
  private let shardLimit: Int

  /// Where a name begins that belongs to a file being written; the same as in output folders, which remove it.
  private static let temporaryName = ".bucky-unfinished-record"
  private static let lockName = ".bucky-lock"
  private static let asidePrefix = "damaged-"
  private static let shardCount = 256
  /// What a record may hold at most, in bytes.
  package static let recordLimit = 1 << 20

  /// - Parameters:
  ///   - kind: The first line of every file, such as `bucky-ledger/1`.
  ///   - limit: How many records are kept.
  package init(_ folder: CacheFolder, kind: String, limit: Int) {
    self.folder = folder
    form = SealedEntry(kind: kind)
    shardLimit = max(1, limit / Self.shardCount)
  }

  /// Calls `body` while no other process, and no other caller of this one, does.
  ///
  /// - Throws: ``CacheError/inUse(path:)`` after waiting `seconds`, and what `body` throws.
  package func withLock<Value>(seconds: Double = 60, _ body: () throws -> Value) throws -> Value {
    let path = folder.path + "/" + Self.lockName
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw CacheError.notWritable(path: folder.path, errorNumber: errno) }
    defer { close(descriptor) }
    let start = ContinuousClock.now
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw CacheError.notWritable(path: folder.path, errorNumber: errno)
      }
      guard ContinuousClock.now - start < .seconds(seconds) else { throw CacheError.inUse(path: folder.path) }
      usleep(5_000)
    }
    return try body()
  }

  /// What stands under `key`.
  package func read(_ key: ContentDigest) -> Found {
    let path = path(of: key)
    guard CacheFiles.exists(path) else { return .nothing }
    guard let stored = CacheFiles.read(path, limit: Self.recordLimit + 256),
      let content = form.content(of: stored, key: key)
    else {
      // Kept under another name, for whoever wants to know what happened.
      CacheFiles.move(path, to: "\(folder.path)/\(Self.shard(key))/\(Self.asidePrefix)\(Self.name(key))")
      return .damaged
    }
    return .record(content)
  }

  /// Puts a record in its place, over one that is there, and waits for the disk.
  ///
  /// - Precondition: `content` is no longer than ``recordLimit``, and the lock is held.
  package func write(_ content: [UInt8], for key: ContentDigest) throws(CacheError) {
    precondition(content.count <= Self.recordLimit, "a record is a small thing")
    let shard = try folder.folder(Self.shard(key))
    let isNew = !CacheFiles.exists(path(of: key))
    try CacheFiles.publish(
      form.seal(content, key: key), at: path(of: key), in: shard, through: shard + "/" + Self.temporaryName,
      waitingForDisk: true)
    if isNew { trim(shard) }
  }

  private func trim(_ shard: String) {
    let files = CacheFiles.list(shard)
    guard files.count > shardLimit else { return }
    for file in files.sorted(by: { ($0.lastUsed, $0.name) > ($1.lastUsed, $1.name) }).dropFirst(shardLimit) {
      CacheFiles.remove(shard + "/" + file.name)
    }
  }

  private func path(of key: ContentDigest) -> String { "\(folder.path)/\(Self.shard(key))/\(Self.name(key))" }

  private static func name(_ key: ContentDigest) -> String { String(key.description.dropFirst("sha256:".count)) }
  private static func shard(_ key: ContentDigest) -> String { String(name(key).prefix(2)) }
}
