internal import Foundation
package import Tensors

/// Packs the layers of a checkpoint into memory as they are asked for, and keeps count of the tensors that were.
package struct CheckpointLayers: LayerSource {
  package let precision: Precision
  /// Linear layers that stay in bfloat16 where the precision is int8, by the names of their requests.
  package let bfloat16Layers: Set<String>
  private let weights: CheckpointWeights
  /// The tensors that were asked for.
  private(set) var used: Set<String> = []

  init(_ weights: CheckpointWeights, precision: Precision, bfloat16Layers: Set<String>) {
    self.weights = weights
    self.precision = precision
    self.bfloat16Layers = bfloat16Layers
  }

  package mutating func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) -> Weights {
    used.insert(name)
    let isScalar = shape == [1] && weights.entry(name)?.shape == []
    return try weights.weights(name, shape: isScalar ? [] : shape)
  }

  package mutating func linear(_ request: LinearRequest) throws(CheckpointError) -> PackedLinear {
    let precision = precision(of: request)
    var (weight, bias) = try stacked(request)
    var factors: [Float]?
    if precision == .int8, let norm = request.norm {
      let trained = try trainedNorm(norm, size: request.inputCount)
      factors = Smoothing.factors(gamma: trained.gamma, beta: trained.beta, weight: weight)
      bias = Smoothing.biasWithoutSharedKeys(bias, of: request, weight: weight, beta: trained.beta)
    }
    return PackedLinear(weights: weight, bias: bias, factors: factors, precision: precision)
  }

  package mutating func norm(_ request: NormRequest) throws(CheckpointError) -> LayerNorm {
    let trained = try trainedNorm(request.name, size: request.size)
    guard let reader = request.reader, precision(of: reader) == .int8 else {
      return LayerNorm(gamma: trained.gamma, beta: trained.beta, epsilon: request.epsilon)
    }
    let factors = Smoothing.factors(gamma: trained.gamma, beta: trained.beta, weight: try stacked(reader).weight)
    let divided = [trained.gamma, trained.beta].map { vector in
      Weights(shape: vector.shape, values: zip(vector.values, factors).map { $0 / $1 })
    }
    return LayerNorm(gamma: divided[0], beta: divided[1], epsilon: request.epsilon)
  }

  private func precision(of request: LinearRequest) -> Precision {
    if request.isExact { return .fp32 }
    return precision == .int8 && bfloat16Layers.contains(request.name) ? .bf16 : precision
  }

  private mutating func trainedNorm(
    _ name: String, size: Int
  ) throws(CheckpointError) -> (gamma: Weights, beta: Weights) {
    (try tensor(name + ".weight", [size]), try tensor(name + ".bias", [size]))
  }

  /// The parts of a layer below one another.
  private mutating func stacked(_ request: LinearRequest) throws(CheckpointError) -> (weight: Weights, bias: Weights) {
    var (parts, biases): ([Weights], [Weights]) = ([], [])
    for part in request.parts {
      parts.append(try tensor(part + ".weight", [request.outputCount, request.inputCount]))
      biases.append(try tensor(part + ".bias", [request.outputCount]))
    }
    return (Weights(stacking: parts), Weights(stacking: biases))
  }

  package func file(of name: String) -> String { weights.file(of: name) }

  /// Gives back the memory of tensors that have been packed.
  func releaseMemory(of names: [String]) {
    for name in names { weights.releaseMemory(of: name) }
  }
}
