internal import Tensors

/// Rewrites a layer normalisation and the linear layer behind it so that both lose less when they become 8-bit integers,
/// without changing what they compute.
enum Smoothing {
  /// What the columns of `weight` `[out, in]` are multiplied with and gamma and beta divided by (SmoothQuant, Xiao et al.
  /// 2023, with α = 1/2).
  ///
  /// SmoothQuant measures how large each input becomes. Behind a layer normalisation that can be told from gamma and beta:
  /// a value is gamma times one of a distribution with variance 1, plus beta.
  static func factors(gamma: Weights, beta: Weights, weight: Weights) -> [Float] {
    let largest = weight.largestMagnitudes()
    let raw = zip(zip(gamma.values, beta.values), largest).map { vector, weight in
      let input = 3 * abs(vector.0) + abs(vector.1)
      guard input > 0, weight > 0 else { return Float(1) }
      return (input / weight).squareRoot()
    }
    // Powers of two change no digit of the values, only their exponents. A common factor makes no difference at all, so that
    // one is taken out that keeps numbers near 1.
    let middle = raw.sorted()[raw.count / 2]
    return raw.map { $0.isFinite && $0 > 0 && middle > 0 ? ($0 / middle).nearestPowerOfTwo : 1 }
  }

  /// The bias of queries, keys and values, with another one for the keys.
  ///
  /// What all keys of a head have in common adds the same number to all scores of a query, and softmax takes that out again.
  /// The trained bias and what beta becomes are such shares; without them 8 bits go further.
  static func biasWithoutSharedKeys(
    _ bias: Weights, of request: LinearRequest, weight: Weights, beta: Weights
  ) -> Weights {
    guard let keys = request.parts.firstIndex(where: { $0.hasSuffix(".k_proj") }) else { return bias }
    var values = bias.values
    let beta = beta.values
    for output in keys * request.outputCount..<(keys + 1) * request.outputCount {
      let row = weight.part(output..<output + 1).values
      values[output] = -zip(row, beta).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return Weights(shape: bias.shape, values: values)
  }
}

extension Float {
  /// The power of two whose logarithm is nearest, within 2^-20 and 2^20.
  fileprivate var nearestPowerOfTwo: Float {
    let exponent = significand * significand > 2 ? self.exponent + 1 : self.exponent
    return Float(sign: .plus, exponent: min(max(Int(exponent), -20), 20), significand: 1)
  }
}
