// Shape letters: T tokens, C hidden size, I intermediate size, H heads, N directions.
internal import Foundation
internal import Tensors

extension PoolingHead {
  /// How much each token moves the cosine of the pooled embedding with each direction: `[N][T]`, never negative.
  ///
  /// The cosine s is a function of the probabilities a `[H, T]` with which the probe's heads attend to the tokens. Its gradient
  /// has a closed form: back through the length of the embedding, the perceptron with its residual, the layer
  /// normalisation and the output projection, and then, as a head's answer is Σ a·(Vx + v), one product a token. A token's
  /// relevance is the mean over the heads of max(0, a·∂s/∂a), so that what no head looks at moves nothing. LeGrad (Bousselham
  /// et al., ICCV 2025) takes max(0, ∂s/∂a), the share without the probability.
  ///
  /// Everything is computed in 32-bit floats, in an order that the number of threads does not change.
  func relevance(
    of hidden: Matrix, after finalNorm: LayerNorm, towards directions: [[Float]], _ execution: Execution
  ) -> [[Float]] {
    let asked = ask(hidden, after: finalNorm, execution)
    let gradients = contextGradients(of: asked, towards: directions, execution.kernels)
    let questions = questions(for: gradients)
    let answers = Matrix(rows: hidden.rowCount, columns: questions.outputCount)
    let blocks = WorkerTeam.evenBlocks(
      of: EncoderScratch.rowBlockSize, in: hidden.rowCount, workers: execution.team.size)
    execution.team.run(tasks: blocks.count) { task, _ in
      let rows = blocks[task]
      execution.kernels.apply(questions, to: asked.tokens.rows(rows), into: answers.rows(rows))
    }
    return Self.combine(
      probabilities: asked.weights.values, gradients: answers.values, heads: configuration.headCount,
      tokens: hidden.rowCount, directions: directions.count)
  }

  /// ∂s/∂context `[N][C]`: the gradient of each cosine by what the heads take from the tokens, side by side.
  private func contextGradients(
    of asked: (tokens: Activations, weights: Matrix), towards directions: [[Float]], _ kernels: Kernels
  ) -> [[Float]] {
    let (size, inner) = (configuration.hiddenSize, configuration.intermediateSize)
    let pooled = Matrix(rows: 1, columns: size)
    answer(asked, into: pooled, kernels)
    let answered = pooled.values
    let beforeGELU = Activations(rows: 1, columns: inner, precision: .fp32)
    kernels.apply(first, to: normalized(pooled, kernels), into: beforeGELU)
    transform(pooled, kernels)
    let atEmbedding = directions.map { Derivatives.ofCosine(at: pooled.values, with: $0) }
    let slopes = beforeGELU.values.map(Derivatives.ofGELU)
    let atInner = second.transposed(atEmbedding, outputs: 0..<size).map { zip($0, slopes).map { $0 * $1 } }
    let atNormalized = first.transposed(atInner, outputs: 0..<inner)
    let throughNorm = atNormalized.map { Derivatives.ofLayerNorm(at: answered, norm, gradient: $0) }
    let atAnswer = zip(atEmbedding, throughNorm).map { residual, branch in zip(residual, branch).map { $0 + $1 } }
    return output.transposed(atAnswer, outputs: 0..<size)
  }

  /// A layer that turns a token x into ∂s/∂a for every direction and head, `[N·H, C]`: the weights are Vᵀg, the bias is v·g.
  private func questions(for gradients: [[Float]]) -> PackedLinear {
    let (heads, headSize, size) = (configuration.headCount, configuration.headSize, configuration.hiddenSize)
    var weights = [Float](repeating: 0, count: gradients.count * heads * size)
    var biases = [Float](repeating: 0, count: gradients.count * heads)
    for head in 0..<heads {
      let rows = head * headSize..<(head + 1) * headSize
      let shares = gradients.map { Array($0[rows]) }
      let trained = value.biases(rows)
      for (direction, question) in value.transposed(shares, outputs: rows).enumerated() {
        let row = direction * heads + head
        weights.replaceSubrange(row * size..<(row + 1) * size, with: question)
        biases[row] = zip(shares[direction], trained).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let rows = gradients.count * heads
    return PackedLinear(
      weights: Weights(shape: [rows, size], values: weights), bias: Weights(shape: [rows], values: biases),
      precision: .fp32)
  }

  /// - Parameters:
  ///   - probabilities: `[H, T]`.
  ///   - gradients: `[T, N·H]`.
  private static func combine(
    probabilities: [Float], gradients: [Float], heads: Int, tokens: Int, directions: Int
  ) -> [[Float]] {
    (0..<directions).map { direction in
      (0..<tokens).map { token in
        var sum: Float = 0
        for head in 0..<heads {
          let gradient = gradients[token * directions * heads + direction * heads + head]
          sum += max(0, probabilities[head * tokens + token] * gradient)
        }
        return sum / Float(heads)
      }
    }
  }
}

/// Gradients of the steps between a pooled embedding and its cosine, in double precision.
enum Derivatives {
  /// ∂cos(z, d)/∂z for a direction d of any length: (d - (d·u)u) / |z| with u = z / |z|.
  static func ofCosine(at embedding: [Float], with direction: [Float]) -> [Float] {
    let values = embedding.map(Double.init)
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let along = zip(values, direction).reduce(0) { $0 + $1.0 * Double($1.1) } / length
    return zip(values, direction).map { value, target in Float((Double(target) - along * value / length) / length) }
  }

  /// The slope of the GELU in its tanh form.
  static func ofGELU(at value: Float) -> Float {
    let x = Double(value)
    let factor = (2 / Double.pi).squareRoot()
    let t = tanh(factor * (x + 0.044715 * x * x * x))
    return Float(0.5 * (1 + t) + 0.5 * x * (1 - t * t) * factor * (1 + 3 * 0.044715 * x * x))
  }

  /// Through y ↦ gamma·(y - mean) / deviation + beta, back from `gradient`.
  static func ofLayerNorm(at input: [Float], _ norm: LayerNorm, gradient: [Float]) -> [Float] {
    let values = input.map(Double.init)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let deviation = (variance + Double(norm.epsilon)).squareRoot()
    let standard = values.map { ($0 - mean) / deviation }
    let scaled = zip(gradient, norm.gamma.values).map { Double($0) * Double($1) }
    let center = scaled.reduce(0, +) / count
    let slope = zip(scaled, standard).reduce(0) { $0 + $1.0 * $1.1 } / count
    return zip(scaled, standard).map { Float(($0 - center - slope * $1) / deviation) }
  }
}
