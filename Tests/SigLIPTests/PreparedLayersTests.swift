internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import SigLIP
internal import Tensors
internal import TestSupport
internal import Testing

/// Layers that were packed into a file, against layers that are packed into memory.
struct PreparedLayersTests {
  private let temporary: TemporaryFolder
  private let checkpoint: SmallCheckpoint

  init() throws {
    temporary = try TemporaryFolder()
    checkpoint = try SmallCheckpoint()
  }

  private func model(
    _ precision: Precision = .int8, imageSize: Int? = nil, rereading: Bool = false
  ) throws -> SigLIPModel {
    try SigLIPModel(
      directory: checkpoint.directory, imageSize: imageSize, precision: precision,
      cache: CacheFolder(at: temporary.path("cache")), rereading: rereading)
  }

  private func files() throws -> [String] {
    try TemporaryFolder.contents(of: temporary.path("cache/prepared")).keys.sorted()
  }

  /// One image and one prompt.
  private func embeddings(_ model: SigLIPModel) throws -> [[Float]] {
    [
      try model.imageEmbedding(SeededValues.image(side: model.imageSize)),
      try model.textEmbedding("Small LEFT pleural effusion."),
    ]
  }

  private func edit(_ name: String, _ change: (inout [UInt8]) throws -> Void) throws {
    let url = URL(filePath: temporary.path("cache/prepared/" + name))
    var bytes = [UInt8](try Data(contentsOf: url))
    try change(&bytes)
    try Data(bytes).write(to: url)
  }

  @Test(arguments: Precision.allCases)
  func `embeddings have the same bits from a file as from memory`(precision: Precision) throws {
    let plain = try SigLIPModel(directory: checkpoint.directory, precision: precision)
    let expected = try embeddings(plain)
    for _ in 0..<2 {
      let prepared = try model(precision)
      #expect(try embeddings(prepared) == expected)
      #expect(prepared.summary == plain.summary)
    }
    #expect(try files().count == 2)
  }

  @Test func `a file serves images of every size, and a changed checkpoint gets another`() throws {
    let expected = try embeddings(SigLIPModel(directory: checkpoint.directory, imageSize: 101, precision: .int8))
    _ = try model()
    let before = try files()
    #expect(try embeddings(model(imageSize: 101)) == expected)
    #expect(try files() == before)
    try checkpoint.write("config.json", SmallCheckpoint.configuration + " ")
    _ = try model()
    #expect(try files().count == 4)
  }

  @Test(arguments: ["a layer", "the table", "the header", "the end", "everything", "the byte order", "the version"])
  func `a damaged or foreign file is made anew`(part: String) throws {
    let expected = try embeddings(model())
    let whole = try TemporaryFolder.contents(of: temporary.path("cache/prepared"))
    for name in try files() {
      try edit(name) { bytes in
        switch part {
        case "a layer": bytes[bytes.count / 2] ^= 1
        case "the table": bytes[bytes.count - 20] ^= 1
        case "the header": bytes[30] ^= 1
        case "the end": bytes.removeLast(5000)
        case "everything": bytes = []
        case "the byte order": try Self.rewriteHeader(&bytes, "\"byteOrder\":[4,3,2,1]", "\"byteOrder\":[1,2,3,4]")
        default: try Self.rewriteHeader(&bytes, "\"version\":1", "\"version\":99")
        }
      }
    }
    #expect(try embeddings(model()) == expected)
    #expect(try TemporaryFolder.contents(of: temporary.path("cache/prepared")) == whole)
  }

  /// Replaces a member of the header and gives it the digest that belongs to it.
  private static func rewriteHeader(_ bytes: inout [UInt8], _ old: String, _ new: String) throws {
    let end = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    let changed = text.replacing(old, with: new)
    try #require(changed != text)
    let header = Array((changed + "\n" + ContentDigest(ofText: changed).description).utf8)
    bytes.replaceSubrange(0..<4096, with: header + [UInt8](repeating: 32, count: 4096 - header.count))
  }

  @Test func `reading everything again finds damage that the file system does not tell of`() throws {
    let expected = try embeddings(model())
    #expect(try embeddings(model(rereading: true)) == expected)
    #expect(try files().count == 2)
  }

  @Test func `a cache that cannot be written costs time, not results`() throws {
    let expected = try embeddings(SigLIPModel(directory: checkpoint.directory, precision: .int8))
    // Where a folder is needed lies a file: no permission is involved, so it holds for root as well.
    try temporary.write("", to: "cache/prepared")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: temporary.path("cache"))
    let cache = try CacheFolder(at: temporary.path("cache"))
    let model = try SigLIPModel(directory: checkpoint.directory, precision: .int8, cache: cache)
    #expect(try embeddings(model) == expected)
    #expect(cache.failure != nil)
  }

  @Test func `a file that vanishes is made anew, and a released text tower comes back`() throws {
    let expected = try embeddings(model())
    let prepared = try model()
    for name in try files() { try FileManager.default.removeItem(atPath: temporary.path("cache/prepared/" + name)) }
    #expect(try embeddings(prepared) == expected)
    prepared.releaseText()
    #expect(try embeddings(prepared) == expected)
  }

  @Test func `what a killed process left is removed, what a living one writes is not`() throws {
    _ = try model()
    let abandoned = try temporary.write("half", to: "cache/prepared/.unfinished-abandoned")
    let cache = try CacheFolder(at: temporary.path("cache"))
    let writer = try CacheFileWriter(in: cache, folder: "prepared", headerLength: 16)
    #expect(!FileManager.default.fileExists(atPath: abandoned))
    _ = try CacheFileWriter(in: cache, folder: "prepared", headerLength: 16)
    #expect(FileManager.default.fileExists(atPath: writer.temporaryPath))
  }
}
