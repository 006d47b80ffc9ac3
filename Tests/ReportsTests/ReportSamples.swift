import DICOMCore
import Reports
import Testing

/// Reports that cover what a run can end in, as plain values.
enum ReportSamples {
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let report: TriageReport
    let header: SourceHeader
    let sizes: [UID: StructuredReport.ImageSize]
    var predecessor: IssuedReport?

    var testDescription: String { name }

    func structuredReport(_ form: StructuredReport.Form = .comprehensive3D) throws -> StructuredReport {
      try StructuredReport(of: report, header: header, images: sizes, form: form, predecessor: predecessor)
    }

    func keyObjects() throws -> KeyObjectSelection? {
      try KeyObjectSelection(of: report, header: header, images: sizes, instanceNumber: 1)
    }
  }

  static let study = UID.derived("test", ["study"])
  static let created = ReportDate("2024-03-01T08:15:30+09:00") ?? .undated

  static func digest(_ text: String) -> ContentDigest { ContentDigest(ofText: text) }
  static func image(_ name: String) -> UID { .derived("test", ["image", name]) }

  // MARK: The table

  static let all: [Sample] =
    [completeFlagged, completeUnflagged, partial, multiFrame, japanese, longTexts, everyMember, odd, calibrated]
    + [deidentified, deidentifiedElsewhere]
    + TriageReport.NoAssist.Code.allCases.map(noAssist) + [failed, withoutImages]

  static let completeFlagged = sample("complete-flagged", findings: [pneumothorax(), effusion(flag: false)])
  static let completeUnflagged = sample("complete-unflagged", findings: [effusion(flag: false)])

  static let partial = sample("partial", status: .partial, findings: [pneumothorax(), effusion(flag: nil)]) {
    $0.inputs.append(input("b", series: "2", used: false, skipReason: "decode-error"))
    $0.warnings = [.init("decode-error", text: "one image could not be decoded", sopInstanceUID: image("b"))]
  }

  /// Three of the five frames of one image and a second, single-frame one.
  static let multiFrame: Sample = {
    var finding = pneumothorax()
    finding.evidence = [.init(image("m"), frame: 4), .init(image("m"), frame: 2), .init(image("a"))]
    finding.aggregation = .topKMean
    let frames = [1, 2, 4].map { input("m", frame: $0, series: "3", modality: "CT") }
    return sample("multi-frame", findings: [finding], inputs: frames + [input("a")])
  }()

  static let japanese = sample("japanese", findings: [pneumothorax()]) { dataSet in
    dataSet.set(.patientName, .pn, "Yamada^Tarou=山田^太郎=やまだ^たろう")
    dataSet.set(.studyDescription, .lo, "胸部単純X線")
    dataSet.set(.timezoneOffsetFromUTC, .sh, "+0900")
  }

  /// Code meaning, code value and scheme at their limits, a prompt of 3,000 characters, extreme numbers.
  static let longTexts: Sample = {
    var finding = pneumothorax()
    finding.code = CodedConcept(
      String(repeating: "v", count: 16), "99" + String(repeating: "S", count: 14), String(repeating: "m", count: 64))
    finding.scores = .init(
      cosine: -0.123_456_789_012_345_67, logit: -123.456_789_012_345_6, sigmoid: 2.345_678_901_234_567e-54,
      softmax: 0.999_999_999_999_999_9)
    finding.threshold = .init(on: .softmax, value: 1 / 3.0, source: String(repeating: "long source ", count: 40))
    return sample("long-texts", findings: [finding]) {
      $0.labelSet.labels[0].positive = [String(repeating: "apical pneumothorax ", count: 150)]
    }
  }()

  /// Every optional member of the schema, and a finding of each level and score kind.
  static let everyMember: Sample = {
    let levels: [TriageReport.Level] = [.study, .series, .instance, .frame, .study]
    let findings = zip(TriageReport.ScoreKind.allCases, levels).map { kind, level in
      var finding = pneumothorax()
      finding.label = "Label \(kind.rawValue)"
      finding.code = CodedConcept("label-\(kind.rawValue)", PrivateCode.scheme, "Label judged by \(kind.rawValue)")
      finding.level = level
      finding.threshold.on = kind
      finding.trackingUID = .derived("test", ["tracking", kind.rawValue])
      finding.scores.calibrated = 0.25
      finding.calibration = .init(id: "site-a", method: .platt, digest: digest("calibration"), n: 500, site: "A")
      return finding
    }
    var complete = sample("every-member", findings: findings) { (report: inout TriageReport) in
      addEverything(to: &report)
    }
    complete.predecessor = predecessor
    return complete
  }()

  static let predecessor = IssuedReport(
    sopInstanceUID: .derived("test", ["predecessor"]), sopClassUID: .comprehensiveSRStorage, instanceNumber: 3)

  /// A header with values the standard forbids and text with control characters and quotes.
  static let odd = sample("odd-header", findings: [pneumothorax()]) { dataSet in
    dataSet.set(.patientSex, .cs, "unknown")
    dataSet.set(.patientBirthDate, .da, "1960.02.30")
    dataSet.set(.studyDate, .da, "2024.03.01")
    dataSet.set(.studyTime, .tm, "25:00")
    dataSet.set(.patientName, .pn, "Doe\u{1B}^Jane")
  }

  static func noAssist(_ code: TriageReport.NoAssist.Code) -> Sample {
    sample(
      "no-assist-\(code.rawValue)", status: .noAssist, noAssist: .init(code, text: "Not scored: \(code.rawValue)."))
  }

  static let failed = sample(
    "failed", status: .failed, noAssist: .init(.decodeError, text: "No image could be decoded."))

  /// A study of nothing but objects that are no images.
  static let withoutImages = sample(
    "without-images", status: .noAssist, noAssist: .init(.noMatchingSeries, text: "The study has no image."),
    inputs: [])

  // MARK: Parts

  static func input(
    _ name: String, frame: Int? = nil, series: String = "1", modality: String = "DX", used: Bool = true,
    skipReason: String? = nil
  ) -> TriageReport.Input {
    TriageReport.Input(
      sopInstanceUID: image(name),
      sopClassUID: modality == "CT" ? .enhancedCTImageStorage : .digitalXRayImageStorageForPresentation,
      seriesInstanceUID: .derived("test", ["series", series]), frame: frame,
      transferSyntaxUID: .explicitVRLittleEndian, modality: modality, used: used, skipReason: skipReason,
      pixelDigest: used ? digest("pixels \(name) \(frame ?? 0)") : nil,
      tensorDigest: used ? digest("tensor \(name) \(frame ?? 0)") : nil,
      preprocess: used
        ? [
          ProcessingStep(
            "voi-window", ["center": 2048.5, "width": 4096, "function": "LINEAR", "source": "file", "inverted": false]),
          ProcessingStep("resize", ["preset": "tf-bilinear", "size": [448, 448]]),
        ] : nil)
  }

  static func pneumothorax() -> TriageReport.Finding {
    TriageReport.Finding(
      label: "Pneumothorax", code: CodedConcept("36118008", "SCT", "Pneumothorax"),
      site: CodedConcept("39607008", "SCT", "Lung"), level: .study, aggregation: .max, evidence: [.init(image("a"))],
      scores: .init(cosine: 0.112_233_445_566_778, logit: -3.871, sigmoid: 0.020_415_926_535, softmax: 0.912_345_678_9),
      threshold: .init(on: .softmax, value: 0.8, target: "specificity 0.90", source: "example"), flag: true)
  }

  static func effusion(flag: Bool?) -> TriageReport.Finding {
    TriageReport.Finding(
      label: "Pleural effusion", code: CodedConcept("60046008", "SCT", "Pleural Effusion"), level: .study,
      aggregation: .max, evidence: [.init(image("a"))], scores: .init(cosine: 0.04, logit: -12, sigmoid: 6.14e-6),
      threshold: .init(on: .sigmoid, value: 0.5), flag: flag)
  }

  static let model = TriageReport.Model(
    id: "google/medsiglip-448", digest: digest("weights"), tokenizerDigest: digest("tokenizer"), precision: .fp32,
    backend: "avx2", inputSize: 448, logitScale: 112.332_951_2, logitBias: -16.5)

  static let labelSet = TriageReport.LabelSet(
    id: "chexpert", version: "1", digest: digest("labels"),
    labels: [
      .init(
        "Pneumothorax", positive: ["apical pneumothorax"],
        negative: ["no pneumothorax", "no acute cardiopulmonary process"], ensemble: .meanEmbedding),
      .init("Pleural effusion", positive: ["left pleural effusion", "right pleural effusion"]),
    ])

  static func sourceAttributes() -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.studyInstanceUID, study)
    dataSet.set(.patientName, .pn, "Phantom^One")
    dataSet.set(.patientID, .lo, "PH-0001")
    dataSet.set(.issuerOfPatientID, .lo, "BUCKY")
    dataSet.set(.patientSex, .cs, "O")
    dataSet.set(.studyDate, .da, "20240301")
    dataSet.set(.studyTime, .tm, "081500.250")
    dataSet.set(.accessionNumber, .sh, "ACC1")
    dataSet.set(.studyDescription, .lo, "Chest PA and lateral")
    return dataSet
  }

  // MARK: Assembly

  static func sample(
    _ name: String, status: TriageReport.Status = .complete, noAssist: TriageReport.NoAssist? = nil,
    findings: [TriageReport.Finding] = [], inputs: [TriageReport.Input]? = nil,
    header edit: (inout DataSet) -> Void
  ) -> Sample {
    var source = sourceAttributes()
    edit(&source)
    return assemble(name, status, noAssist, findings, inputs ?? [input("a")], SourceHeader(of: source))
  }

  static func sample(
    _ name: String, status: TriageReport.Status = .complete, noAssist: TriageReport.NoAssist? = nil,
    findings: [TriageReport.Finding] = [], inputs: [TriageReport.Input]? = nil,
    report edit: (inout TriageReport) -> Void = { _ in }
  ) -> Sample {
    let used = status.hasFindings
    let inputs = inputs ?? [input("a", used: used, skipReason: used ? nil : noAssist?.code.rawValue)]
    let header = SourceHeader(of: sourceAttributes())
    let base = assemble(name, status, noAssist, findings, inputs, header)
    var report = base.report
    edit(&report)
    return Sample(name: name, report: report, header: header, sizes: sizes(of: report.inputs))
  }

  private static func assemble(
    _ name: String, _ status: TriageReport.Status, _ noAssist: TriageReport.NoAssist?,
    _ findings: [TriageReport.Finding], _ inputs: [TriageReport.Input], _ header: SourceHeader
  ) -> Sample {
    let key = digest("job \(name)")
    let reportID = ReportIdentity.reportID(jobKey: key, content: digest("content \(name)"))
    let software = TriageReport.Software(version: "0.1.0", dcmtk: "3.6.7")
    let flagged = findings.contains { $0.flag == true }
    let report = TriageReport(
      reportID: reportID, jobKey: key, created: created, software: software, status: status, noAssist: noAssist,
      subject: header.subject(study: study), inputs: inputs, model: model, labelSet: labelSet, findings: findings,
      priority: .init(
        level: flagged ? .high : .none, ruleID: "flagged-first", ruleDigest: digest("rule"),
        because: flagged ? ["Pneumothorax flagged"] : []),
      outputs: [.init(.sr, sopInstanceUID: reportID, seriesInstanceUID: ReportIdentity.seriesUID(study: study))])
    return Sample(name: name, report: report, header: header, sizes: sizes(of: inputs))
  }

  private static func sizes(of inputs: [TriageReport.Input]) -> [UID: StructuredReport.ImageSize] {
    let pairs = inputs.map {
      ($0.sopInstanceUID, StructuredReport.ImageSize(rows: 2048, columns: 1760, frames: $0.frame == nil ? 1 : 5))
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  private static func addEverything(to report: inout TriageReport) {
    report.supersedes = .derived("test", ["predecessor"])
    report.software?.build = "release"
    report.model.revision = "main"
    report.model.deviceUID = .derived("test", ["device"])
    report.priority.rankScore = 0.75
    report.priority.readBy = ReportDate("2024-03-01T12:00:00Z")
    report.quality = [.init(code: CodedConcept("RID12", "RADLEX", "Diagnostic quality"), sopInstanceUID: image("a"))]
    report.outputs.append(
      .init(
        .kos, sopInstanceUID: .derived("test", ["kos"]), digest: digest("kos"),
        stored: [.init(target: "archive", status: .alreadyThere, detail: "kept", at: "2024-03-01T08:16:00Z")]))
    report.warnings = [.init("window-from-file", text: "Line one\nline \"two\" \\ 胸部")]
  }
}
