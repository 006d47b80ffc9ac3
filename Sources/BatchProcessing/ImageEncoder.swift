internal import DICOMCore
internal import PixelTransforms
internal import SigLIP
internal import Synchronization
internal import Tensors

/// Embeds the images of a run: from the cache where they are there, else on as many threads as are free.
struct ImageEncoder: Sendable {
  private let model: SigLIPModel
  private let cache: EmbeddingCache?
  private let slots: EncodeSlots
  private let tally: EncodingTally

  /// - Parameters:
  ///   - threads: Threads that encode at once.
  ///   - count: How many images there are; each is either embedded or ``skip()``ped.
  init(_ model: SigLIPModel, cache: EmbeddingCache?, threads: Int, count: Int, tally: EncodingTally) {
    self.model = model
    self.cache = cache
    slots = EncodeSlots(threads: threads, images: count)
    self.tally = tally
  }

  func embedding(of input: EncoderInput) throws(CheckpointError) -> [Float] {
    try embedding(of: input.tensor, digest: input.tensorDigest)
  }

  func embedding(of tensor: Tensor) throws(CheckpointError) -> [Float] {
    guard cache != nil else { return try encode(tensor) }
    return try embedding(of: tensor, digest: tensor.contentDigest)
  }

  private func embedding(of tensor: Tensor, digest: ContentDigest) throws(CheckpointError) -> [Float] {
    guard let cache else { return try encode(tensor) }
    let (embedding, isNew) = try cache.image(digest) { () throws(CheckpointError) in try encode(tensor) }
    if !isNew {
      slots.skip()
      tally.countCachedImage()
    }
    return embedding
  }

  /// The embedding, and the maps of the findings that `wanted` names for it, by index: from the cache where all are there,
  /// else from one encode.
  func explained(
    _ input: EncoderInput, by plan: HeatmapPlan, wanted: ([Float]) throws -> [Int]
  ) throws -> (embedding: [Float], maps: [Int: HeatmapGrid]) {
    if let known = try known(input.tensorDigest, plan, wanted) { return known }
    var findings: [Int] = []
    let (embedding, maps) = try slots.encode { threads in
      let start = ContinuousClock.now
      let explained = try model.explainedEmbedding(input.tensor, threads: threads, layers: plan.layers) { embedding in
        findings = try wanted(embedding)
        return findings.map { plan.directions[$0] }
      }
      tally.countImage(seconds: Double(threads) * ((ContinuousClock.now - start) / .seconds(1)))
      return (explained.embedding, explained.relevance.map { HeatmapGrid($0) })
    }
    if let cache {
      cache.store(embedding, ofImage: input.tensorDigest)
      for (finding, map) in zip(findings, maps) { cache.store(map, of: input.tensorDigest, score: plan.key(finding)) }
    }
    return (embedding, Dictionary(zip(findings, maps)) { first, _ in first })
  }

  /// What the cache has of an image; `nil` unless it has everything.
  private func known(
    _ tensor: ContentDigest, _ plan: HeatmapPlan, _ wanted: ([Float]) throws -> [Int]
  ) throws -> (embedding: [Float], maps: [Int: HeatmapGrid])? {
    guard let cache, let embedding = cache.image(tensor) else { return nil }
    var maps: [Int: HeatmapGrid] = [:]
    do {
      for finding in try wanted(embedding) {
        guard let map = cache.heatmap(tensor, score: plan.key(finding), size: plan.gridSize) else { return nil }
        maps[finding] = map
      }
    } catch {
      slots.skip()
      throw error
    }
    slots.skip()
    tally.countCachedImage()
    return (embedding, maps)
  }

  /// An image cannot be loaded.
  func skip() { slots.skip() }

  private func encode(_ tensor: Tensor) throws(CheckpointError) -> [Float] {
    try slots.encode { threads throws(CheckpointError) in
      let start = ContinuousClock.now
      let embedding = try model.imageEmbedding(tensor, threads: threads)
      tally.countImage(seconds: Double(threads) * ((ContinuousClock.now - start) / .seconds(1)))
      return embedding
    }
  }
}

/// What was encoded in a run, and what was not needed.
final class EncodingTally: Sendable {
  struct Counts {
    var images = 0
    var cachedImages = 0
    var prompts = 0
    var cachedPrompts = 0
    /// Seconds of one thread.
    var imageSeconds = 0.0
  }

  private let state = Mutex(Counts())

  var counts: Counts { state.withLock { $0 } }

  func countImage(seconds: Double) {
    state.withLock { counts in
      counts.images += 1
      counts.imageSeconds += seconds
    }
  }

  func countCachedImage() { state.withLock { $0.cachedImages += 1 } }
  func countPrompt(isNew: Bool) { state.withLock { isNew ? ($0.prompts += 1) : ($0.cachedPrompts += 1) } }

  /// For `timings` in `run.json`: what took time, and how often.
  var timings: [String: Double] {
    let counts = counts
    return [
      "images_encoded": Double(counts.images), "images_cached": Double(counts.cachedImages),
      "prompts_encoded": Double(counts.prompts), "prompts_cached": Double(counts.cachedPrompts),
      "encode_thread_seconds": (counts.imageSeconds * 1000).rounded() / 1000,
    ]
  }
}
