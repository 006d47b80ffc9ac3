internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import TestSupport
internal import Testing

struct FileDigestsTests {
  private let temporary: TemporaryFolder
  private let cache: CacheFolder

  init() throws {
    temporary = try TemporaryFolder()
    cache = try CacheFolder(at: temporary.path("cache"))
  }

  /// Waits until a file is old enough to be remembered.
  private func settle() { Thread.sleep(forTimeInterval: 4.1) }

  private func remembered() throws -> Int { try TemporaryFolder.contents(of: cache.path).count }

  @Test func `a digest is remembered once the file has settled, and a change is seen`() throws {
    let path = try temporary.write("weights", to: "file")
    let digests = FileDigests(cache)
    let first = ContentDigest(ofText: "weights")
    #expect(digests.digest(of: path) == first)
    #expect(try remembered() == 0, "a file of this second may change within it")
    settle()
    #expect(digests.digest(of: path) == first)
    #expect(try remembered() == 1)
    // The same length and the same time of modification: the time of change tells.
    let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.write(contentsOf: Data("WEIGHTS".utf8))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: try #require(time)], ofItemAtPath: path)
    #expect(digests.digest(of: path) == ContentDigest(ofText: "WEIGHTS"))
  }

  @Test func `a large file that is used is known without reading, and stays the longest`() throws {
    for name in ["first", "second"] {
      let writer = try CacheFileWriter(in: cache, folder: "large", headerLength: 1)
      try writer.finish(as: name, header: [0])
    }
    settle()
    let path = cache.path + "/large/first"
    let digest = try #require(FileDigests(cache).digest(of: path))
    let before = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    cache.touch("large", "first")
    #expect(FileDigests(cache).digest(of: path) == digest)
    let count = try remembered()
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == before)
    #expect(FileDigests(cache).digest(of: path) == digest)
    #expect(try remembered() == count, "its identity is the one that is remembered")
    #expect(cache.files(in: "large").map(\.name) == ["first", "second"], "a note of use lies elsewhere")
    cache.keepNewest(1, in: "large")
    #expect(cache.files(in: "large").map(\.name) == ["first"])
    cache.keepNewest(0, in: "large")
    for folder in ["large", "uses"] {
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(cache.path)/\(folder)").isEmpty)
    }
  }

  @Test func `what is remembered is used without reading, and reading again corrects it`() throws {
    let path = try temporary.write("weights", to: "file")
    settle()
    let digests = FileDigests(cache)
    let right = ContentDigest(ofText: "weights")
    #expect(digests.digest(of: path) == right)
    // Put a whole, well-formed record of another digest in its place.
    let record = try #require(try TemporaryFolder.contents(of: cache.path).first)
    var lines = String(decoding: record.value, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let wrong = ContentDigest(ofText: "other")
    lines[2] = Substring(ContentDigest(ofText: wrong.description).description)
    lines[3] = Substring(wrong.description)
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: cache.path + "/" + record.key))
    #expect(digests.digest(of: path) == wrong)
    #expect(digests.digest(of: path, rereading: true) == right)
    #expect(digests.digest(of: path) == right)
  }

  @Test func `without a cache every file is read, and what is no file has no digest`() throws {
    let path = try temporary.write("weights", to: "file")
    #expect(FileDigests(nil).digest(of: path) == ContentDigest(ofText: "weights"))
    #expect(FileDigests(nil).digest(of: temporary.path("nothing")) == nil)
    #expect(FileDigests(nil).digest(of: temporary.path) == nil)
  }
}
