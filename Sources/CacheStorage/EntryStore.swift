package import DICOMCore
internal import Glibc
internal import Synchronization

/// Small entries of one kind in a cache, each found by a digest over everything it depends on.
///
/// An entry holds the digest it is found by and one over its content, so that a damaged, cut or misplaced one is never
/// taken for a result: it is removed, and computed again. When a store outgrows its size, what was used longest ago goes.
package final class EntryStore: Sendable {
  private let folder: CacheFolder
  private let name: String
  private let shardCapacity: Int
  /// Entries that were written to each shard since it was last trimmed.
  private let written = Mutex<[String: Int]>([:])

  /// What an entry may hold at most, in bytes.
  package static let entryLimit = 1 << 20
  private static let shardCount = 256
  private static let form = SealedEntry(kind: "bucky-cache/1")
  /// How often a shard is looked through while a run is filling it.
  private static let trimInterval = 64

  /// - Parameters:
  ///   - name: The folder of these entries.
  ///   - capacity: What they may take on the disk, in bytes; exceeded for a while by what a run is writing.
  package init(_ name: String, in folder: CacheFolder, capacity: Int) {
    self.folder = folder
    self.name = name
    shardCapacity = capacity / Self.shardCount
  }

  /// What was stored under `key`, or `nil`.
  package func bytes(for key: ContentDigest) -> [UInt8]? {
    let path = folder.path + "/" + relativePath(key)
    guard let stored = CacheFiles.read(path, limit: Self.entryLimit + 256) else { return nil }
    guard let content = Self.form.content(of: stored, key: key) else {
      CacheFiles.remove(path)
      return nil
    }
    return content
  }

  /// Stores `content` under `key`; where that is not possible, the folder's ``CacheFolder/failure`` says why.
  ///
  /// - Precondition: `content` is no longer than ``entryLimit``.
  package func store(_ content: [UInt8], for key: ContentDigest) {
    precondition(content.count <= Self.entryLimit, "an entry is a small thing")
    let shard = Self.shard(key)
    folder.writing { () throws(CacheError) in
      let place = try folder.folder(name + "/" + shard)
      try CacheFiles.publish(
        Self.form.seal(content, key: key), at: folder.path + "/" + relativePath(key), in: place)
    }
    let isFull = written.withLock { written in
      written[shard, default: 0] += 1
      return written[shard, default: 0].isMultiple(of: Self.trimInterval)
    }
    if isFull { trim(shard) }
  }

  /// Removes the entry of `key`.
  package func remove(_ key: ContentDigest) {
    CacheFiles.remove(folder.path + "/" + relativePath(key))
  }

  /// Brings every part that was written to below its size, and removes what killed processes left behind.
  package func trim() {
    let shards = written.withLock { written in
      defer { written = [:] }
      return written.keys.sorted()
    }
    shards.forEach(trim)
  }

  private func trim(_ shard: String) {
    let place = "\(folder.path)/\(name)/\(shard)"
    let files = CacheFiles.list(place)
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    for file in files where file.isUnfinished && file.lastUsed < (now.tv_sec - 3600) * 1_000_000_000 {
      CacheFiles.remove(place + "/" + file.name)
    }
    let entries = files.filter { !$0.isUnfinished }
    var total = entries.reduce(0) { $0 + $1.byteCount }
    guard total > shardCapacity else { return }
    // A little more than needed, so that not every entry that follows costs a look.
    for entry in entries.sorted(by: { ($0.lastUsed, $0.name) < ($1.lastUsed, $1.name) })
    where total > shardCapacity * 9 / 10 {
      CacheFiles.remove(place + "/" + entry.name)
      total -= entry.byteCount
    }
  }

  // MARK: Form

  private func relativePath(_ key: ContentDigest) -> String {
    "\(name)/\(Self.shard(key))/\(key.description.dropFirst(7))"
  }

  private static func shard(_ key: ContentDigest) -> String { String(key.description.dropFirst(7).prefix(2)) }
}
