/// What the summary picture of a report says, line by line; no name and no identifier of a patient.
package struct SummaryText: Sendable, Equatable {
  /// A finding's row: label, score with its kind, threshold, flag.
  package struct Row: Sendable, Equatable {
    package let label: String
    package let score: String
    package let threshold: String
    package let flag: String
  }

  package let title: String
  package let lines: [String]
  package let rows: [Row]
  package let disclaimer: String

  package init(of report: TriageReport) {
    title = Product.seriesDescription
    let used = report.inputs.count(where: \.used)
    var lines = [
      "Status: \(Self.word(report.status))",
      "Priority: \(report.priority.level == .none ? "not ranked" : report.priority.level.rawValue)"
        + (report.priority.because.isEmpty ? "" : " (\(report.priority.because.joined(separator: "; ")))"),
      "Images scored: \(used) of \(report.inputs.count) considered",
    ]
    if let reason = report.noAssist { lines.append("No assist: \(reason.code.rawValue). \(reason.text)") }
    lines.append("Model: \(report.model.id), \(report.model.digest)")
    lines.append("Labels: \(report.labelSet.id) \(report.labelSet.version), \(report.labelSet.digest)")
    if let software = report.software { lines.append("Made by \(Product.modelName) \(software.version)") }
    self.lines = lines
    rows = report.findings.map(Self.row)
    disclaimer = report.disclaimer
  }

  private static func row(_ finding: TriageReport.Finding) -> Row {
    let kind = finding.threshold.on
    let flag =
      switch finding.flag {
      case true?: "FLAGGED"
      case false?: "not flagged"
      case nil: "undetermined"
      }
    return Row(
      label: finding.label,
      score: finding.scores.value(of: kind).map { "\(kind.rawValue) \(shortNumber($0))" } ?? "no score",
      threshold: "threshold \(shortNumber(finding.threshold.value))", flag: flag)
  }

  private static func word(_ status: TriageReport.Status) -> String {
    switch status {
    case .complete: "complete"
    case .partial: "partial: not every image could be scored"
    case .noAssist: "no assist"
    case .failed: "failed: no image could be scored"
    }
  }
}

extension TriageReport.Scores {
  /// The score of a kind; `nil` where there is none.
  package func value(of kind: TriageReport.ScoreKind) -> Double? {
    switch kind {
    case .cosine: cosine
    case .logit: logit
    case .sigmoid: sigmoid
    case .softmax: softmax
    case .calibrated: calibrated
    }
  }
}
