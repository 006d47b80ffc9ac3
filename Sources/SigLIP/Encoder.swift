// Shape letters: T tokens, C hidden size, I intermediate size, H heads, D head size = C / H.
internal import Tensors

/// The layers of a tower (pre-norm transformer, bidirectional, no mask).
struct Encoder: Sendable {
  let configuration: EncoderConfiguration
  private let precision: Precision
  private let layers: [EncoderLayer]

  init(
    _ name: String, _ configuration: EncoderConfiguration, _ source: inout some LayerSource
  ) throws(CheckpointError) {
    self.configuration = configuration
    self.precision = source.precision
    var layers: [EncoderLayer] = []
    for index in 0..<configuration.layerCount {
      layers.append(try EncoderLayer("\(name).layers.\(index)", configuration, &source))
    }
    self.layers = layers
  }

  /// Runs every layer over `hidden` `[T, C]` in place.
  ///
  /// `observe` is called with the index of each layer when `hidden` holds what comes out of it.
  func run(_ hidden: Matrix, _ execution: Execution, observe: (Int) -> Void) {
    let scratch = EncoderScratch(
      tokenCount: hidden.rowCount, configuration: configuration, precision: precision,
      workerCount: execution.team.size)
    for (index, layer) in layers.enumerated() {
      apply(layer, hidden, scratch, execution)
      observe(index)
    }
  }

  /// Runs every layer over each of `sequences`, all `[T, C]`, in place, one thread a sequence: a layer over all of them,
  /// then the next. A layer's memory is given back once it has been used, so that only one of a mapped tower is in memory.
  func run(_ sequences: [Matrix], _ execution: Execution) {
    guard let tokenCount = sequences.first?.rowCount else { return }
    precondition(sequences.allSatisfy { $0.rowCount == tokenCount }, "sequences of different lengths")
    let workers = (0..<execution.team.size).map { _ in
      let scratch = EncoderScratch(
        tokenCount: tokenCount, configuration: configuration, precision: precision, workerCount: 1)
      return (scratch, Execution(kernels: execution.kernels, team: WorkerTeam(size: 1), profile: execution.profile))
    }
    for layer in layers {
      execution.team.run(tasks: sequences.count) { task, worker in
        apply(layer, sequences[task], workers[worker].0, workers[worker].1)
      }
      layer.releaseMemory()
    }
  }

  private func apply(_ layer: EncoderLayer, _ hidden: Matrix, _ scratch: EncoderScratch, _ execution: Execution) {
    project(layer, hidden, scratch, execution)
    attend(scratch, execution)
    transform(layer, hidden, scratch, execution)
  }

  /// Queries, keys and values of every token.
  private func project(_ layer: EncoderLayer, _ hidden: Matrix, _ scratch: EncoderScratch, _ execution: Execution) {
    let (kernels, profile) = (execution.kernels, execution.profile)
    execution.team.run(tasks: scratch.rowBlocks.count) { task, worker in
      let rows = scratch.rowBlocks[task]
      let normalized = scratch.workers[worker].normalized(layer.projections.precision).rows(0..<rows.count)
      EncoderProfile.measure(.norms, profile) {
        kernels.normalize(hidden.rows(rows), layer.firstNorm, into: normalized)
      }
      EncoderProfile.measure(.projections, profile) {
        kernels.apply(layer.projections, to: normalized, into: scratch.projections.rows(rows))
      }
      EncoderProfile.measure(.packing, profile) {
        kernels.pack(scratch.projections, rows: rows, into: scratch.heads)
      }
    }
  }

  /// What every token takes from the others, one head and one block of queries at a time.
  private func attend(_ scratch: EncoderScratch, _ execution: Execution) {
    let blocks = scratch.queryBlocks
    execution.team.run(tasks: configuration.headCount * blocks.count) { task, worker in
      execution.kernels.attend(
        scratch.projections, scratch.heads, head: task / blocks.count, rows: blocks[task % blocks.count],
        scratch: scratch.workers[worker].attention, into: scratch.context, profile: execution.profile)
    }
  }

  /// The output projection and the perceptron, both added to the residual stream.
  private func transform(_ layer: EncoderLayer, _ hidden: Matrix, _ scratch: EncoderScratch, _ execution: Execution) {
    let (kernels, profile) = (execution.kernels, execution.profile)
    execution.team.run(tasks: scratch.rowBlocks.count) { task, worker in
      let rows = scratch.rowBlocks[task]
      let block = hidden.rows(rows)
      let own = scratch.workers[worker]
      let context = own.attended(scratch.context.rows(rows), for: layer.output, execution)
      EncoderProfile.measure(.output, profile) { kernels.apply(layer.output, to: context, into: block, adding: true) }
      let normalized = own.normalized(layer.first.precision).rows(0..<rows.count)
      EncoderProfile.measure(.norms, profile) { kernels.normalize(block, layer.secondNorm, into: normalized) }
      let inner = own.inner.rows(0..<rows.count)
      EncoderProfile.measure(.firstLinear, profile) {
        kernels.apply(layer.first, to: normalized, into: inner, throughGELU: true)
      }
      let activated = own.activated(inner, for: layer.second, execution)
      EncoderProfile.measure(.secondLinear, profile) {
        kernels.apply(layer.second, to: activated, into: block, adding: true)
      }
    }
  }
}

extension Kernels {
  func normalize(_ input: Matrix, _ norm: LayerNorm, into output: Activations) {
    normalize(input, gamma: norm.gamma, beta: norm.beta, epsilon: norm.epsilon, into: output)
  }
}

/// What an encoder runs with: kernels, threads, and a clock if somebody wants to know.
struct Execution: Sendable {
  let kernels: Kernels
  let team: WorkerTeam
  let profile: EncoderProfile?
}
