package import Tensors

/// Where the towers get their trained values from: a checkpoint, whose layers are packed as they are asked for, or layers
/// that were packed before.
///
/// Names are those of the checkpoint's tensors; ``LinearRequest`` and ``NormRequest`` say what is made of which.
package protocol LayerSource {
  /// The number format of the encoder layers.
  var precision: Precision { get }
  /// The values of one tensor as they are, which must have `shape`; -1 stands for any extent.
  mutating func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Weights
  /// A linear layer, packed in the precision that it is to run in.
  mutating func linear(_ request: LinearRequest) throws(CheckpointError) -> PackedLinear
  /// A layer normalisation, which may carry factors for the linear layer behind it.
  mutating func norm(_ request: NormRequest) throws(CheckpointError) -> LayerNorm
  /// The file that holds tensor `name`, or should, for error messages.
  func file(of name: String) -> String
}

/// One linear layer, of one or several of the checkpoint's that read the same input.
package struct LinearRequest: Sendable, Hashable {
  /// What it is called, such as `vision_model.encoder.layers.3.self_attn.qkv_proj`; no two layers have the same name.
  package let name: String
  /// The checkpoint's layers, whose outputs lie side by side; each has a `.weight` and a `.bias`.
  package let parts: [String]
  package let inputCount: Int
  /// Of each part.
  package let outputCount: Int
  /// Whether it always runs in 32-bit floats, as everything outside the encoder layers does.
  package let isExact: Bool
  /// The layer normalisation that makes its input, if one does.
  package let norm: String?

  package var totalOutputCount: Int { parts.count * outputCount }
}

/// One layer normalisation.
package struct NormRequest: Sendable, Hashable {
  /// Has a `.weight` and a `.bias`.
  package let name: String
  package let size: Int
  package let epsilon: Float
  /// The linear layer that reads its output, if it is the only reader.
  package let reader: LinearRequest?
}

extension LayerSource {
  /// A layer that runs in 32-bit floats.
  mutating func exactLinear(_ name: String, from input: Int, to output: Int) throws(CheckpointError) -> PackedLinear {
    try linear(
      LinearRequest(
        name: name, parts: [name], inputCount: input, outputCount: output, isExact: true, norm: nil))
  }

  /// A layer normalisation that runs as trained.
  mutating func exactNorm(_ name: String, _ configuration: EncoderConfiguration) throws(CheckpointError) -> LayerNorm {
    try norm(
      NormRequest(name: name, size: configuration.hiddenSize, epsilon: configuration.layerNormEpsilon, reader: nil))
  }

  /// A single value stored as `[1]` or as a scalar.
  mutating func scalar(_ name: String) throws(CheckpointError) -> Float {
    let value = try tensor(name, [1]).values[0]
    guard abs(value) < 80 else {
      throw .setting(file: file(of: name), name: name, expected: "a number between -80 and 80", found: "\(value)")
    }
    return value
  }
}

/// Gamma and beta of a layer normalisation, `[C]` each.
package struct LayerNorm: Sendable {
  package let gamma: Weights
  package let beta: Weights
  package let epsilon: Float

  package init(gamma: Weights, beta: Weights, epsilon: Float) {
    self.gamma = gamma
    self.beta = beta
    self.epsilon = epsilon
  }
}
