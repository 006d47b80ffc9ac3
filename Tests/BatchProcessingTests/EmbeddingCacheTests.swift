import BatchProcessing
import CacheStorage
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Triage of the sample studies with embeddings of an earlier run.
struct EmbeddingCacheTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ output: String, cache: CacheFolder?, threads: Int = 2) async throws -> [String: Double] {
    let configuration = try TriageSetup(model: nil, pipeline: nil, loading: ModelLoading(cache: cache)).configuration
    return try await TriageRun(
      inputs: [PackageRoot.path("SampleStudies/studies")], output: folder.path(output), configuration: configuration,
      threads: threads, decoder: .built
    ).run().record.timings
  }

  /// What a run wrote, without the record of times.
  private func written(_ output: String) throws -> [String: [UInt8]] {
    try TemporaryFolder.contents(of: folder.path(output)).filter { $0.key != "run.json" }
  }

  @Test func `a second run encodes nothing and writes the same bytes`() async throws {
    let cache = try CacheFolder(at: folder.path("cache"))
    let first = try await run("first", cache: cache)
    let second = try await run("second", cache: cache)
    let without = try await run("without", cache: nil, threads: 1)
    let images = try #require(first["images_encoded"])
    #expect(images > 10 && first["images_cached"] == 0)
    #expect(second["images_encoded"] == 0 && second["images_cached"] == images)
    #expect(second["prompts_encoded"] == 0 && second["prompts_cached"] == first["prompts_encoded"])
    #expect(second["encode_thread_seconds"] == 0)
    #expect(without["images_encoded"] == images)
    #expect(try written("first") == written("second"))
    #expect(try written("first") == written("without"))
  }

  @Test func `a damaged cache costs time, not results`() async throws {
    let cache = try CacheFolder(at: folder.path("cache"))
    let first = try await run("first", cache: cache)
    for (index, (name, bytes)) in try TemporaryFolder.contents(of: cache.path).sorted(by: { $0.key < $1.key })
      .enumerated()
    {
      var bytes = bytes
      guard bytes.count > 7 else { continue }
      if index.isMultiple(of: 2) { bytes.removeLast(7) } else { bytes[bytes.count - 3] ^= 0x40 }
      try Data(bytes).write(to: URL(filePath: cache.path + "/" + name))
    }
    let second = try await run("second", cache: cache)
    #expect(second["images_encoded"] == first["images_encoded"])
    #expect(second["prompts_encoded"] == first["prompts_encoded"])
    #expect(try written("first") == written("second"))
  }

  @Test func `two runs at once share a cache`() async throws {
    let folders = try (0..<2).map { _ in try CacheFolder(at: folder.path("cache")) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, cache) in folders.enumerated() {
        group.addTask { _ = try await run("run\(index)", cache: cache) }
      }
      try await group.waitForAll()
    }
    #expect(try written("run0") == written("run1"))
    for cache in folders { #expect(cache.failure == nil) }
  }

  @Test func `embeddings of images and prompts are those that are computed, bit for bit`() async throws {
    let cache = try CacheFolder(at: folder.path("cache"))
    try folder.write("no pneumothorax\nrib fracture\nno pneumothorax\n", to: "texts")
    func embed(_ name: String, _ cache: CacheFolder?) async throws -> [UInt8] {
      let setup = try ModelSetup(model: nil, loading: ModelLoading(cache: cache))
      let request = try EmbedRequest(
        images: [PackageRoot.path("SampleStudies/studies")], texts: folder.path("texts"), tensors: nil,
        output: folder.path(name), window: "automatic", model: setup.model, embeddings: setup.embeddings, threads: 2,
        decoder: .built)
      _ = try await EmbedRun(request).run()
      return try folder.read(name)
    }
    let computed = try await embed("computed.safetensors", nil)
    #expect(try await embed("first.safetensors", cache) == computed)
    #expect(try await embed("second.safetensors", cache) == computed)
  }
}
