// Shape letters: T tokens, C hidden size, H heads, D head size = C / H.
internal import Tensors

/// Attention pooling: a trained query, the probe, asks all tokens for one embedding (Zhai et al. 2022, MAP head).
///
/// The residual around the perceptron starts after attention; the probe itself is not added.
struct PoolingHead: Sendable {
  private let configuration: EncoderConfiguration
  private let query: LinearLayer
  private let key: LinearLayer
  private let value: LinearLayer
  private let output: LinearLayer
  private let norm: LayerNorm
  private let perceptron: Perceptron
  /// `[1, 1, C]`.
  private let probe: Weights

  init(_ name: String, _ configuration: EncoderConfiguration, _ reader: inout WeightReader) throws(CheckpointError) {
    let size = configuration.hiddenSize
    self.configuration = configuration
    self.probe = try reader.tensor(name + ".probe", [1, 1, size])
    // Queries, keys and values lie stacked in one tensor.
    let weight = try reader.tensor(name + ".attention.in_proj_weight", [3 * size, size])
    let bias = try reader.tensor(name + ".attention.in_proj_bias", [3 * size])
    let parts = (0..<3).map { index in
      let rows = index * size..<(index + 1) * size
      return LinearLayer(weight: weight.part(rows), bias: bias.part(rows))
    }
    (self.query, self.key, self.value) = (parts[0], parts[1], parts[2])
    self.output = try reader.linear(name + ".attention.out_proj", from: size, to: size)
    self.norm = try reader.layerNorm(name + ".layernorm", configuration)
    self.perceptron = try reader.perceptron(name + ".mlp", configuration)
  }

  /// One row, `[1, C]`, from the tokens `hidden` `[T, C]`, each of which first goes through `finalNorm`.
  func pool(_ hidden: Matrix, after finalNorm: LayerNorm, team: WorkerTeam) -> Matrix {
    let size = configuration.hiddenSize
    let projections = Matrix(rows: hidden.rowCount, columns: 2 * size)
    let blocks = WorkerTeam.blocks(of: EncoderScratch.rowBlockSize, in: hidden.rowCount)
    team.run(tasks: blocks.count) { task, _ in
      let rows = blocks[task]
      let normalized = Matrix(rows: rows.count, columns: size)
      finalNorm.apply(hidden.rows(rows), to: normalized)
      key.apply(normalized, to: projections.rows(rows).columns(0..<size))
      value.apply(normalized, to: projections.rows(rows).columns(size..<2 * size))
    }
    return transform(attend(projections))
  }

  /// What the probe takes from the tokens, `[1, C]`, given their keys and values `[T, 2C]`.
  private func attend(_ projections: Matrix) -> Matrix {
    let (size, headSize) = (configuration.hiddenSize, configuration.headSize)
    let probeRow = Matrix(rows: 1, columns: size, values: probe.values)
    let queries = Matrix(rows: 1, columns: size)
    query.apply(probeRow, to: queries)
    let context = Matrix(rows: 1, columns: size)
    let scores = Matrix(rows: 1, columns: projections.rowCount)
    for head in 0..<configuration.headCount {
      let columns = head * headSize..<(head + 1) * headSize
      let keys = projections.columns(columns)
      let values = projections.columns(size + columns.lowerBound..<size + columns.upperBound)
      scores.setProduct(queries.columns(columns), transposed: keys, scale: 1 / Float(headSize).squareRoot())
      scores.applySoftmax()
      context.columns(columns).setProduct(scores, values)
    }
    return context
  }

  private func transform(_ context: Matrix) -> Matrix {
    let size = configuration.hiddenSize
    let pooled = Matrix(rows: 1, columns: size)
    output.apply(context, to: pooled)
    let normalized = Matrix(rows: 1, columns: size)
    norm.apply(pooled, to: normalized)
    let inner = Matrix(rows: 1, columns: configuration.intermediateSize)
    perceptron.add(normalized, to: pooled, inner: inner)
    return pooled
  }
}
