// Shape letters: T tokens, C hidden size, I intermediate size, H heads, D head size = C / H.
internal import Tensors

/// One layer of a tower: self-attention and a perceptron, each behind a layer normalisation and with a residual.
struct EncoderLayer: Sendable {
  let firstNorm: LayerNorm
  let query: LinearLayer
  let key: LinearLayer
  let value: LinearLayer
  let output: LinearLayer
  let secondNorm: LayerNorm
  let perceptron: Perceptron

  init(_ name: String, _ configuration: EncoderConfiguration, _ reader: inout WeightReader) throws(CheckpointError) {
    let size = configuration.hiddenSize
    self.firstNorm = try reader.layerNorm(name + ".layer_norm1", configuration)
    self.query = try reader.linear(name + ".self_attn.q_proj", from: size, to: size)
    self.key = try reader.linear(name + ".self_attn.k_proj", from: size, to: size)
    self.value = try reader.linear(name + ".self_attn.v_proj", from: size, to: size)
    self.output = try reader.linear(name + ".self_attn.out_proj", from: size, to: size)
    self.secondNorm = try reader.layerNorm(name + ".layer_norm2", configuration)
    self.perceptron = try reader.perceptron(name + ".mlp", configuration)
  }
}

/// The layers of a tower (pre-norm transformer, bidirectional, no mask).
struct Encoder: Sendable {
  let configuration: EncoderConfiguration
  private let layers: [EncoderLayer]

  init(_ name: String, _ configuration: EncoderConfiguration, _ reader: inout WeightReader) throws(CheckpointError) {
    self.configuration = configuration
    var layers: [EncoderLayer] = []
    for index in 0..<configuration.layerCount {
      layers.append(try EncoderLayer("\(name).layers.\(index)", configuration, &reader))
    }
    self.layers = layers
  }

  /// Runs every layer over `hidden` `[T, C]` in place.
  ///
  /// `observe` is called with the index of each layer when `hidden` holds what comes out of it.
  func run(_ hidden: Matrix, team: WorkerTeam, observe: (Int) -> Void) {
    let scratch = EncoderScratch(tokenCount: hidden.rowCount, configuration: configuration, workerCount: team.size)
    for (index, layer) in layers.enumerated() {
      project(layer, hidden, scratch, team)
      attend(scratch, team)
      transform(layer, hidden, scratch, team)
      observe(index)
    }
  }

  /// Queries, keys and values of every token.
  private func project(_ layer: EncoderLayer, _ hidden: Matrix, _ scratch: EncoderScratch, _ team: WorkerTeam) {
    let size = configuration.hiddenSize
    team.run(tasks: scratch.rowBlocks.count) { task, worker in
      let rows = scratch.rowBlocks[task]
      let normalized = scratch.normalized[worker].rows(0..<rows.count)
      layer.firstNorm.apply(hidden.rows(rows), to: normalized)
      let projections = scratch.projections.rows(rows)
      for (index, linear) in [layer.query, layer.key, layer.value].enumerated() {
        linear.apply(normalized, to: projections.columns(index * size..<(index + 1) * size))
      }
    }
  }

  /// What every token takes from the others, one head and one block of queries at a time.
  private func attend(_ scratch: EncoderScratch, _ team: WorkerTeam) {
    let (size, headSize) = (configuration.hiddenSize, configuration.headSize)
    let scale = 1 / Float(headSize).squareRoot()
    let blocks = scratch.queryBlocks
    team.run(tasks: configuration.headCount * blocks.count) { task, worker in
      let first = task / blocks.count * headSize
      let rows = blocks[task % blocks.count]
      let (queries, keys, values) = (
        scratch.projections.rows(rows).columns(first..<first + headSize),
        scratch.projections.columns(size + first..<size + first + headSize),
        scratch.projections.columns(2 * size + first..<2 * size + first + headSize)
      )
      let scores = scratch.scores[worker].rows(0..<rows.count)
      scores.setProduct(queries, transposed: keys, scale: scale)
      scores.applySoftmax()
      scratch.context.rows(rows).columns(first..<first + headSize).setProduct(scores, values)
    }
  }

  /// The output projection and the perceptron, both added to the residual stream.
  private func transform(_ layer: EncoderLayer, _ hidden: Matrix, _ scratch: EncoderScratch, _ team: WorkerTeam) {
    team.run(tasks: scratch.rowBlocks.count) { task, worker in
      let rows = scratch.rowBlocks[task]
      let block = hidden.rows(rows)
      layer.output.add(scratch.context.rows(rows), to: block)
      let normalized = scratch.normalized[worker].rows(0..<rows.count)
      layer.secondNorm.apply(block, to: normalized)
      layer.perceptron.add(normalized, to: block, inner: scratch.inner[worker].rows(0..<rows.count))
    }
  }
}

/// Memory for one run through an encoder, used again by every layer.
struct EncoderScratch: Sendable {
  /// Blocks are of fixed size, whatever the thread count, so that every number is computed in the same way.
  static let rowBlockSize = 256
  /// Scores of a block against 1024 keys fill half a 1 MiB second-level cache.
  static let queryBlockSize = 128

  let rowBlocks: [Range<Int>]
  let queryBlocks: [Range<Int>]
  /// Queries, keys and values side by side: `[T, 3C]`.
  let projections: Matrix
  /// What attention gives each token: `[T, C]`.
  let context: Matrix
  /// For each worker: a block after layer normalisation.
  let normalized: [Matrix]
  /// For each worker: a block inside the perceptron.
  let inner: [Matrix]
  /// For each worker: attention scores of a block of queries.
  let scores: [Matrix]

  init(tokenCount: Int, configuration: EncoderConfiguration, workerCount: Int) {
    let size = configuration.hiddenSize
    let rows = min(tokenCount, Self.rowBlockSize)
    let queries = min(tokenCount, Self.queryBlockSize)
    self.rowBlocks = WorkerTeam.blocks(of: Self.rowBlockSize, in: tokenCount)
    self.queryBlocks = WorkerTeam.blocks(of: Self.queryBlockSize, in: tokenCount)
    self.projections = Matrix(rows: tokenCount, columns: 3 * size)
    self.context = Matrix(rows: tokenCount, columns: size)
    let rowWorkers = min(workerCount, rowBlocks.count)
    let headWorkers = min(workerCount, queryBlocks.count * configuration.headCount)
    self.normalized = (0..<rowWorkers).map { _ in Matrix(rows: rows, columns: size) }
    self.inner = (0..<rowWorkers).map { _ in Matrix(rows: rows, columns: configuration.intermediateSize) }
    self.scores = (0..<headWorkers).map { _ in Matrix(rows: queries, columns: tokenCount) }
  }
}
