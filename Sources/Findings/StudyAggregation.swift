package import DICOMCore

/// One image of a study: an instance, and the frame where it has several.
package struct ImageReference: Sendable, Hashable, Comparable {
  package let sopInstanceUID: UID
  /// From 1; `nil` for a single-frame image.
  package let frame: Int?

  package init(sopInstanceUID: UID, frame: Int? = nil) {
    self.sopInstanceUID = sopInstanceUID
    self.frame = frame
  }

  package static func < (lhs: ImageReference, rhs: ImageReference) -> Bool {
    (lhs.sopInstanceUID, lhs.frame ?? 0) < (rhs.sopInstanceUID, rhs.frame ?? 0)
  }
}

/// The scores of one image, one a finding in the order of the label set.
package struct ImageScores: Sendable, Equatable {
  package let image: ImageReference
  package let scores: [FindingScores]

  package init(image: ImageReference, scores: [FindingScores]) {
    self.image = image
    self.scores = scores
  }
}

/// How the scores of a study's images become one score a finding.
///
/// "Best" below means the highest score of the kind that the finding's threshold is set on; of two equal images the one
/// that comes first by SOP Instance UID and frame.
package enum StudyAggregation: Sendable, Equatable {
  /// All four scores of the best image.
  case max
  /// The mean of each score over all images.
  case mean
  /// `1 - Π(1 - score)` for sigmoid and softmax; cosine and logit, for which it means nothing, of the best image.
  case noisyOr
  /// The mean of each score over the `k` best images, or over all when there are fewer.
  case topKMean(k: Int)

  /// The name in pipelines and in `triage_report.schema.json`.
  package var name: String {
    switch self {
    case .max: "max"
    case .mean: "mean"
    case .noisyOr: "noisy-or"
    case .topKMean: "top-k-mean"
    }
  }

  /// Whether a threshold on `kind` sees the aggregated score.
  package func combines(_ kind: ScoreKind) -> Bool {
    self != .noisyOr || kind == .sigmoid || kind == .softmax
  }
}

extension StudyAggregation {
  /// The findings of a study, in the order of the label set.
  ///
  /// The result does not depend on the order of `images`. Throws when there is no image or no finding, and when an
  /// image does not have one score for each finding.
  package func findings(
    of labelSet: LabelSet, images: [ImageScores]
  ) throws(FindingsError) -> [StudyFinding] {
    guard !images.isEmpty, !labelSet.findings.isEmpty else { throw .nothingToScore }
    for image in images where image.scores.count != labelSet.findings.count {
      throw .scoreCount(expected: labelSet.findings.count, found: image.scores.count)
    }
    let ordered = images.sorted { $0.image < $1.image }
    return labelSet.findings.enumerated().map { index, label in
      finding(label, ordered.map { ($0.image, $0.scores[index]) })
    }
  }

  private func finding(_ label: LabelSet.Label, _ images: [(ImageReference, FindingScores)]) -> StudyFinding {
    func rank(_ scores: FindingScores) -> Double { scores.value(of: label.threshold.on) ?? -.infinity }
    // The sort keeps equal images in the order of their identifiers.
    let best = images.enumerated()
      .sorted { (-rank($0.element.1), $0.offset) < (-rank($1.element.1), $1.offset) }.map(\.element)
    let used =
      switch self {
      case .max: Array(best.prefix(1))
      case .mean, .noisyOr: best
      case .topKMean(let k): Array(best.prefix(Swift.max(1, k)))
      }
    let scores = combine(used.map(\.1))
    return StudyFinding(label: label, scores: scores, evidence: used.map(\.0), aggregation: self)
  }

  /// Combines the images that count, the best first; at least one.
  private func combine(_ scores: [FindingScores]) -> FindingScores {
    func mean(_ value: (FindingScores) -> Double) -> Double {
      scores.reduce(0) { $0 + value($1) } / Double(scores.count)
    }
    func either(_ value: (FindingScores) -> Double) -> Double {
      1 - scores.reduce(1) { $0 * (1 - value($1)) }
    }
    // Absent prompts belong to the finding: either all images have a softmax or none has.
    let hasSoftmax = scores.allSatisfy { $0.softmax != nil }
    func softmax(_ scores: FindingScores) -> Double { scores.softmax ?? 0 }
    switch self {
    case .max:
      return scores[0]
    case .mean, .topKMean:
      return FindingScores(
        cosine: mean(\.cosine), logit: mean(\.logit), sigmoid: mean(\.sigmoid),
        softmax: hasSoftmax ? mean(softmax) : nil)
    case .noisyOr:
      return FindingScores(
        cosine: scores[0].cosine, logit: scores[0].logit, sigmoid: either(\.sigmoid),
        softmax: hasSoftmax ? either(softmax) : nil)
    }
  }
}
