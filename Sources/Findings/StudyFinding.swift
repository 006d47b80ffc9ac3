/// One finding of one study: its scores, the images they come from and whether they reach the threshold.
///
/// A finding that is not flagged is not excluded: absence of a flag does not mean absence of disease.
package struct StudyFinding: Sendable, Equatable {
  package let label: LabelSet.Label
  package let scores: FindingScores
  /// The images the scores come from, the one with the highest score first; at least one.
  package let evidence: [ImageReference]
  package let aggregation: StudyAggregation

  package init(
    label: LabelSet.Label, scores: FindingScores, evidence: [ImageReference], aggregation: StudyAggregation
  ) {
    self.label = label
    self.scores = scores
    self.evidence = evidence
    self.aggregation = aggregation
  }

  /// The score the threshold is compared with; `nil` for a softmax threshold without absent prompts.
  package var thresholdedScore: Double? { scores.value(of: label.threshold.on) }

  /// Whether the score reaches the threshold; `nil` when there is no such score.
  package var flag: Bool? { thresholdedScore.map { $0 >= label.threshold.value } }

  /// How far the score lies above the threshold, from 0 (at it) to 1 (as far as this kind of score can go); `nil` when
  /// the finding is not flagged. It orders studies and means nothing else.
  ///
  /// For the bounded scores the share of the way from the threshold to the highest value; for a logit
  /// `2 × logistic(score - threshold) - 1`.
  package var exceedance: Double? {
    guard let score = thresholdedScore, flag == true else { return nil }
    let excess = score - label.threshold.value
    guard label.threshold.on != .logit else { return 2 * logistic(excess) - 1 }
    let room = label.threshold.on.range.upperBound - label.threshold.value
    return room > 0 ? min(1, excess / room) : 1
  }
}
