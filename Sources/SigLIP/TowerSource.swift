internal import CacheStorage
internal import Tensors

/// Where the towers of one model come from: files of packed layers where there is a cache, else the checkpoint.
struct TowerSource: Sendable {
  let weights: CheckpointWeights
  let identity: ModelIdentity
  let arithmetic: Arithmetic
  let cache: CacheFolder?
  let rereading: Bool

  /// How many files of packed layers are kept: both towers in three precisions, and of another model.
  private static let keptFiles = 12

  /// Puts a tower together from whatever gives it layers.
  typealias Builder<Tower> = @Sendable (inout any LayerSource) throws(CheckpointError) -> Tower

  /// A tower that is put together when it is needed, from packed layers that are there when this returns; and the tensors
  /// that it uses.
  ///
  /// Where layers cannot be kept the tower is put together at once.
  ///
  /// - Throws: ``CheckpointError`` for a checkpoint that lacks something.
  func tower<Tower: Sendable>(
    _ name: String, _ precision: Precision, build: @escaping Builder<Tower>
  ) throws(CheckpointError) -> (tower: LazyTower<Tower>, used: Set<String>) {
    let key = PreparedKey(
      tower: name, weights: identity.weightsDigest, configuration: identity.configurationDigest, precision: precision,
      bfloat16Layers: arithmetic.bfloat16Layers)
    guard let cache else {
      let made = try pack(precision, build: build)
      return (LazyTower { made.tower }, made.used)
    }
    let lazy = LazyTower { () throws(CheckpointError) in try load(key, precision, in: cache, build: build) }
    if let used = PreparedFile.used(key, in: cache, rereading: rereading) { return (lazy, used) }
    let made = try prepare(key, precision, in: cache, build: build)
    return (made.isKept ? lazy : LazyTower { made.tower }, made.used)
  }

  /// The tower from its file; from one made anew where that is damaged; in memory where it cannot be made.
  private func load<Tower>(
    _ key: PreparedKey, _ precision: Precision, in cache: CacheFolder, build: Builder<Tower>
  ) throws(CheckpointError) -> Tower {
    var prepared = PreparedFile(key, in: cache)
    if prepared == nil {
      let made = try prepare(key, precision, in: cache, build: build)
      prepared = PreparedFile(key, in: cache)
      if prepared == nil { return made.tower }
    }
    guard let prepared else { return try pack(precision, build: build).tower }
    var source: any LayerSource = PreparedLayers(prepared, else: checkpoint(precision))
    return try build(&source)
  }

  /// A tower, the tensors that went into it, and whether its layers lie in a file.
  private typealias Made<Tower> = (tower: Tower, used: Set<String>, isKept: Bool)

  /// Packs the layers of a tower into its file. That it cannot be written is said by the cache.
  private func prepare<Tower>(
    _ key: PreparedKey, _ precision: Precision, in cache: CacheFolder, build: Builder<Tower>
  ) throws(CheckpointError) -> Made<Tower> {
    var writing: PreparingLayers?
    cache.writing { () throws(CacheError) in writing = try PreparingLayers(checkpoint(precision), in: cache) }
    guard let writing else { return try pack(precision, build: build) }
    var source: any LayerSource = writing
    let tower = try build(&source)
    guard var written = source as? PreparingLayers else { return (tower, [], false) }
    var isKept = false
    cache.writing { () throws(CacheError) in
      try written.finish(key)
      cache.keepNewest(Self.keptFiles, in: PreparedFile.folder)
      isKept = true
    }
    return (tower, written.used, isKept)
  }

  /// Packs the layers of a tower into memory.
  private func pack<Tower>(_ precision: Precision, build: Builder<Tower>) throws(CheckpointError) -> Made<Tower> {
    var source: any LayerSource = checkpoint(precision)
    let tower = try build(&source)
    return (tower, (source as? CheckpointLayers)?.used ?? [], false)
  }

  private func checkpoint(_ precision: Precision) -> CheckpointLayers {
    CheckpointLayers(weights, precision: precision, bfloat16Layers: arithmetic.bfloat16Layers)
  }
}
