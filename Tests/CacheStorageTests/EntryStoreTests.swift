internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import TestSupport
internal import Testing

struct EntryStoreTests {
  private let temporary: TemporaryFolder
  private let folder: CacheFolder

  init() throws {
    temporary = try TemporaryFolder()
    folder = try CacheFolder(at: temporary.path("cache"))
  }

  private func key(_ text: String) -> ContentDigest { ContentDigest(ofText: text) }

  /// The files of the cache, in the order of their names.
  private func files() throws -> [String] {
    try TemporaryFolder.contents(of: folder.path).keys.sorted().map { folder.path + "/" + $0 }
  }

  @Test func `what is stored is found again, by its key alone`() throws {
    let store = EntryStore("images", in: folder, capacity: 1 << 20)
    #expect(store.bytes(for: key("a")) == nil)
    store.store([1, 2, 3], for: key("a"))
    store.store([], for: key("b"))
    #expect(store.bytes(for: key("a")) == [1, 2, 3])
    #expect(store.bytes(for: key("b")) == [])
    #expect(EntryStore("prompts", in: folder, capacity: 1 << 20).bytes(for: key("a")) == nil)
  }

  @Test func `folders and files are for this user alone`() throws {
    EntryStore("images", in: folder, capacity: 1 << 20).store([1], for: key("a"))
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    let file = try #require(try files().first)
    var path = file
    #expect(try mode(path) == 0o600)
    while path != folder.path {
      path = URL(filePath: path).deletingLastPathComponent().path
      #expect(try mode(path) == 0o700, "\(path)")
    }
  }

  @Test(arguments: [0, 5, 60, 130, 172])
  func `an entry with one wrong byte is removed and not believed`(position: Int) throws {
    let store = EntryStore("images", in: folder, capacity: 1 << 20)
    store.store(Array(repeating: 7, count: 16), for: key("a"))
    let file = try #require(try files().first)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
    bytes[position] ^= 1
    try Data(bytes).write(to: URL(filePath: file))
    #expect(store.bytes(for: key("a")) == nil)
    #expect(try files().isEmpty)
  }

  @Test(arguments: [0, 1, 40, 150, 171])
  func `an entry that was cut is removed and not believed`(length: Int) throws {
    let store = EntryStore("images", in: folder, capacity: 1 << 20)
    store.store(Array(repeating: 7, count: 16), for: key("a"))
    let file = try #require(try files().first)
    try Data(Data(contentsOf: URL(filePath: file)).prefix(length)).write(to: URL(filePath: file))
    #expect(store.bytes(for: key("a")) == nil)
    #expect(try files().isEmpty)
  }

  @Test func `an entry under the name of another is not believed`() throws {
    let store = EntryStore("images", in: folder, capacity: 1 << 20)
    // Two keys of one shard, so that one file can take the other's place.
    let keys = (0...).lazy.map { self.key("\($0)") }
    let first = key("0")
    let prefix = first.description.prefix(9)
    let second = try #require(keys.dropFirst().first { $0.description.hasPrefix(prefix) })
    store.store([1], for: first)
    let file = try #require(try files().first)
    store.store([2], for: second)
    let other = try #require(try files().first { $0 != file })
    try FileManager.default.removeItem(atPath: file)
    try FileManager.default.copyItem(atPath: other, toPath: file)
    #expect(store.bytes(for: first) == nil)
    #expect(store.bytes(for: second) == [2])
  }

  @Test func `what was used longest ago makes room`() throws {
    // A shard holds four entries of one disk block.
    let store = EntryStore("images", in: folder, capacity: 256 * 4 * 4096)
    let prefix = key("0").description.prefix(9)
    let keys = Array((0...).lazy.map { self.key("\($0)") }.filter { $0.description.hasPrefix(prefix) }.prefix(8))
    for (index, key) in keys.enumerated() {
      store.store([UInt8(index)], for: key)
      let name = String(key.description.dropFirst(7))
      let file = try #require(try files().first { $0.hasSuffix(name) })
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: Double(index) * 10 - 1000)], ofItemAtPath: file)
    }
    // Reading is use: the first entry becomes the newest.
    #expect(store.bytes(for: keys[0]) == [0])
    store.trim()
    #expect(try files().count == 3)
    #expect(store.bytes(for: keys[0]) == [0])
    #expect(store.bytes(for: keys[7]) == [7])
    #expect(store.bytes(for: keys[1]) == nil)
  }

  @Test func `two stores at once leave whole entries`() async throws {
    let folders = try (0..<2).map { _ in try CacheFolder(at: folder.path) }
    await withTaskGroup(of: Void.self) { group in
      for folder in folders {
        group.addTask {
          let store = EntryStore("images", in: folder, capacity: 256 * 8 * 4096)
          for round in 0..<200 {
            let key = ContentDigest(ofText: "\(round % 20)")
            let content = Array("\(round % 20)".utf8)
            if let known = store.bytes(for: key) { #expect(known == content) }
            store.store(content, for: key)
            store.trim()
          }
        }
      }
    }
    #expect(folders.allSatisfy { $0.failure == nil })
    #expect(try files().allSatisfy { !$0.contains(".unfinished-") })
  }

  @Test func `a folder that others may write to is not used`() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
    #expect(throws: CacheError.notPrivate(path: folder.path)) { try CacheFolder(at: folder.path) }
  }

  @Test func `a place that cannot be written is read, and says so`() throws {
    let store = EntryStore("images", in: folder, capacity: 1 << 20)
    store.store([1], for: key("a"))
    // Where a folder is needed lies a file: no permission is involved, so it holds for root as well.
    try Data().write(to: URL(filePath: folder.path + "/prompts"))
    let blocked = EntryStore("prompts", in: folder, capacity: 1 << 20)
    blocked.store([2], for: key("b"))
    #expect(folder.failure != nil)
    #expect(blocked.bytes(for: key("b")) == nil)
    #expect(store.bytes(for: key("a")) == [1])
  }

  @Test func `the place follows the environment`() {
    #expect(CacheFolder.standardPath(["BUCKY_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/a")
    #expect(CacheFolder.standardPath(["XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/b/bucky")
    #expect(CacheFolder.standardPath(["XDG_CACHE_HOME": "relative", "HOME": "/c"]) == "/c/.cache/bucky")
    #expect(CacheFolder.standardPath([:]) == nil)
  }
}
