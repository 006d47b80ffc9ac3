internal import CKernels

extension PackedLinear {
  /// wᵀ·g for vectors g over the outputs of `range`: how the inputs move what the outputs move with g.
  ///
  /// The sums run in an order of their own that no processor changes, in 32-bit floats.
  ///
  /// - Parameters:
  ///   - vectors: Each as long as `range`.
  ///   - range: Outputs of the layer; those outside count as 0.
  /// - Returns: For each vector as many values as the layer has inputs.
  /// - Precondition: The layer is in 32-bit floats.
  /// - Complexity: O(vectors × range × inputs); the weights are read once for all vectors.
  package func transposed(_ vectors: [[Float]], outputs range: Range<Int>) -> [[Float]] {
    precondition(precision == .fp32 && range.lowerBound >= 0 && range.upperBound <= outputCount)
    precondition(vectors.allSatisfy { $0.count == range.count })
    let width = Int(CK_PANEL)
    let lanes = SIMD16<Float>.scalarCount
    let panels = range.lowerBound / width..<(range.upperBound + width - 1) / width
    let perPanel = width / lanes
    // Vector by vector within a panel, spread over the lanes of its outputs.
    let spread = panels.flatMap { panel in
      vectors.flatMap { vector in
        (0..<perPanel).map { part in
          var lane = SIMD16<Float>()
          for index in 0..<lanes {
            let output = panel * width + part * lanes + index
            if range.contains(output) { lane[index] = vector[output - range.lowerBound] }
          }
          return lane
        }
      }
    }
    var sums = [Float](repeating: 0, count: vectors.count * inputCount)
    for (order, panel) in panels.enumerated() {
      for input in 0..<inputCount {
        let row = (panel * inputCount + input) * width
        for vector in vectors.indices {
          let first = (order * vectors.count + vector) * perPanel
          var products = SIMD16<Float>()
          for part in 0..<perPanel { products += lanesOfWeights(at: row + part * lanes) * spread[first + part] }
          sums[vector * inputCount + input] += products.sum()
        }
      }
    }
    return vectors.indices.map { Array(sums[$0 * inputCount..<($0 + 1) * inputCount]) }
  }

  /// The biases of the outputs of `range`.
  package func biases(_ range: Range<Int>) -> [Float] {
    precondition(range.lowerBound >= 0 && range.upperBound <= outputCount)
    return range.map { unsafe kernelLayer.bias[$0] }
  }
}
