internal import DICOMCore
internal import Findings
internal import PipelineDefinitions
internal import Reports
internal import Tensors

// `Findings` decides and `Reports` renders, each with words of its own. Here they meet: a word that one side gains and
// the other lacks does not compile.

extension TriageReport.NoAssist {
  init(_ noAssist: NoAssist) {
    self.init(Code(noAssist.code), text: noAssist.text)
  }
}

extension TriageReport.NoAssist.Code {
  init(_ reason: NoAssistReason) {
    self =
      switch reason {
      case .unsupportedSOPClass: .unsupportedSOPClass
      case .unsupportedTransferSyntax: .unsupportedTransferSyntax
      case .unsupportedModality: .unsupportedModality
      case .noMatchingSeries: .noMatchingSeries
      case .decodeError: .decodeError
      case .qualityControlImage: .qualityControlImage
      case .inputQuality: .inputQuality
      case .modelUnavailable: .modelUnavailable
      case .deadline: .deadline
      case .policy: .policy
      }
  }
}

extension TriageReport.Priority {
  init(_ decision: PriorityDecision, ruleDigest: ContentDigest, readBy: ReportDate?) {
    self.init(
      level: Level(decision.level), ruleID: decision.ruleID, ruleDigest: ruleDigest, because: decision.because,
      rankScore: decision.rankScore, readBy: readBy)
  }
}

extension TriageReport.Priority.Level {
  init(_ level: PriorityLevel) {
    self =
      switch level {
      case .none: .none
      case .low: .low
      case .medium: .medium
      case .high: .high
      }
  }
}

extension TriageReport.ScoreKind {
  init(_ kind: ScoreKind) {
    self =
      switch kind {
      case .cosine: .cosine
      case .logit: .logit
      case .sigmoid: .sigmoid
      case .softmax: .softmax
      }
  }
}

extension TriageReport.Aggregation {
  init(_ aggregation: StudyAggregation) {
    self =
      switch aggregation {
      case .max: .max
      case .mean: .mean
      case .noisyOr: .noisyOr
      case .topKMean: .topKMean
      }
  }
}

extension TriageReport.Finding {
  /// A finding of `Findings` in the words of the report.
  init(_ finding: StudyFinding, study: UID) {
    let label = finding.label
    self.init(
      label: label.name, code: label.code, site: label.site,
      trackingUID: ReportIdentity.trackingUID(study: study, label: label.name), level: .study,
      aggregation: TriageReport.Aggregation(finding.aggregation),
      evidence: finding.evidence.map { TriageReport.Evidence($0.sopInstanceUID, frame: $0.frame) },
      scores: TriageReport.Scores(
        cosine: finding.scores.cosine, logit: finding.scores.logit, sigmoid: finding.scores.sigmoid,
        softmax: finding.scores.softmax),
      threshold: TriageReport.Threshold(
        on: TriageReport.ScoreKind(label.threshold.on), value: label.threshold.value, source: label.threshold.source),
      flag: finding.flag)
  }
}

extension TriageReport.Precision {
  init(_ precision: Precision) {
    self =
      switch precision {
      case .fp32: .fp32
      case .bf16: .bf16
      case .int8: .int8
      }
  }
}

extension StructuredReport.Form {
  init(_ choice: StructuredReportClass) {
    self =
      switch choice {
      case .comprehensive3D: .comprehensive3D
      case .comprehensive: .comprehensive
      }
  }
}

extension ReportDate {
  /// When a study arrived, in the device's own time zone, which is not applied; `nil` where that is unknown.
  init?(_ arrival: StudyArrival) {
    guard let fields = arrival.calendarFields else { return nil }
    self.init(
      year: fields[0], month: fields[1], day: fields[2], hour: fields[3], minute: fields[4], second: fields[5])
  }
}
