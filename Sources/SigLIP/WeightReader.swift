internal import Tensors

/// Hands out the tensors of a checkpoint by name and keeps count of those that were asked for.
struct WeightReader {
  private let weights: CheckpointWeights
  private var used: Set<String> = []

  init(_ weights: CheckpointWeights) {
    self.weights = weights
  }

  /// The tensor `name`, which must have `shape`; -1 stands for any extent.
  mutating func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Weights {
    used.insert(name)
    return try weights.weights(name, shape: shape)
  }

  /// A single value stored as `[1]` or as a scalar.
  mutating func scalar(_ name: String) throws(CheckpointError) -> Float {
    let shape = weights.entry(name)?.shape == [] ? [] : [1]
    let value = try tensor(name, shape).values[0]
    guard abs(value) < 80 else {
      throw .setting(file: file(of: name), name: name, expected: "a number between -80 and 80", found: "\(value)")
    }
    return value
  }

  mutating func linear(_ name: String, from input: Int, to output: Int) throws(CheckpointError) -> LinearLayer {
    LinearLayer(
      weight: try tensor(name + ".weight", [output, input]), bias: try tensor(name + ".bias", [output]))
  }

  mutating func layerNorm(_ name: String, _ configuration: EncoderConfiguration) throws(CheckpointError) -> LayerNorm {
    let shape = [configuration.hiddenSize]
    return LayerNorm(
      gamma: try tensor(name + ".weight", shape), beta: try tensor(name + ".bias", shape),
      epsilon: configuration.layerNormEpsilon)
  }

  mutating func perceptron(_ name: String, _ configuration: EncoderConfiguration) throws(CheckpointError) -> Perceptron
  {
    let (hidden, intermediate) = (configuration.hiddenSize, configuration.intermediateSize)
    return Perceptron(
      first: try linear(name + ".fc1", from: hidden, to: intermediate),
      second: try linear(name + ".fc2", from: intermediate, to: hidden))
  }

  /// The file that holds tensor `name`, for error messages.
  func file(of name: String) -> String { weights.file(of: name) }

  /// The tensors nobody asked for, in the order of their names.
  var unused: [String] { weights.names.filter { !used.contains($0) } }
}
