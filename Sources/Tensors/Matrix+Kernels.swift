extension Matrix {
  /// Puts the vector `values` into every row.
  package func fillRows(with values: Weights) {
    precondition(values.count == columnCount)
    let source = values.row(0)
    for index in 0..<rowCount { row(index).copy(source) }
  }

  /// Adds the vector `values` to every row.
  package func addToRows(_ values: Weights) {
    precondition(values.count == columnCount)
    let addend = values.row(0)
    for index in 0..<rowCount {
      let row = row(index)
      row.assign { row.lanes(at: $0) + addend.lanes(at: $0) }
    }
  }

  /// Adds `other`, value by value.
  package func add(_ other: Weights) {
    precondition(other.rowCount == rowCount && other.columnCount == columnCount)
    for index in 0..<rowCount {
      let (row, addend) = (row(index), other.row(index))
      row.assign { row.lanes(at: $0) + addend.lanes(at: $0) }
    }
  }

  /// Copies rows of `source`: row i becomes source row `indices[i]`.
  ///
  /// - Precondition: The indices lie within `source`.
  package func gatherRows(_ indices: some Collection<Int>, of source: Weights) {
    precondition(indices.count == rowCount && source.columnCount == columnCount)
    for (target, index) in indices.enumerated() { row(target).copy(source.row(index)) }
  }

  /// Replaces rows by those of `input`, each with mean 0 and variance 1, times `gamma` plus `beta`.
  ///
  /// Layer normalisation (Ba, Kiros and Hinton 2016): the variance is that of the population, `epsilon` is added to it.
  /// `input` may be the same memory.
  package func setLayerNorm(of input: Matrix, gamma: Weights, beta: Weights, epsilon: Float) {
    precondition(input.rowCount == rowCount && input.columnCount == columnCount)
    precondition(gamma.count == columnCount && beta.count == columnCount)
    let (gamma, beta, count) = (gamma.row(0), beta.row(0), Float(columnCount))
    for index in 0..<rowCount {
      let (input, output) = (input.row(index), row(index))
      let mean = input.fold(.zero, filler: 0) { $0 + $1 }.sum() / count
      let squares = input.fold(.zero, filler: mean) { $0 + ($1 - mean) * ($1 - mean) }
      let scale = 1 / (squares.sum() / count + epsilon).squareRoot()
      output.assign { (input.lanes(at: $0) - mean) * scale * gamma.lanes(at: $0) + beta.lanes(at: $0) }
    }
  }

  /// Turns every row of scores into weights that are positive and add up to 1, with the row's maximum taken off first.
  package func applySoftmax() {
    for index in 0..<rowCount {
      let row = row(index)
      let peak = row.fold(Lanes(repeating: -.infinity), filler: -.infinity) { $0.maximum($1) }.max()
      // Lanes behind the end of the row count as e^-87, which is nothing beside the peak's own 1.
      var total = Lanes.zero
      row.assign {
        let power = exponential(row.lanes(at: $0, filler: -.infinity) - peak)
        total += power
        return power
      }
      let scale = 1 / total.sum()
      row.assign { row.lanes(at: $0) * scale }
    }
  }

  /// x becomes gelu(x + bias), in the tanh form.
  ///
  /// 0.5·y·(1 + tanh(√(2/π)·(y + 0.044715·y³))) (Hendrycks and Gimpel 2016), computed as y / (1 + e^(-2u)) with u the
  /// argument of tanh, which is the same number.
  package func applyGELU(bias: Weights) {
    precondition(bias.count == columnCount)
    let bias = bias.row(0)
    let (slope, cubic): (Float, Float) = (-1.595_769_121_6, 0.044_715)
    for index in 0..<rowCount {
      let row = row(index)
      row.assign {
        let y = row.lanes(at: $0) + bias.lanes(at: $0)
        return y / (1 + exponential(slope * (y + cubic * y * y * y)))
      }
    }
  }
}
