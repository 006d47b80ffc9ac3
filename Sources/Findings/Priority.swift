internal import Foundation

/// How far a study moves up in the worklist; the words of Scheduled Procedure Step Priority (0074,1200), and `none`.
package enum PriorityLevel: String, Sendable, CaseIterable, Comparable {
  /// Keeps its first-in-first-out place.
  case none
  case low, medium, high

  private var rank: Int {
    switch self {
    case .none: 0
    case .low: 1
    case .medium: 2
    case .high: 3
    }
  }

  package static func < (lhs: PriorityLevel, rhs: PriorityLevel) -> Bool { lhs.rank < rhs.rank }
}

/// Where a study goes in the worklist, and why.
package struct PriorityDecision: Sendable, Equatable {
  package let level: PriorityLevel
  /// The rule that decided, with its version.
  package let ruleID: String
  /// One line for each flagged finding that moves the study up, the most urgent first; empty for `none`.
  package let because: [String]
  /// Orders the studies of one level, in 0...1; 0 for `none`. It means nothing else.
  package let rankScore: Double

  package init(level: PriorityLevel, ruleID: String, because: [String], rankScore: Double) {
    self.level = level
    self.ruleID = ruleID
    self.because = because
    self.rankScore = rankScore
  }

  /// The decision for a study without scores, such as one that ends in "no assist".
  package static let unranked = PriorityDecision(level: .none, ruleID: PriorityRule.id, because: [], rankScore: 0)
}

/// A study takes the highest level of its flagged findings, and within it the highest ``StudyFinding/exceedance``.
package struct PriorityRule: Sendable, Equatable {
  package static let id = "highest-flagged-finding/1"

  /// Levels by label name that replace those of the label set.
  package let levels: [String: PriorityLevel]

  package init(levels: [String: PriorityLevel] = [:]) {
    self.levels = levels
  }

  /// The level a flag of `label` raises a study to.
  package func level(of label: LabelSet.Label) -> PriorityLevel { levels[label.name] ?? label.priority }

  /// Decides from the findings of one study.
  package func decision(for findings: [StudyFinding]) -> PriorityDecision {
    struct Reason {
      let level: PriorityLevel
      let exceedance: Double
      let finding: StudyFinding
    }
    let reasons = findings.compactMap { finding -> Reason? in
      guard let exceedance = finding.exceedance, level(of: finding.label) > .none else { return nil }
      return Reason(level: level(of: finding.label), exceedance: exceedance, finding: finding)
    }.sorted {
      if $0.level != $1.level { return $0.level > $1.level }
      if $0.exceedance != $1.exceedance { return $0.exceedance > $1.exceedance }
      return $0.finding.label.name < $1.finding.label.name
    }
    guard let first = reasons.first else { return .unranked }
    return PriorityDecision(
      level: first.level, ruleID: Self.id, because: reasons.map { Self.sentence($0.finding) },
      rankScore: first.exceedance)
  }

  /// Such as `pneumothorax: softmax 0.8731 reaches its threshold 0.5000`.
  private static func sentence(_ finding: StudyFinding) -> String {
    let threshold = finding.label.threshold
    let (score, limit) = (
      String(format: "%.4f", finding.thresholdedScore ?? 0), String(format: "%.4f", threshold.value)
    )
    return "\(finding.label.name): \(threshold.on.rawValue) \(score) reaches its threshold \(limit)"
  }
}
