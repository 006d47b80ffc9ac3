import DICOMCore
import Reports
import Testing

struct TriageReportValidationTests {
  typealias Edit = @Sendable (inout TriageReport) -> Void

  @Test(arguments: ReportSamples.all)
  func `every sample is valid`(sample: ReportSamples.Sample) throws {
    try sample.report.validate()
  }

  static let broken: [(ReportError, Edit)] = [
    (.findingsMissing(.complete), { $0.findings = [] }),
    (.findingsUnexpected(.failed, count: 2), { $0.status = .failed }),
    (.noAssistReason(.complete, present: true), { $0.noAssist = .init(.policy, text: "") }),
    (
      .noAssistReason(.noAssist, present: false),
      {
        $0.status = .noAssist
        $0.findings = []
      }
    ),
    (
      .priorityUnexpected(.noAssist, .high),
      {
        $0.status = .noAssist
        $0.findings = []
        $0.noAssist = .init(.policy, text: "")
      }
    ),
    (.evidenceMissing(label: "Pneumothorax"), { $0.findings[0].evidence = [] }),
    (
      .evidenceUnknown(label: "Pneumothorax", sopInstanceUID: ReportSamples.image("z")),
      { $0.findings[0].evidence = [.init(ReportSamples.image("z"))] }
    ),
    (
      .evidenceUnknown(label: "Pneumothorax", sopInstanceUID: ReportSamples.image("a")),
      { $0.findings[0].evidence[0].frame = 2 }
    ),
    (
      .evidenceUnknown(label: "Pneumothorax", sopInstanceUID: ReportSamples.image("a")), { $0.inputs[0].used = false }
    ),
    (
      .inputRepeated(sopInstanceUID: ReportSamples.image("a"), frame: nil), { $0.inputs.append($0.inputs[0]) }
    ),
    (
      .inputContradictory(sopInstanceUID: ReportSamples.image("a")),
      { $0.inputs.append(ReportSamples.input("a", frame: 2, series: "other")) }
    ),
    (.frameOutOfRange(sopInstanceUID: ReportSamples.image("a"), frame: 0), { $0.inputs[0].frame = 0 }),
    (.numberOutOfRange(name: "cosine", label: "Pneumothorax"), { $0.findings[0].scores.cosine = 1.01 }),
    (.numberOutOfRange(name: "cosine", label: "Pneumothorax"), { $0.findings[0].scores.cosine = .nan }),
    (.numberOutOfRange(name: "logit", label: "Pneumothorax"), { $0.findings[0].scores.logit = -.infinity }),
    (.numberOutOfRange(name: "sigmoid", label: "Pneumothorax"), { $0.findings[0].scores.sigmoid = 1.5 }),
    (.numberOutOfRange(name: "softmax", label: "Pneumothorax"), { $0.findings[0].scores.softmax = -0.1 }),
    (.numberOutOfRange(name: "calibrated", label: "Pneumothorax"), { $0.findings[0].scores.calibrated = 2 }),
    (.calibrationUnnamed(label: "Pneumothorax"), { $0.findings[0].scores.calibrated = 0.5 }),
    (.calibrationUnnamed(label: "Pneumothorax"), { $0.findings[0].threshold.on = .calibrated }),
    (
      .calibrationUnnamed(label: "Pneumothorax"),
      { $0.findings[0].calibration = .init(id: "a", method: .platt, digest: ReportSamples.digest("a")) }
    ),
    (.numberOutOfRange(name: "threshold", label: "Pneumothorax"), { $0.findings[0].threshold.value = .nan }),
    (.numberOutOfRange(name: "logit_scale", label: nil), { $0.model.logitScale = .infinity }),
    (.numberOutOfRange(name: "rank_score", label: nil), { $0.priority.rankScore = .nan }),
    (.promptsMissing(label: "Pneumothorax"), { $0.labelSet.labels[0].positive = [] }),
    (.disclaimerTooShort, { $0.disclaimer = "Research." }),
  ]

  @Test(arguments: broken.indices)
  func `a report that breaks a rule is refused, by JSON and SR alike`(index: Int) throws {
    let (error, edit) = Self.broken[index]
    let sample = ReportSamples.completeFlagged
    var report = sample.report
    edit(&report)
    let edited = report
    #expect(throws: error) { try edited.json() }
    #expect(throws: error) { try edited.jsonLine() }
    #expect(throws: error) { try StructuredReport(of: edited, header: sample.header, images: sample.sizes) }
    #expect(!error.description.isEmpty && !error.description.contains("Phantom"))
  }
}
