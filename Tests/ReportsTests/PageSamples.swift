import DICOMCore
import Foundation
import Reports

/// A worklist of reports that end in everything, one of them full of markup where text belongs.
enum PageSamples {
  static let hostile =
    "</noscript></script><script>window.intruder = 1</script><img src=x onerror=\"window.intruder = 2\">"

  /// Studies of their own, since a report's samples share one.
  static let reports: [TriageReport] = {
    let samples = [
      hostileSample, ReportSamples.completeFlagged, ReportSamples.partial, ReportSamples.multiFrame,
      ReportSamples.noAssist(.unsupportedModality), ReportSamples.failed, ReportSamples.completeUnflagged,
    ]
    return samples.enumerated().map { index, sample in
      var report = sample.report
      report.subject.studyInstanceUID = .derived("page", ["\(index)"])
      report.subject.accessionNumber = index == 0 ? hostile : "ACC\(index)"
      if index == 1 { report.findings[0].evidence[0].heatmap = heatmap }
      report.priority.readBy = index == 2 ? nil : ReportDate("2024-03-0\(index + 1)T12:00:00-00:00")
      return report
    }.sorted { $0.priority.level == .high && $1.priority.level != .high }
  }()

  static let hostileSample = ReportSamples.sample(
    "hostile", findings: [ReportSamples.pneumothorax(), ReportSamples.effusion(flag: true)]
  ) { report in
    for index in report.findings.indices { report.findings[index].label += " \(hostile)" }
    for index in report.labelSet.labels.indices {
      report.labelSet.labels[index].label += " \(hostile)"
      report.labelSet.labels[index].positive = [hostile]
    }
    report.priority.because = [hostile, "line\u{2028}break \u{202E}turned\u{0}"]
    report.warnings = [.init(hostile, text: hostile, sopInstanceUID: report.inputs[0].sopInstanceUID)]
    report.inputs[0].modality = hostile
    report.inputs[0].preprocess = [ProcessingStep(hostile, [hostile: .string(hostile)])]
    report.model.id = hostile
  }

  static let worklist = Worklist(
    ranked: reports.enumerated().map { ($1, $0 == 3 ? nil : ReportSamples.created) },
    due: [reports[3].subject.studyInstanceUID])

  /// A grey ramp of 16 x 16 pixels, written with Python's zlib.
  static let png = [UInt8](
    Data(
      base64Encoded: """
        iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAASUlEQVR42mNgEFAwcAhIKGiYsGDDgQsPPmDwGdDlGdDVM6DrZ0A3jwHdfAZ0+xjQ7WdAdw8DuvsY\
        0N3LgO5+BnT/MKD7jwHdvwDEwXgBraoIqwAAAABJRU5ErkJggg==
        """) ?? Data())

  static let heatmap = TriageReport.Heatmap(
    file: nil, method: "m/1", layers: [3], contrast: "absent-prompts", grid: [2, 2], largest: 0.25,
    values: Data([0, 85, 170, 255]), peak: nil)

  static func study(_ row: Worklist.Row) throws -> PageStudy {
    guard let report = reports.first(where: { $0.subject.studyInstanceUID == row.studyInstanceUID }) else {
      throw ReportError.studyMismatch(expected: row.studyInstanceUID, found: nil)
    }
    return PageStudy(
      report: report,
      pictures: report.inputs.filter(\.used).map { input in
        PagePicture(
          image: TriageReport.Evidence(input.sopInstanceUID, frame: input.frame),
          file: "studies/\(row.studyInstanceUID)/images/\(input.sopInstanceUID).png", byteCount: png.count
        ) { png }
      })
  }

  static func page(
    _ variant: WorklistPage.Variant = .clinical, worklist: Worklist = worklist,
    budget: Int = WorklistPage.pictureBudget,
    study: (Worklist.Row) throws -> PageStudy = study
  ) throws -> String {
    var bytes: [UInt8] = []
    try WorklistPage(worklist, variant: variant, pictureBudget: budget).write(study: study) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
