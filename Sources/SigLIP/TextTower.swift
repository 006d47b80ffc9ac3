// Shape letters: T tokens, C hidden size, P projection size.
internal import Tensors

/// Turns token identifiers into an embedding that can be compared with those of images.
struct TextTower: Sendable {
  private let configuration: TextConfiguration
  /// `[vocabulary, C]`.
  private let vocabulary: Weights
  /// `[maximum T, C]`.
  private let positions: Weights
  private let encoder: Encoder
  private let finalNorm: LayerNorm
  private let head: PackedLinear

  init(_ configuration: TextConfiguration, _ source: inout some LayerSource) throws(CheckpointError) {
    let size = configuration.encoder.hiddenSize
    self.configuration = configuration
    self.vocabulary = try source.tensor(
      "text_model.embeddings.token_embedding.weight", [configuration.vocabularySize, size])
    self.positions = try source.tensor(
      "text_model.embeddings.position_embedding.weight", [configuration.maximumTokenCount, size])
    self.encoder = try Encoder("text_model.encoder", configuration.encoder, &source)
    self.finalNorm = try source.exactNorm("text_model.final_layer_norm", configuration.encoder)
    self.head = try source.exactLinear("text_model.head", from: size, to: configuration.projectionSize)
  }

  /// The embedding before normalisation, `[P]`: the last position after the final layer norm, through the head.
  ///
  /// Nothing is masked: padding is attended to, as in training.
  func embedding(
    _ identifiers: [Int32], _ execution: Execution, observe: Observer
  ) throws(CheckpointError) -> [Float] {
    let hidden = try tokens(identifiers, execution)
    observe(.embeddings, hidden)
    encoder.run(hidden, execution) { observe(.layer($0), hidden) }
    return pooled(hidden, execution)
  }

  /// The embeddings of prompts of any lengths, in their order, the same bits as ``embedding(_:_:observe:)`` gives.
  ///
  /// Prompts of one length, which all of a tokenizer's are, go through the layers together.
  func embeddings(_ prompts: [[Int32]], _ execution: Execution) throws(CheckpointError) -> [[Float]] {
    var hidden: [Matrix] = []
    for prompt in prompts { hidden.append(try tokens(prompt, execution)) }
    for length in Set(hidden.map(\.rowCount)).sorted() {
      encoder.run(hidden.filter { $0.rowCount == length }, execution)
    }
    return hidden.map { pooled($0, execution) }
  }

  /// Tokens with their positions, `[T, C]`.
  private func tokens(_ identifiers: [Int32], _ execution: Execution) throws(CheckpointError) -> Matrix {
    let count = identifiers.count
    guard (1...configuration.maximumTokenCount).contains(count) else {
      throw .tokenCount(maximum: configuration.maximumTokenCount, found: count)
    }
    if let outside = identifiers.first(where: { $0 < 0 || Int($0) >= configuration.vocabularySize }) {
      throw .tokenOutOfRange(outside, vocabularySize: configuration.vocabularySize)
    }
    let hidden = Matrix(rows: count, columns: configuration.encoder.hiddenSize)
    hidden.gatherRows(identifiers.map(Int.init), of: vocabulary)
    execution.kernels.add(positions.part(0..<count), to: hidden)
    return hidden
  }

  /// What the head makes of the last token.
  private func pooled(_ hidden: Matrix, _ execution: Execution) -> [Float] {
    let last = Activations(rows: 1, columns: configuration.encoder.hiddenSize, precision: .fp32)
    execution.kernels.normalize(hidden.rows(hidden.rowCount - 1..<hidden.rowCount), finalNorm, into: last)
    let output = Matrix(rows: 1, columns: configuration.projectionSize)
    execution.kernels.apply(head, to: last, into: output)
    return output.values
  }
}

/// A point inside a tower where its state can be looked at, to find the layer at which two implementations part.
package enum EncoderStage: Sendable, Hashable {
  /// Patches or tokens with their positions.
  case embeddings
  /// What comes out of the layer of that index.
  case layer(Int)
}

/// Called with the state `[T, C]` at a stage.
typealias Observer = (EncoderStage, Matrix) -> Void
