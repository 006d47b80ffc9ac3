internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import PixelTransforms
internal import SigLIP
internal import Tensors

/// Embeddings of one model and one way of computing, kept from run to run.
///
/// The key is a digest over everything an embedding depends on: weights, configuration, precision, kernels and the version
/// of this program, and the tensor or the prompt with its tokenizer. So an entry is bit for bit what would be computed.
package struct EmbeddingCache: Sendable {
  private let images: EntryStore
  private let prompts: EntryStore
  private let heatmaps: EntryStore
  /// Of what all embeddings of images depend on, and all of prompts.
  private let imageModel: ContentDigest
  private let promptModel: ContentDigest
  private let size: Int

  /// 1 GiB: embeddings of some 120,000 images of So400m.
  private static let imageCapacity = 1 << 30
  private static let promptCapacity = 64 << 20
  /// Maps of some 200,000 findings in images of So400m.
  private static let heatmapCapacity = 256 << 20

  init(_ folder: CacheFolder, model: SigLIPModel) {
    images = EntryStore("images", in: folder, capacity: Self.imageCapacity)
    prompts = EntryStore("prompts", in: folder, capacity: Self.promptCapacity)
    heatmaps = EntryStore("heatmaps", in: folder, capacity: Self.heatmapCapacity)
    let identity = model.identity
    let common = "\(BuckyVersion.text) \(identity.weightsDigest) \(identity.configurationDigest)"
    imageModel = ContentDigest(ofText: "image/2 \(common) \(model.imageSize) \(model.arithmetic.key)")
    promptModel = ContentDigest(ofText: "prompt/1 \(common) \(identity.tokenizerDigest) \(model.arithmetic.textKey)")
    size = model.configuration.embeddingSize
  }

  /// The embedding of the tensor with that digest, and whether it had to be computed.
  func image<E: Error>(
    _ tensor: ContentDigest, compute: () throws(E) -> [Float]
  ) throws(E) -> (embedding: [Float], isNew: Bool) {
    try embedding(in: images, key: key(ofImage: tensor), compute: compute)
  }

  /// The embedding of the tensor with that digest, if it is known.
  func image(_ tensor: ContentDigest) -> [Float]? { known(in: images, key: key(ofImage: tensor)) }

  func store(_ embedding: [Float], ofImage tensor: ContentDigest) {
    images.store(Self.bytes(embedding), for: key(ofImage: tensor))
  }

  private func key(ofImage tensor: ContentDigest) -> ContentDigest {
    ContentDigest(ofText: "\(imageModel) \(tensor)")
  }

  /// What moved one score of the tensor with that digest, if it is known.
  ///
  /// - Parameter score: Of everything that the map depends on beside image and model; see ``HeatmapPlan/key(_:)``.
  func heatmap(_ tensor: ContentDigest, score: ContentDigest, size: Int) -> HeatmapGrid? {
    heatmaps.bytes(for: key(ofHeatmap: tensor, score)).flatMap { HeatmapGrid($0, size: size) }
  }

  func store(_ map: HeatmapGrid, of tensor: ContentDigest, score: ContentDigest) {
    heatmaps.store(map.bytes, for: key(ofHeatmap: tensor, score))
  }

  private func key(ofHeatmap tensor: ContentDigest, _ score: ContentDigest) -> ContentDigest {
    ContentDigest(ofText: "heatmap/1 \(imageModel) \(tensor) \(score)")
  }

  /// The embedding of a prompt, if it is known.
  func prompt(_ text: String) -> [Float]? { known(in: prompts, key: key(ofPrompt: text)) }

  func store(_ embedding: [Float], ofPrompt text: String) {
    prompts.store(Self.bytes(embedding), for: key(ofPrompt: text))
  }

  private func key(ofPrompt text: String) -> ContentDigest {
    let prompt = ContentDigest(ofText: text)
    return ContentDigest(ofText: "\(promptModel) \(prompt)")
  }

  /// Makes room for what was added; to be called at the end of a run.
  func trim() {
    images.trim()
    prompts.trim()
    heatmaps.trim()
  }

  private func known(in store: EntryStore, key: ContentDigest) -> [Float]? {
    guard let bytes = store.bytes(for: key), let embedding = Self.floats(bytes), embedding.count == size else {
      return nil
    }
    return embedding
  }

  private func embedding<E: Error>(
    in store: EntryStore, key: ContentDigest, compute: () throws(E) -> [Float]
  ) throws(E) -> (embedding: [Float], isNew: Bool) {
    if let embedding = known(in: store, key: key) { return (embedding, false) }
    let embedding = try compute()
    store.store(Self.bytes(embedding), for: key)
    return (embedding, true)
  }

  /// Little endian, as everything Bucky writes.
  private static func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
  }

  private static func floats(_ bytes: [UInt8]) -> [Float]? {
    guard bytes.count.isMultiple(of: 4) else { return nil }
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
    }
  }
}
