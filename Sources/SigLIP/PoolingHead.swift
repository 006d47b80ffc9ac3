// Shape letters: T tokens, C hidden size, H heads, D head size = C / H.
internal import Tensors

/// Attention pooling: a trained query, the probe, asks all tokens for one embedding (Zhai et al. 2022, MAP head).
///
/// The residual around the perceptron starts after attention; the probe itself is not added.
///
/// The probe is the same for every image, and keys and values are linear in the tokens. So a head's score of a token x, q·(Kx
/// + k), is (Kᵀq)·x and a number that softmax takes out again, and its mean of the values Vx + v is V times the mean of the
/// tokens, plus v. That is what is computed: 16 products a token instead of 2304.
struct PoolingHead: Sendable {
  let configuration: EncoderConfiguration
  /// Kᵀq of every head, `[H, C]`, without bias.
  private let questions: PackedLinear
  /// `[C, C]`, the values' part of the input projection.
  let value: PackedLinear
  let output: PackedLinear
  let norm: LayerNorm
  let first: PackedLinear
  let second: PackedLinear

  init(
    _ name: String, _ configuration: EncoderConfiguration, _ source: inout some LayerSource
  ) throws(CheckpointError) {
    let (size, inner) = (configuration.hiddenSize, configuration.intermediateSize)
    self.configuration = configuration
    let probe = try source.tensor(name + ".probe", [1, 1, size])
    // Queries, keys and values lie stacked in one tensor.
    let weight = try source.tensor(name + ".attention.in_proj_weight", [3 * size, size])
    let bias = try source.tensor(name + ".attention.in_proj_bias", [3 * size])
    self.questions = PackedLinear(
      weights: Self.questions(configuration, probe: probe, weight: weight, bias: bias),
      bias: Weights(
        shape: [configuration.headCount], values: [Float](repeating: 0, count: configuration.headCount)),
      precision: .fp32)
    let values = 2 * size..<3 * size
    self.value = PackedLinear(weights: weight.part(values), bias: bias.part(values), precision: .fp32)
    self.output = try source.exactLinear(name + ".attention.out_proj", from: size, to: size)
    self.norm = try source.exactNorm(name + ".layernorm", configuration)
    self.first = try source.exactLinear(name + ".mlp.fc1", from: size, to: inner)
    self.second = try source.exactLinear(name + ".mlp.fc2", from: inner, to: size)
  }

  /// Kᵀq for every head, summed in double precision.
  private static func questions(
    _ configuration: EncoderConfiguration, probe: Weights, weight: Weights, bias: Weights
  ) -> Weights {
    let (size, headSize) = (configuration.hiddenSize, configuration.headSize)
    let (probe, bias) = (probe.values.map(Double.init), bias.values)
    var questions = [Float](repeating: 0, count: configuration.headCount * size)
    for head in 0..<configuration.headCount {
      var sums = [Double](repeating: 0, count: size)
      for row in head * headSize..<(head + 1) * headSize {
        let queryRow = weight.part(row..<row + 1).values
        let query = zip(queryRow, probe).reduce(Double(bias[row])) { $0 + Double($1.0) * $1.1 }
        let keyRow = weight.part(size + row..<size + row + 1).values
        for column in 0..<size { sums[column] += query * Double(keyRow[column]) }
      }
      for column in 0..<size { questions[head * size + column] = Float(sums[column]) }
    }
    return Weights(shape: [configuration.headCount, size], values: questions)
  }

  /// One row, `[1, C]`, from the tokens `hidden` `[T, C]`, each of which first goes through `finalNorm`.
  func pool(_ hidden: Matrix, after finalNorm: LayerNorm, _ execution: Execution) -> Matrix {
    let asked = ask(hidden, after: finalNorm, execution)
    let pooled = Matrix(rows: 1, columns: configuration.hiddenSize)
    EncoderProfile.measure(.pooling, execution.profile) {
      answer(asked, into: pooled, execution.kernels)
      transform(pooled, execution.kernels)
    }
    return pooled
  }

  /// The tokens after `finalNorm`, `[T, C]`, and the weights that the heads give them, `[H, T]`.
  func ask(
    _ hidden: Matrix, after finalNorm: LayerNorm, _ execution: Execution
  ) -> (tokens: Activations, weights: Matrix) {
    let (kernels, size) = (execution.kernels, configuration.hiddenSize)
    let tokens = Activations(rows: hidden.rowCount, columns: size, precision: .fp32)
    let scores = Matrix(rows: hidden.rowCount, columns: configuration.headCount)
    let blocks = WorkerTeam.evenBlocks(
      of: EncoderScratch.rowBlockSize, in: hidden.rowCount, workers: execution.team.size)
    execution.team.run(tasks: blocks.count) { task, _ in
      let rows = blocks[task]
      EncoderProfile.measure(.pooling, execution.profile) {
        kernels.normalize(hidden.rows(rows), finalNorm, into: tokens.rows(rows))
        kernels.apply(questions, to: tokens.rows(rows), into: scores.rows(rows))
      }
    }
    let weights = scores.transposed(scaledBy: 1 / Float(configuration.headSize).squareRoot())
    EncoderProfile.measure(.pooling, execution.profile) { kernels.softmax(weights) }
    return (tokens, weights)
  }

  /// What the probe takes from the tokens, through the output projection.
  func answer(_ asked: (tokens: Activations, weights: Matrix), into pooled: Matrix, _ kernels: Kernels) {
    kernels.apply(output, to: attend(asked.tokens, asked.weights, kernels), into: pooled)
  }

  /// Adds the perceptron.
  func transform(_ pooled: Matrix, _ kernels: Kernels) {
    let inner = Activations(rows: 1, columns: configuration.intermediateSize, precision: .fp32)
    kernels.apply(first, to: normalized(pooled, kernels), into: inner, throughGELU: true)
    kernels.apply(second, to: inner, into: pooled, adding: true)
  }

  /// The perceptron's input, `[1, C]`.
  func normalized(_ pooled: Matrix, _ kernels: Kernels) -> Activations {
    let normalized = Activations(rows: 1, columns: configuration.hiddenSize, precision: .fp32)
    kernels.normalize(pooled, norm, into: normalized)
    return normalized
  }

  /// What the probe takes from the tokens `[T, C]`, `[1, C]`, given the `weights` of its heads, `[H, T]`.
  private func attend(_ tokens: Activations, _ weights: Matrix, _ kernels: Kernels) -> Activations {
    let (size, headSize) = (configuration.hiddenSize, configuration.headSize)
    let means = Activations(rows: configuration.headCount, columns: size, precision: .fp32)
    kernels.multiply(weights, tokens, into: means)
    // Every head's values of every mean are computed and its own ones kept, which costs nothing beside reading the weights.
    let values = Matrix(rows: configuration.headCount, columns: size)
    kernels.apply(value, to: means, into: values)
    let context = Matrix(rows: 1, columns: size)
    for head in 0..<configuration.headCount {
      context.copyColumns(head * headSize..<(head + 1) * headSize, ofRow: head, in: values)
    }
    let row = Activations(rows: 1, columns: size, precision: .fp32)
    kernels.convert(context, into: row)
    return row
  }
}
