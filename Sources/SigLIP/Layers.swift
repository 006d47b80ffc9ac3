// Shape letters: T tokens, C hidden size, I intermediate size.
internal import Tensors

/// y = x·wᵀ + b.
struct LinearLayer: Sendable {
  /// `[out, in]`.
  let weight: Weights
  /// `[out]`.
  let bias: Weights

  /// output = layer(input).
  func apply(_ input: Matrix, to output: Matrix) {
    output.fillRows(with: bias)
    output.setProduct(input, transposed: weight, adding: true)
  }

  /// output += layer(input).
  func add(_ input: Matrix, to output: Matrix) {
    output.addToRows(bias)
    output.setProduct(input, transposed: weight, adding: true)
  }
}

struct LayerNorm: Sendable {
  /// `[C]`.
  let gamma: Weights
  /// `[C]`.
  let beta: Weights
  let epsilon: Float

  /// output = layer(input); they may be the same memory.
  func apply(_ input: Matrix, to output: Matrix) {
    output.setLayerNorm(of: input, gamma: gamma, beta: beta, epsilon: epsilon)
  }
}

/// Two linear layers with a GELU between them: C to I to C.
struct Perceptron: Sendable {
  let first: LinearLayer
  let second: LinearLayer

  /// output += layer(input), with `inner` `[T, I]` as scratch memory.
  func add(_ input: Matrix, to output: Matrix, inner: Matrix) {
    inner.setProduct(input, transposed: first.weight)
    inner.applyGELU(bias: first.bias)
    second.add(inner, to: output)
  }
}
