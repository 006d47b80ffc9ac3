/// The number format in which an encoder multiplies.
///
/// In all of them the residual stream, layer normalisation, softmax, patch embedding, positions, pooling and the length of
/// an embedding are computed in 32-bit floats, and sums of products are 32 bits wide.
package enum Precision: String, Sendable, CaseIterable, Codable {
  /// 32-bit floats.
  case fp32
  /// Linear layers and attention multiply bfloat16.
  case bf16
  /// Linear layers multiply 8-bit integers, with a scale for each output of the weights and each token of the input; scores
  /// of attention too, its weights and values are bfloat16.
  case int8
}
