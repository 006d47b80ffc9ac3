package import DICOMCore

/// Everything one run says about one study; JSON, SR, CSV and the table are renderings of this value.
///
/// Mirrors `triage_report.schema.json`, schema `triage-report/1`. Arrays are rendered in the order given, so the caller
/// sorts them by something that does not change between runs.
package struct TriageReport: Sendable, Equatable {
  /// The value of `schema`.
  package static let schema = "triage-report/1"

  /// The SOP Instance UID of the SR with the same content.
  package var reportID: UID
  /// What the report was computed from, see ``JobIdentity/key()``.
  package var jobKey: ContentDigest
  /// The report this one replaces.
  package var supersedes: UID?
  /// The date of the newest input, see ``ReportDate/newest(in:)``.
  package var created: ReportDate
  package var software: Software?
  package var status: Status
  /// Why nothing was scored: present exactly when ``status`` is `noAssist` or `failed`.
  package var noAssist: NoAssist?
  package var subject: Subject
  /// Every image that was considered, used or not.
  package var inputs: [Input]
  package var model: Model
  package var labelSet: LabelSet
  package var findings: [Finding]
  package var priority: Priority
  package var quality: [Quality]
  package var outputs: [Output]
  package var warnings: [Warning]
  package var disclaimer: String

  package init(
    reportID: UID, jobKey: ContentDigest, supersedes: UID? = nil, created: ReportDate, software: Software?,
    status: Status, noAssist: NoAssist? = nil, subject: Subject, inputs: [Input], model: Model, labelSet: LabelSet,
    findings: [Finding], priority: Priority, quality: [Quality] = [], outputs: [Output] = [],
    warnings: [Warning] = [], disclaimer: String = Disclaimer.text
  ) {
    self.reportID = reportID
    self.jobKey = jobKey
    self.supersedes = supersedes
    self.created = created
    self.software = software
    self.status = status
    self.noAssist = noAssist
    self.subject = subject
    self.inputs = inputs
    self.model = model
    self.labelSet = labelSet
    self.findings = findings
    self.priority = priority
    self.quality = quality
    self.outputs = outputs
    self.warnings = warnings
    self.disclaimer = disclaimer
  }

  /// Whether a finding exceeded its threshold.
  package var isFlagged: Bool { findings.contains { $0.flag == true } }
}
