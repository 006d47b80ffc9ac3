/// What the positive prompts of a finding are held against.
package enum ContrastKind: String, Sendable, CaseIterable {
  /// The finding's own prompts for its absence, as in the softmax.
  case absentPrompts = "absent-prompts"
  /// A prompt of no words, where a finding has none for its absence: what any text would find is taken off.
  case emptyPrompt = "empty-prompt"
}

extension LabelSet.Label {
  package var contrast: ContrastKind { absent.isEmpty ? .emptyPrompt : .absentPrompts }
}

extension LabelSet {
  /// The prompt of no words.
  package static let emptyPrompt = ""

  /// Whether a finding is held against ``emptyPrompt``.
  package var needsEmptyPrompt: Bool { findings.contains { $0.contrast == .emptyPrompt } }
}

extension ZeroShotScorer {
  /// For each finding the direction whose cosine with an image is explained: present less absent, as in the softmax.
  ///
  /// What both prompts find in an image, and any text would, is the same on both sides and drops out. A finding without
  /// absent prompts is held against the empty prompt for that reason.
  ///
  /// - Parameter emptyPrompt: The embedding of ``LabelSet/emptyPrompt``, where ``LabelSet/needsEmptyPrompt``.
  /// - Throws: ``FindingsError/promptNotEmbedded(prompt:)`` when it is needed and missing, or what is wrong with it.
  package func contrasts(emptyPrompt: [Float]?) throws(FindingsError) -> [[Float]] {
    var directions: [[Float]] = []
    let empty: UnitVector? =
      if let emptyPrompt { try UnitVector(emptyPrompt.map(Double.init)) } else { nil }
    for (present, absent) in zip(prompts.present, prompts.absent) {
      guard let other = absent ?? empty else { throw .promptNotEmbedded(prompt: LabelSet.emptyPrompt) }
      guard other.components.count == prompts.dimension else {
        throw .dimension(expected: prompts.dimension, found: other.components.count)
      }
      directions.append(zip(present.components, other.components).map { Float($0 - $1) })
    }
    return directions
  }
}
