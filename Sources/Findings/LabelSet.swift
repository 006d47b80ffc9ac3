package import DICOMCore

/// The findings one pipeline looks for: their codes, prompts, thresholds and priorities.
package struct LabelSet: Sendable, Equatable {
  /// A stable name in kebab case, such as `chexpert-13`.
  package let id: String
  package let version: String
  package let title: String
  /// Where the prompts come from: authors, title, year, table.
  package let source: String
  /// SHA-256 of the file the label set was read from.
  package let digest: ContentDigest
  /// In the order of the file; names are unique.
  package let findings: [Label]

  package init(
    id: String, version: String, title: String, source: String, digest: ContentDigest, findings: [Label]
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.source = source
    self.digest = digest
    self.findings = findings
  }

  /// Every prompt once, sorted: what a text tower has to embed for this label set.
  package var prompts: [String] {
    Set(findings.flatMap { $0.present + $0.absent }).sorted()
  }
}

extension LabelSet {
  /// One finding of a label set.
  package struct Label: Sendable, Equatable {
    /// A stable name in kebab case, such as `pleural-effusion`; what `priority.levels` and reports refer to.
    package let name: String
    /// The name for people, such as `Pleural effusion`.
    package let title: String
    /// The finding as a coded concept; checked against ``CodeProblem`` when it comes from a file.
    package let code: CodedConcept
    /// Finding Site (363698007, SCT), where the code alone does not tell it.
    package let site: CodedConcept?
    /// Prompts that describe an image with the finding; at least one.
    package let present: [String]
    /// Prompts that describe an image without it; empty when no softmax is wanted.
    package let absent: [String]
    package let threshold: Threshold
    /// How far a flag moves the study up; `none` for a finding that is reported but moves nothing.
    package let priority: PriorityLevel

    package init(
      name: String, title: String, code: CodedConcept, site: CodedConcept? = nil, present: [String],
      absent: [String] = [], threshold: Threshold, priority: PriorityLevel
    ) {
      self.name = name
      self.title = title
      self.code = code
      self.site = site
      self.present = present
      self.absent = absent
      self.threshold = threshold
      self.priority = priority
    }
  }
}

/// The score from which on a finding is flagged.
package struct Threshold: Sendable, Equatable {
  /// The score the threshold is compared with.
  package let on: ScoreKind
  /// A score equal to `value` is flagged.
  package let value: Double
  /// How the value was chosen: the data it was calibrated on, or that it was not.
  package let source: String

  package init(on: ScoreKind, value: Double, source: String) {
    self.on = on
    self.value = value
    self.source = source
  }
}
