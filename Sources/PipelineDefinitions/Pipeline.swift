package import DICOMCore
package import Deidentification
package import Findings
package import PixelTransforms

/// A complete, checked definition of one triage pipeline.
package struct Pipeline: Sendable, Equatable {
  /// A stable name in kebab case, such as `nightly-triage`.
  package let id: String
  package let version: String
  package let title: String
  /// What is done to the inputs before anything looks at them; `nil` to take them as they are.
  package let deidentification: InputDeidentification?
  /// SHA-256 of the pipeline's file; the label set carries its own.
  package let digest: ContentDigest
  package let selection: SelectionRules
  package let window: WindowChoice
  package let preset: ResizePreset
  package let labelSet: LabelSet
  package let aggregation: StudyAggregation
  package let priority: PriorityRule
  /// How long flagged studies may pass over others; `nil` for as long as they come in.
  package let waiting: WaitingLimits?
  /// What is written about a study.
  package let reports: ReportOptions
  /// What the pipeline adds to the research-use statement that every output carries; nothing takes that away.
  package let disclaimerAddition: String?

  package init(
    id: String, version: String, title: String, digest: ContentDigest, selection: SelectionRules,
    window: WindowChoice = .automatic, preset: ResizePreset = .tfBilinearPadded, labelSet: LabelSet,
    aggregation: StudyAggregation = .max, priority: PriorityRule = PriorityRule(),
    waiting: WaitingLimits? = nil, disclaimerAddition: String? = nil, deidentification: InputDeidentification? = nil,
    reports: ReportOptions = ReportOptions()
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.digest = digest
    self.selection = selection
    self.window = window
    self.preset = preset
    self.labelSet = labelSet
    self.aggregation = aggregation
    self.priority = priority
    self.waiting = waiting
    self.disclaimerAddition = disclaimerAddition
    self.deidentification = deidentification
    self.reports = reports
  }
}

/// The `deidentify` part of a pipeline.
package struct InputDeidentification: Sendable, Equatable {
  package let policy: DeidentificationPolicy
  /// Whether the released objects stay beside the results.
  package let keepsObjects: Bool

  package init(policy: DeidentificationPolicy, keepsObjects: Bool = false) {
    self.policy = policy
    self.keepsObjects = keepsObjects
  }
}
