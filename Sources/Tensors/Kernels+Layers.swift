internal import CKernels

extension Kernels {
  /// output = layer(input), or output += layer(input).
  ///
  /// - Precondition: The extents agree, and `input` has the layer's precision.
  package func apply(_ layer: PackedLinear, to input: Activations, into output: Matrix, adding: Bool = false) {
    precondition(output.columnCount == layer.outputCount)
    unsafe output.withBase { base in
      let target = unsafe ck_output(
        finish: adding ? CK_ADD : CK_SET, format: CK_FLOAT32, values: base, stride: output.stride)
      unsafe run(layer, input, target, rows: output.rowCount)
    }
  }

  /// output = layer(input), or the GELU of it in the tanh form (Hendrycks and Gimpel 2016).
  ///
  /// - Precondition: The extents agree, `input` has the layer's precision, and `output` is not int8, whose scale is known
  ///   only when a row is complete.
  package func apply(
    _ layer: PackedLinear, to input: Activations, into output: Activations, throughGELU: Bool = false
  ) {
    precondition(output.columnCount == layer.outputCount && output.precision != .int8)
    let target = unsafe ck_output(
      finish: throughGELU ? CK_GELU : CK_SET, format: output.precision.format, values: output.words,
      stride: output.valueStride)
    unsafe run(layer, input, target, rows: output.rowCount)
  }

  @unsafe private func run(_ layer: PackedLinear, _ input: Activations, _ output: ck_output, rows: Int) {
    precondition(input.precision == layer.precision && input.columnCount == layer.inputCount && input.rowCount == rows)
    var (layer, input, output) = unsafe (layer.kernelLayer, input.kernelRows, output)
    unsafe functions.linear(&layer, &input, &output)
  }

  /// Each row of `input` with mean 0 and variance 1, times gamma plus beta.
  ///
  /// Layer normalisation (Ba, Kiros and Hinton 2016): the variance is that of the population, `epsilon` is added to it.
  package func normalize(
    _ input: Matrix, gamma: Weights, beta: Weights, epsilon: Float, into output: Activations
  ) {
    let width = input.columnCount
    precondition(output.rowCount == input.rowCount && output.columnCount == width && output.zero == .middle)
    precondition(gamma.count == width && beta.count == width)
    unsafe withUnsafeTemporaryAllocation(byteCount: 4 * (width + 16), alignment: 64) { scratch in
      unsafe input.withBase { base in
        unsafe gamma.withBase { gamma in
          unsafe beta.withBase { beta in
            unsafe functions.layer_norm(
              base, input.stride, input.rowCount, width, gamma, beta, epsilon, output.precision.format, output.words,
              output.valueStride, output.scales, scratch.assumingMemoryBound(to: Float.self).baseAddress)
          }
        }
      }
    }
  }

  /// The same values in another precision: floats rounded to bfloat16, or bfloat16 quantised to 8-bit integers with a scale
  /// for each row.
  ///
  /// - Precondition: The extents agree, and the precisions are one of those pairs or the same float formats.
  package func convert(_ input: Matrix, into output: Activations) {
    precondition(output.rowCount == input.rowCount && output.columnCount == input.columnCount)
    unsafe input.withBase { base in
      switch output.precision {
      case .fp32:
        for row in 0..<input.rowCount {
          let target = unsafe UnsafeMutableRawPointer(output.words + row * output.stride)
          unsafe target.copyMemory(from: base + row * input.stride, byteCount: 4 * input.columnCount)
        }
      case .bf16:
        let target = unsafe UnsafeMutableRawPointer(output.words).assumingMemoryBound(to: UInt16.self)
        unsafe functions.round(
          base, input.stride, input.rowCount, input.columnCount, target, output.valueStride)
      case .int8: preconditionFailure("8-bit integers are made from bfloat16")
      }
    }
  }

  /// bfloat16 rows as 8-bit integers with a scale for each row.
  package func quantize(_ input: Activations, into output: Activations) {
    precondition(output.rowCount == input.rowCount && output.columnCount == input.columnCount)
    precondition(input.precision == .bf16 && output.precision == .int8)
    unsafe functions.quantize(
      UnsafeRawPointer(input.words).assumingMemoryBound(to: UInt16.self), input.valueStride, input.rowCount,
      input.columnCount, output.zero == .middle ? 0 : Activations.geluShift,
      UnsafeMutableRawPointer(output.words).assumingMemoryBound(to: UInt8.self), output.valueStride, output.scales)
  }
}

// MARK: - Rows of floats

extension Kernels {
  /// Turns every row of scores into weights that are positive and add up to 1, with the row's maximum taken off first.
  package func softmax(_ matrix: Matrix) {
    unsafe matrix.withBase { base in
      unsafe functions.softmax(base, matrix.stride, matrix.rowCount, matrix.columnCount)
    }
  }

  /// output = a·b, all in 32-bit floats.
  ///
  /// - Precondition: The extents agree: output `[n, m]`, a `[n, k]`, b `[k, m]`.
  package func multiply(_ a: Matrix, _ b: Activations, into output: Activations) {
    precondition(a.rowCount == output.rowCount && a.columnCount == b.rowCount && b.columnCount == output.columnCount)
    precondition(b.precision == .fp32 && output.precision == .fp32)
    unsafe a.withBase { left in
      let right = unsafe UnsafeRawPointer(b.words).assumingMemoryBound(to: Float.self)
      let target = unsafe UnsafeMutableRawPointer(output.words).assumingMemoryBound(to: Float.self)
      unsafe functions.product(
        left, a.stride, a.rowCount, right, b.stride, b.rowCount, b.columnCount, target, output.stride)
    }
  }

  /// Adds `other` to `matrix`, value by value.
  package func add(_ other: Weights, to matrix: Matrix) {
    precondition(other.rowCount == matrix.rowCount && other.columnCount == matrix.columnCount)
    unsafe matrix.withBase { base in
      unsafe other.withBase { addend in
        for row in 0..<matrix.rowCount {
          unsafe functions.add(
            base + row * matrix.stride, addend + row * matrix.columnCount, matrix.columnCount)
        }
      }
    }
  }
}

extension Matrix {
  /// Copies rows of `source`: row i becomes source row `indices[i]`.
  ///
  /// - Precondition: The indices lie within `source`.
  package func gatherRows(_ indices: some Collection<Int>, of source: Weights) {
    precondition(indices.count == rowCount && source.columnCount == columnCount)
    for (target, index) in indices.enumerated() { row(target).copy(source.row(index)) }
  }

  /// Columns as rows, each value times `factor`.
  package func transposed(scaledBy factor: Float) -> Matrix {
    let result = Matrix(rows: columnCount, columns: rowCount)
    for index in 0..<rowCount {
      let source = row(index)
      for column in 0..<columnCount { result.row(column)[index] = source[column] * factor }
    }
    return result
  }

  /// Copies the values of `range` in one row of `source` to the same columns of row 0.
  package func copyColumns(_ range: Range<Int>, ofRow index: Int, in source: Matrix) {
    precondition(range.lowerBound >= 0 && range.upperBound <= min(columnCount, source.columnCount))
    let (target, source) = (row(0), source.row(index))
    for column in range { target[column] = source[column] }
  }
}
