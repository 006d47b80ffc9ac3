import CacheStorage
import DICOMCore
import Foundation
import Synchronization
import TestSupport
import Testing

struct RecordFolderTests {
  private let temporary: TemporaryFolder
  private let records: RecordFolder

  init() throws {
    temporary = try TemporaryFolder()
    records = RecordFolder(try CacheFolder(at: temporary.path("ledger")), kind: "test/1", limit: 512)
  }

  private func key(_ text: String) -> ContentDigest { ContentDigest(ofText: text) }

  private func files() throws -> [String] {
    try TemporaryFolder.contents(of: temporary.path("ledger")).keys.sorted().filter { !$0.hasSuffix("lock") }
  }

  @Test func `a record is found again, replaced, and kept for this user alone`() throws {
    #expect(records.read(key("a")) == .nothing)
    try records.write([1, 2], for: key("a"))
    try records.write([3], for: key("a"))
    #expect(records.read(key("a")) == .record([3]))
    #expect(records.read(key("b")) == .nothing)
    let file = temporary.path("ledger/") + (try #require(try files().first))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try files().count == 1)
  }

  @Test(arguments: ["", "test/1\n", "test/2"])
  func `a damaged record is put aside, told once, and replaced`(start: String) throws {
    try records.write(Array("content".utf8), for: key("a"))
    let file = "ledger/" + (try #require(try files().first))
    let bytes = try temporary.read(file)
    try temporary.write(
      start.isEmpty ? Array(bytes.dropLast()) : Array(start.utf8) + bytes.dropFirst(start.utf8.count - 1), to: file)
    #expect(records.read(key("a")) == .damaged)
    #expect(records.read(key("a")) == .nothing)
    #expect(try files().filter { $0.contains("damaged-") }.count == 1)
    try records.write([7], for: key("a"))
    #expect(records.read(key("a")) == .record([7]))
  }

  @Test func `a record of another key under this name is damaged`() throws {
    try records.write([1], for: key("a"))
    try records.write([2], for: key("b"))
    let names = try files()
    try temporary.write(try temporary.read("ledger/" + names[0]), to: "ledger/" + names[1])
    let found = [records.read(key("a")), records.read(key("b"))]
    #expect(found.count { $0 == .damaged } == 1)
  }

  @Test func `when there are too many, those go that were used longest ago`() throws {
    let keys = (0..<2_000).map { key("\($0)") }.filter { $0.description.dropFirst(7).hasPrefix("00") }
    #expect(keys.count > 3)
    for key in keys { try records.write([1], for: key) }
    #expect(keys.count { records.read($0) == .record([1]) } == 2)
    #expect(records.read(keys[keys.count - 1]) == .record([1]))
  }

  @Test func `one at a time holds the lock, others wait, and give up when told to`() throws {
    let other = RecordFolder(try CacheFolder(at: temporary.path("ledger")), kind: "test/1", limit: 512)
    _ = try records.withLock {
      #expect(throws: CacheError.inUse(path: temporary.path("ledger"))) { try other.withLock(seconds: 0.05) {} }
    }
    let counter = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      try? other.withLock {
        let before = counter.withLock { $0 }
        usleep(1_000)
        counter.withLock { $0 = before + 1 }
      }
    }
    #expect(counter.withLock { $0 } == 8)
  }
}
