import DICOMCore
import Reports

/// A way in which a report is told.
enum Rendering: String, CaseIterable, Sendable {
  case json, sr, csv, page

  /// What it says of a report, without what only repeats a digest of all.
  func text(of sample: ReportSamples.Sample) throws -> String {
    switch self {
    case .json: return String(decoding: try sample.report.json(), as: UTF8.self)
    case .csv: return Worklist(ranked: [(sample.report, nil)]).csv()
    case .page:
      var bytes: [UInt8] = []
      try WorklistPage(Worklist(ranked: [(sample.report, nil)]))
        .write(
          study: { _ in PageStudy(report: sample.report, pictures: pictures(of: sample.report)) }, to: { bytes += $0 })
      return String(decoding: bytes, as: UTF8.self)
    case .sr:
      let document = try sample.structuredReport()
      let items = document.content.flattened.filter { item in
        if case .text(let text) = item.value { !text.hasPrefix("report.json=") } else { true }
      }
      var header = document.dataSet
      header[.contentSequence] = nil
      return items.map { "\($0.relationship.map(\.rawValue) ?? "") \($0.name.map { "\($0)" } ?? "") \($0.value)" }
        .joined(separator: "\n") + "\n" + header.listing
    }
  }
}

/// A picture of every image that was used.
private func pictures(of report: TriageReport) -> [PagePicture] {
  report.inputs.filter(\.used).map { input in
    let image = TriageReport.Evidence(input.sopInstanceUID, frame: input.frame)
    return PagePicture(image: image, file: "\(input.sopInstanceUID).png", byteCount: PageSamples.png.count) {
      PageSamples.png
    }
  }
}

extension DataSet {
  /// Every element in a fixed order.
  fileprivate var listing: String {
    tags.map { tag in
      let items = items(tag)
      return items.isEmpty
        ? "\(tag) \(self[tag].map { "\($0.value)" } ?? "")" : "\(tag) " + items.map(\.listing).joined()
    }.joined(separator: "\n")
  }
}

/// Which rendering says what of a report: one row a stored property of every type that a report is made of.
struct RenderingRow: Sendable {
  /// Type and property, as Swift names them.
  let field: String
  /// Where the JSON has it, with indices; `nil` for a property that has rows of its own.
  let path: String?
  /// Why a rendering does not say it.
  var silent: [Rendering: String] = [:]

  init(_ field: String, _ path: String?, _ silent: [Rendering: String] = [:]) {
    (self.field, self.path, self.silent) = (field, path, silent)
  }
}

enum RenderingTable {
  private static let log = "the SR has a digest of it, CSV one line a study"
  private static let line = "one line a study; the report has it"
  private static let lengthy = "JSON alone: there may be hundreds"
  private static let csv: [Rendering: String] = [.csv: line]
  private static let map = "findings.0.evidence.0.heatmap"
  private static let drawn: [Rendering: String] = [
    .sr: "a map is a picture; the SR has the score that it explains", .csv: line,
  ]
  private static let jsonOnly: [Rendering: String] = [.sr: lengthy, .csv: line]
  private static let digest: [Rendering: String] = [.sr: "a digest stands for the records", .csv: line]

  static let rows: [RenderingRow] = table.map { row in
    var row = row
    row.silent[.page] = page[row.field]
    return row
  }

  private static let table: [RenderingRow] = [
    RenderingRow("TriageReport.reportID", "report_id", csv),
    RenderingRow("TriageReport.jobKey", "job_key", [.sr: "the UID follows from it", .csv: line]),
    RenderingRow("TriageReport.supersedes", "supersedes", csv),
    RenderingRow("TriageReport.created", "created", csv),
    RenderingRow("TriageReport.software", nil), RenderingRow("TriageReport.status", "status"),
    RenderingRow("TriageReport.noAssist", nil), RenderingRow("TriageReport.subject", nil),
    RenderingRow("TriageReport.inputs", nil), RenderingRow("TriageReport.model", nil),
    RenderingRow("TriageReport.labelSet", nil), RenderingRow("TriageReport.findings", nil),
    RenderingRow("TriageReport.priority", nil), RenderingRow("TriageReport.quality", nil),
    RenderingRow("TriageReport.outputs", nil), RenderingRow("TriageReport.warnings", nil),
    RenderingRow("TriageReport.disclaimer", "disclaimer", [.csv: "has the short statement in every row"]),

    RenderingRow("Software.name", "software.name", csv), RenderingRow("Software.version", "software.version", csv),
    RenderingRow("Software.build", "software.build", jsonOnly),
    RenderingRow("Software.dcmtk", "software.dcmtk", jsonOnly),

    RenderingRow("NoAssist.code", "no_assist.code"), RenderingRow("NoAssist.text", "no_assist.text", csv),

    RenderingRow("Subject.deidentified", "subject.deidentified", [.sr: "from the header's own attribute", .csv: line]),
    RenderingRow("Subject.studyInstanceUID", "subject.study_instance_uid"),
    RenderingRow("Subject.patientID", "subject.patient_id", fromHeader(csv: "no patient in the worklist")),
    RenderingRow(
      "Subject.issuerOfPatientID", "subject.issuer_of_patient_id", fromHeader(csv: "no patient in the worklist")),
    RenderingRow("Subject.accessionNumber", "subject.accession_number", [.sr: "from the header's own attribute"]),
    RenderingRow("Subject.studyDate", "subject.study_date", fromHeader(csv: "has the arrival")),
    RenderingRow("Subject.studyDescription", "subject.study_description", fromHeader(csv: line)),

    RenderingRow("Input.sopInstanceUID", "inputs.0.sop_instance_uid", csv),
    RenderingRow("Input.sopClassUID", "inputs.0.sop_class_uid", csv),
    RenderingRow("Input.seriesInstanceUID", "inputs.0.series_instance_uid", csv),
    RenderingRow("Input.frame", "inputs.1.frame", csv),
    RenderingRow("Input.transferSyntaxUID", "inputs.0.transfer_syntax_uid", jsonOnly),
    RenderingRow("Input.modality", "inputs.0.modality", csv),
    RenderingRow("Input.used", "inputs.2.used", csv),
    RenderingRow("Input.skipReason", "inputs.2.skip_reason", jsonOnly),
    RenderingRow("Input.pixelDigest", "inputs.0.pixel_digest", digest),
    RenderingRow("Input.tensorDigest", "inputs.0.tensor_digest", digest),
    RenderingRow("Input.preprocess", "inputs.0.preprocess.0.step", [.csv: log]),

    RenderingRow("Model.id", "model.id", [.sr: "the digest identifies it", .csv: line]),
    RenderingRow("Model.revision", "model.revision", [.sr: "the digest identifies it", .csv: line]),
    RenderingRow("Model.digest", "model.digest", csv),
    RenderingRow("Model.tokenizerDigest", "model.tokenizer_digest", csv),
    RenderingRow("Model.deviceUID", "model.device_uid", csv),
    RenderingRow("Model.precision", "model.precision", csv), RenderingRow("Model.backend", "model.backend", csv),
    RenderingRow("Model.inputSize", "model.input_size", [.sr: "in the preprocessing digest", .csv: line]),
    RenderingRow("Model.logitScale", "model.logit_scale", csv),
    RenderingRow("Model.logitBias", "model.logit_bias", csv),

    RenderingRow("LabelSet.id", "labelset.id", [.sr: "the digest identifies it", .csv: line]),
    RenderingRow("LabelSet.version", "labelset.version", [.sr: "the digest identifies it", .csv: line]),
    RenderingRow("LabelSet.digest", "labelset.digest", csv), RenderingRow("LabelSet.labels", nil),
    RenderingRow("Label.label", "labelset.labels.0.label", [.csv: line]),
    RenderingRow("Label.positive", "labelset.labels.0.positive.0", csv),
    RenderingRow("Label.negative", "labelset.labels.0.negative.0", csv),
    RenderingRow("Label.ensemble", "labelset.labels.0.ensemble", csv),

    RenderingRow("Finding.label", "findings.0.label"), RenderingRow("Finding.code", "findings.0.code.value", csv),
    RenderingRow("Finding.site", "findings.0.site.value", csv),
    RenderingRow("Finding.trackingUID", "findings.0.tracking_uid", csv),
    RenderingRow("Finding.level", "findings.0.level", [.sr: "its evidence says it", .csv: line]),
    RenderingRow("Finding.aggregation", "findings.0.aggregation", csv), RenderingRow("Finding.evidence", nil),
    RenderingRow("Finding.scores", nil), RenderingRow("Finding.calibration", nil),
    RenderingRow("Finding.threshold", nil), RenderingRow("Finding.flag", "findings.0.flag"),
    RenderingRow("Evidence.sopInstanceUID", "findings.0.evidence.0.sop_instance_uid", csv),
    RenderingRow("Evidence.frame", "findings.0.evidence.1.frame", csv),
    RenderingRow("Evidence.heatmap", nil), RenderingRow("Heatmap.caveat", map + ".caveat", drawn),
    RenderingRow("Heatmap.file", map + ".file", drawn), RenderingRow("Heatmap.method", map + ".method", drawn),
    RenderingRow("Heatmap.layers", map + ".layers.0", drawn),
    RenderingRow("Heatmap.contrast", map + ".contrast", drawn),
    RenderingRow("Heatmap.grid", map + ".grid.0", drawn), RenderingRow("Heatmap.largest", map + ".largest", drawn),
    RenderingRow("Heatmap.values", map + ".values", drawn), RenderingRow("Heatmap.peak", nil),
    RenderingRow("Heatmap.presentationState", map + ".presentation_state", drawn),
    RenderingRow("Peak.modelRow", map + ".peak.model_row", drawn),
    RenderingRow("Peak.modelColumn", map + ".peak.model_column", drawn),
    RenderingRow("Peak.row", map + ".peak.row", drawn), RenderingRow("Peak.column", map + ".peak.column", drawn),
    RenderingRow("Scores.cosine", "findings.0.scores.cosine", csv),
    RenderingRow("Scores.logit", "findings.0.scores.logit", [.sr: "only where the flag rests on it", .csv: line]),
    RenderingRow("Scores.sigmoid", "findings.0.scores.sigmoid"),
    RenderingRow("Scores.softmax", "findings.0.scores.softmax"),
    RenderingRow("Scores.calibrated", "findings.0.scores.calibrated", csv),
    RenderingRow("Calibration.id", "findings.0.calibration.id", csv),
    RenderingRow("Calibration.method", "findings.0.calibration.method", csv),
    RenderingRow("Calibration.digest", "findings.0.calibration.digest", csv),
    RenderingRow("Calibration.n", "findings.0.calibration.n", [.sr: "the digest identifies it", .csv: line]),
    RenderingRow("Calibration.site", "findings.0.calibration.site", [.sr: "the digest identifies it", .csv: line]),
    RenderingRow("Threshold.on", "findings.0.threshold.on", csv),
    RenderingRow("Threshold.value", "findings.0.threshold.value", csv),
    RenderingRow("Threshold.target", "findings.0.threshold.target", csv),
    RenderingRow("Threshold.source", "findings.0.threshold.source", csv),

    RenderingRow("Priority.level", "priority.level"), RenderingRow("Priority.ruleID", "priority.rule_id", jsonOnly),
    RenderingRow("Priority.ruleDigest", "priority.rule_digest", jsonOnly),
    RenderingRow("Priority.because", "priority.because.0"),
    RenderingRow("Priority.rankScore", "priority.rank_score", [.sr: "an order, no finding", .csv: "has the rank"]),
    RenderingRow("Priority.readBy", "priority.read_by"),
    RenderingRow("Quality.code", "quality.0.code.value", csv),
    RenderingRow("Quality.sopInstanceUID", "quality.0.sop_instance_uid", jsonOnly),
    RenderingRow("Warning.code", "warnings.0.code", jsonOnly),
    RenderingRow("Warning.text", "warnings.0.text", jsonOnly),
    RenderingRow("Warning.sopInstanceUID", "warnings.0.sop_instance_uid", jsonOnly),
    RenderingRow("Output.kind", "outputs.1.kind", other),
    RenderingRow("Output.sopInstanceUID", "outputs.1.sop_instance_uid", other),
    RenderingRow("Output.seriesInstanceUID", "outputs.0.series_instance_uid", other),
    RenderingRow("Output.digest", "outputs.1.digest", other), RenderingRow("Output.stored", nil),
    RenderingRow("Storage.target", "outputs.1.stored.0.target", other),
    RenderingRow("Storage.status", "outputs.1.stored.0.status", other),
    RenderingRow("Storage.detail", "outputs.1.stored.0.detail", other),
    RenderingRow("Storage.at", "outputs.1.stored.0.at", other),
  ]

  private static let other: [Rendering: String] = [.sr: "an object does not list what lies beside it", .csv: line]

  private static func fromHeader(csv: String) -> [Rendering: String] {
    [.sr: "from the header's own attribute", .csv: csv]
  }

  // MARK: What the page leaves to report.json

  private static let page: [String: String] = {
    var reasons: [String: String] = [:]
    for (reason, fields) in pageReasons {
      for field in fields.split(separator: " ") { reasons[String(field)] = reason }
    }
    return reasons
  }()

  private static let pageReasons = [
    "report.json, to which the page links, has it": """
    Software.build Software.dcmtk Input.sopClassUID Input.seriesInstanceUID Input.transferSyntaxUID \
    Input.pixelDigest Input.tensorDigest Model.revision Model.tokenizerDigest Model.deviceUID \
    Model.backend Model.logitScale Model.logitBias Label.ensemble Finding.code \
    Finding.site Finding.trackingUID Finding.level Finding.aggregation Calibration.digest Calibration.n \
    Calibration.site Threshold.target Priority.ruleDigest Quality.sopInstanceUID
    """,
    "whose the images are is not on the page": """
    Subject.deidentified Subject.patientID Subject.issuerOfPatientID Subject.studyDate \
    Subject.studyDescription
    """,
    "the place in the list says it": """
    Priority.rankScore
    """,
    "the page lies beside them": """
    Output.kind Output.sopInstanceUID Output.seriesInstanceUID Output.digest Storage.target \
    Storage.status Storage.detail Storage.at
    """,
    "the page draws the map; report.json says how it was made": """
    Heatmap.caveat Heatmap.file Heatmap.method Heatmap.layers Heatmap.contrast Heatmap.largest \
    Heatmap.presentationState Peak.modelRow Peak.modelColumn Peak.row Peak.column
    """,
  ]
}
