// Shape letters: T tokens, C hidden size, I intermediate size.
internal import Tensors

/// One layer of a tower: self-attention and a perceptron, each behind a layer normalisation and with a residual.
struct EncoderLayer: Sendable {
  let firstNorm: LayerNorm
  /// Queries, keys and values side by side: C to 3C.
  let projections: PackedLinear
  let output: PackedLinear
  let secondNorm: LayerNorm
  /// C to I, followed by a GELU.
  let first: PackedLinear
  /// I to C.
  let second: PackedLinear

  init(
    _ name: String, _ configuration: EncoderConfiguration, _ source: inout some LayerSource
  ) throws(CheckpointError) {
    let requests = LayerRequests(name, configuration)
    self.firstNorm = try source.norm(requests.norm("layer_norm1", before: requests.projections))
    self.projections = try source.linear(requests.projections)
    self.output = try source.linear(requests.output)
    self.secondNorm = try source.norm(requests.norm("layer_norm2", before: requests.first))
    self.first = try source.linear(requests.first)
    self.second = try source.linear(requests.second)
  }

  /// Lets the memory of mapped weights go until they are needed again.
  func releaseMemory() {
    for layer in [projections, output, first, second] { layer.releaseMemory() }
  }
}

/// What one layer asks of its source.
private struct LayerRequests {
  let name: String
  let configuration: EncoderConfiguration

  init(_ name: String, _ configuration: EncoderConfiguration) {
    self.name = name
    self.configuration = configuration
  }

  var projections: LinearRequest {
    let attention = name + ".self_attn"
    return request(
      attention + ".qkv_proj", ["q", "k", "v"].map { "\(attention).\($0)_proj" }, behind: "layer_norm1")
  }

  var output: LinearRequest { request(name + ".self_attn.out_proj") }

  var first: LinearRequest {
    request(name + ".mlp.fc1", to: configuration.intermediateSize, behind: "layer_norm2")
  }

  var second: LinearRequest { request(name + ".mlp.fc2", from: configuration.intermediateSize) }

  func norm(_ suffix: String, before reader: LinearRequest) -> NormRequest {
    NormRequest(
      name: "\(name).\(suffix)", size: configuration.hiddenSize, epsilon: configuration.layerNormEpsilon,
      reader: reader)
  }

  private func request(
    _ name: String, _ parts: [String]? = nil, from input: Int? = nil, to output: Int? = nil, behind norm: String? = nil
  ) -> LinearRequest {
    LinearRequest(
      name: name, parts: parts ?? [name], inputCount: input ?? configuration.hiddenSize,
      outputCount: output ?? configuration.hiddenSize, isExact: false, norm: norm.map { "\(self.name).\($0)" })
  }
}
