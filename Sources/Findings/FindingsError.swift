/// Why a study or a label set could not be scored. Carries no attribute values.
package enum FindingsError: Error, Sendable, Equatable {
  /// A finding without a present prompt.
  case noPresentPrompt(finding: String)
  /// No embedding was supplied for a prompt.
  case promptNotEmbedded(prompt: String)
  /// An embedding of another length than the first prompt's.
  case dimension(expected: Int, found: Int)
  /// NaN or infinity in an embedding.
  case nonFiniteEmbedding
  /// An embedding, or an average of embeddings, that has no direction.
  case zeroEmbedding
  /// A logit scale or bias that is not finite, or a scale that is not positive.
  case logitParameters
  /// A label set without findings, or a study without scored images.
  case nothingToScore
  /// An image whose number of scores is not the number of findings.
  case scoreCount(expected: Int, found: Int)
}

extension FindingsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noPresentPrompt(let finding): "the finding \(finding) has no present prompt"
    case .promptNotEmbedded(let prompt): "no embedding for the prompt \"\(prompt)\""
    case .dimension(let expected, let found): "an embedding has \(found) components; expected \(expected)"
    case .nonFiniteEmbedding: "an embedding has a component that is not a finite number"
    case .zeroEmbedding: "an embedding, or the average of a prompt list, is zero and has no direction"
    case .logitParameters: "the logit scale must be positive and finite and the logit bias finite"
    case .nothingToScore: "there is no finding or no image to score"
    case .scoreCount(let expected, let found): "an image has \(found) scores; expected \(expected), one a finding"
    }
  }
}
