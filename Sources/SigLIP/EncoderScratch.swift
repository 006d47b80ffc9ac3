// Shape letters: T tokens, C hidden size, I intermediate size.
internal import Tensors

/// Memory for one run through an encoder, used again by every layer.
struct EncoderScratch: Sendable {
  /// A block through a perceptron of 4304 values is 2 MB of bfloat16: within the third-level cache for every thread, and
  /// large enough that reading the weights once a block costs little.
  static let rowBlockSize = 256

  let rowBlocks: [Range<Int>]
  let queryBlocks: [Range<Int>]
  /// Queries, keys and values side by side: `[T, 3C]`.
  let projections: Activations
  let heads: AttentionHeads
  /// What attention gives each token: `[T, C]`.
  let context: Activations
  let workers: [WorkerScratch]

  init(tokenCount: Int, configuration: EncoderConfiguration, precision: Precision, workerCount: Int) {
    let size = configuration.hiddenSize
    let stored = precision.attentionPrecision
    self.rowBlocks = WorkerTeam.evenBlocks(of: Self.rowBlockSize, in: tokenCount, workers: workerCount)
    self.queryBlocks = WorkerTeam.blocks(of: AttentionHeads.queryBlockSize, in: tokenCount)
    self.projections = Activations(rows: tokenCount, columns: 3 * size, precision: stored)
    self.context = Activations(rows: tokenCount, columns: size, precision: stored)
    let heads = AttentionHeads(
      tokens: tokenCount, heads: configuration.headCount, headSize: configuration.headSize, precision: precision)
    self.heads = heads
    let rows = rowBlocks.map(\.count).max() ?? 0
    let workers = max(1, min(workerCount, max(rowBlocks.count, queryBlocks.count * configuration.headCount)))
    self.workers = (0..<workers).map { _ in
      WorkerScratch(rows: rows, configuration: configuration, precision: precision, heads: heads)
    }
  }
}

/// Memory of one worker for a block of rows.
struct WorkerScratch: Sendable {
  let attention: AttentionScratch
  /// A block inside the perceptron: `[rows, I]`.
  let inner: Activations
  /// After layer normalisation, as floats or bfloat16.
  private let normalizedRows: Activations
  /// For int8 alone: the block after layer normalisation or attention, and inside the perceptron.
  private let quantizedRows: Activations?
  private let quantizedInner: Activations?

  init(rows: Int, configuration: EncoderConfiguration, precision: Precision, heads: AttentionHeads) {
    let (size, innerSize) = (configuration.hiddenSize, configuration.intermediateSize)
    let stored = precision.attentionPrecision
    attention = AttentionScratch(heads)
    inner = Activations(rows: rows, columns: innerSize, precision: stored)
    normalizedRows = Activations(rows: rows, columns: size, precision: stored)
    let isInteger = precision == .int8
    quantizedRows = isInteger ? Activations(rows: rows, columns: size, precision: .int8) : nil
    quantizedInner =
      isInteger ? Activations(rows: rows, columns: innerSize, precision: .int8, zero: .belowGELU) : nil
  }

  /// Where a layer normalisation puts the input of a layer of `precision`.
  func normalized(_ precision: Precision) -> Activations {
    precision == .int8 ? quantizedRows ?? normalizedRows : normalizedRows
  }

  /// What attention has left, in the precision of the layer behind it.
  func attended(_ rows: Activations, for layer: PackedLinear, _ execution: Execution) -> Activations {
    converted(rows, quantizedRows, layer, execution)
  }

  /// What a GELU has left, in the precision of the layer behind it.
  func activated(_ rows: Activations, for layer: PackedLinear, _ execution: Execution) -> Activations {
    converted(rows, quantizedInner, layer, execution)
  }

  private func converted(
    _ rows: Activations, _ target: Activations?, _ layer: PackedLinear, _ execution: Execution
  ) -> Activations {
    guard layer.precision == .int8, let quantized = target?.rows(0..<rows.rowCount) else { return rows }
    EncoderProfile.measure(.quantization, execution.profile) { execution.kernels.quantize(rows, into: quantized) }
    return quantized
  }
}
