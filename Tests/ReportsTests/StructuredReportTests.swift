import DICOMCore
import Reports
import Testing

struct StructuredReportTests {
  // MARK: Tree

  @Test func `the tree of a flagged study has the rows of TID 1500 in their order`() throws {
    let root = try ReportSamples.completeFlagged.structuredReport().dataSet
    #expect(root.items(.conceptNameCodeSequence).first?.string(.codeValue) == "126000")
    #expect(root.items(.contentTemplateSequence).first?.string(.templateIdentifier) == "1500")
    #expect(root.string(.valueType) == "CONTAINER" && root.string(.continuityOfContent) == "SEPARATE")
    #expect(root[.relationshipType] == nil)
    let rows = root.items(.contentSequence)
    #expect(
      rows.map { "\($0.string(.relationshipType) ?? "") \($0.string(.valueType) ?? "") \(code($0))" } == [
        "HAS CONCEPT MOD CODE 121049", "HAS OBS CONTEXT CODE 121005", "HAS OBS CONTEXT UIDREF 121012",
        "HAS OBS CONTEXT TEXT 121013", "HAS OBS CONTEXT TEXT 121014", "HAS OBS CONTEXT TEXT 121015",
        "HAS OBS CONTEXT TEXT 121016", "HAS CONCEPT MOD CODE 121058", "CONTAINS CONTAINER 111028",
        "CONTAINS CONTAINER 126010", "CONTAINS CONTAINER C0034375",
      ])
  }

  @Test func `a measurement group has the rows of TID 1501 and TID 4019`() throws {
    let root = try ReportSamples.completeFlagged.structuredReport().dataSet
    let group = try #require(groups(of: root).first)
    #expect(group.items(.contentTemplateSequence).first?.string(.templateIdentifier) == "1501")
    let rows = group.items(.contentSequence).map { "\($0.string(.valueType) ?? "") \(code($0))" }
    let parameters = rows.filter { $0 == "TEXT 111002" }.count
    #expect(
      rows.filter { $0 != "TEXT 111002" } == [
        "TEXT 112039", "UIDREF 112040", "CODE 121071", "CODE 363698007", "TEXT 111001", "TEXT 111003", "NUM cosine",
        "NUM sigmoid", "NUM softmax", "NUM threshold-smax", "CODE flag", "IMAGE 121112",
      ])
    #expect(parameters == 15)
    let texts = group.items(.contentSequence).compactMap { $0.string(.textValue) }
    #expect(texts.contains("triage:pneumothorax"))
    #expect(texts.contains("model.digest=\(ReportSamples.digest("weights"))"))
    #expect(texts.contains("tokenizer.digest=\(ReportSamples.digest("tokenizer"))"))
    #expect(texts.contains("model.precision=fp32") && texts.contains("model.backend=avx2"))
    #expect(texts.contains("labelset.digest=\(ReportSamples.digest("labels"))"))
    #expect(texts.contains("prompt.positive=apical pneumothorax"))
    #expect(texts.contains("prompt.negative=no pneumothorax | no acute cardiopulmonary process"))
    #expect(texts.contains("logit_scale.exp=112.3329512") && texts.contains("logit_bias=-16.5"))
    #expect(texts.contains("threshold.source=example"))
    let json = ContentDigest(of: try ReportSamples.completeFlagged.report.json())
    #expect(texts.last == "report.json=\(json)")
  }

  @Test(arguments: ReportSamples.all)
  func `numbers in SR and JSON agree`(sample: ReportSamples.Sample) throws {
    let root = try sample.structuredReport().dataSet
    let groups = groups(of: root)
    #expect(groups.count == sample.report.findings.count)
    for (finding, group) in zip(sample.report.findings, groups) {
      #expect(try number("cosine", in: group) == finding.scores.cosine)
      #expect(try number("sigmoid", in: group) == finding.scores.sigmoid)
      if let softmax = finding.scores.softmax { #expect(try number("softmax", in: group) == softmax) }
      let thresholds = ["threshold", "threshold-cos", "threshold-logit", "threshold-smax", "threshold-cal"]
      let written = group.items(.contentSequence).map(code).filter(thresholds.contains)
      #expect(written.count == 1)
      #expect(try number(#require(written.first), in: group) == finding.threshold.value)
      if let calibrated = finding.scores.calibrated { #expect(try number("111012", in: group) == calibrated * 100) }
    }
  }

  @Test(
    arguments: [
      (0.0, "0"), (1, "1"), (-16.5, "-16.5"), (2048, "2048"), (0.1, "0.1"), (1 / 3.0, "0.33333333333333"),
      (-1 / 3.0, "-0.3333333333333"), (-123.456_789_012_345_6, "-123.45678901235"), (1e-300, "1e-300"),
      (-2.345_678_912_345e-300, "-2.34567891e-300"), (1e15, "1e+15"), (123_456_789_012_345, "123456789012345"),
    ] as [(Double, String)])
  func `Numeric Value has at most 16 characters, Floating Point Value is exact`(value: Double, text: String) throws {
    let item = ContentItem(.contains, nil, .number(value, unit: CodedConcept("1", "UCUM", "no units"))).dataSet
    let measured = try #require(item.items(.measuredValueSequence).first)
    #expect(measured.string(.numericValue) == text)
    #expect(text.utf8.count <= 16)
    #expect(measured.double(.floatingPointValue) == value)
  }

  // MARK: Outcome

  @Test(arguments: [
    ("complete-flagged", "111242", "111222", "COMPLETE"), ("complete-unflagged", "111241", "111222", "COMPLETE"),
    ("partial", "111244", "111223", "PARTIAL"), ("failed", "111245", "111224", "PARTIAL"),
    ("no-assist-deadline", "111245", "111225", "COMPLETE"),
  ])
  func `the summaries tell how the study ended`(name: String, findings: String, detections: String, flag: String) throws
  {
    let sample = try #require(ReportSamples.all.first { $0.name == name })
    let root = try sample.structuredReport().dataSet
    let evaluations = try #require(root.items(.contentSequence).last)
    #expect(value(of: "111017", in: evaluations) == findings)
    #expect(value(of: "111064", in: evaluations) == detections)
    #expect(root.string(.completionFlag) == flag)
    #expect(root.string(.verificationFlag) == "UNVERIFIED" && root.string(.preliminaryFlag) == "PRELIMINARY")
    let comment = evaluations.items(.contentSequence).last
    #expect(comment?.string(.textValue) == Disclaimer.text)
  }

  @Test(arguments: TriageReport.NoAssist.Code.allCases)
  func `a study that was not assisted has a coded reason, no priority and no measurements`(
    reason: TriageReport.NoAssist.Code
  ) throws {
    let root = try ReportSamples.noAssist(reason).structuredReport().dataSet
    #expect(groups(of: root).isEmpty)
    #expect(!root.items(.contentSequence).contains { code($0) == "126010" })
    let evaluations = try #require(root.items(.contentSequence).last)
    #expect(value(of: "260870009", in: evaluations) == "NONE")
    let written = try #require(value(of: "no-assist", in: evaluations))
    #expect(written.utf8.count <= 16)
    #expect(reason.rawValue.utf8.count > 16 || reason == .qualityControlImage || written == reason.rawValue)
  }

  // MARK: References

  @Test func `evidence lists every image of the tree once, under its series`() throws {
    let root = try ReportSamples.multiFrame.structuredReport().dataSet
    let studies = root.items(.currentRequestedProcedureEvidenceSequence)
    #expect(studies.map { $0.uid(.studyInstanceUID) } == [ReportSamples.study])
    let series = studies.flatMap { $0.items(.referencedSeriesSequence) }
    #expect(series.count == 2)
    let instances = series.flatMap { $0.items(.referencedSOPSequence) }.compactMap { $0.uid(.referencedSOPInstanceUID) }
    #expect(Set(instances) == [ReportSamples.image("a"), ReportSamples.image("m")])
    #expect(instances.count == 2)
  }

  @Test func `frames are named where a reference is not to the whole image`() throws {
    let tree = try ReportSamples.multiFrame.structuredReport().content
    let frames = tree.flattened.compactMap { item -> [Int]? in
      guard case .image(_, let instance, let frames) = item.value, instance == ReportSamples.image("m") else {
        return nil
      }
      return frames
    }
    #expect(frames == [[1, 2, 4], [2, 4]])
    let singleFrame = try ReportSamples.completeFlagged.structuredReport().content.flattened
    #expect(singleFrame.allSatisfy { if case .image(_, _, let frames) = $0.value { frames.isEmpty } else { true } })
  }

  @Test func `an input that was not used is referenced only if its size shows that it is an image`() throws {
    var sample = ReportSamples.partial
    #expect(try sample.structuredReport().dataSet.isReferenced(ReportSamples.image("b")))
    var sizes = sample.sizes
    sizes[ReportSamples.image("b")] = nil
    sample = .init(name: sample.name, report: sample.report, header: sample.header, sizes: sizes)
    #expect(try !sample.structuredReport().dataSet.isReferenced(ReportSamples.image("b")))
    let empty = try ReportSamples.withoutImages.structuredReport().dataSet
    #expect(empty[.currentRequestedProcedureEvidenceSequence] == nil)
  }

  @Test func `a data set with rows and columns is an image`() {
    var dataSet = DataSet()
    #expect(StructuredReport.ImageSize(of: dataSet) == nil)
    dataSet.set(.rows, .us, integers: [4])
    dataSet.set(.columns, .us, integers: [0])
    #expect(StructuredReport.ImageSize(of: dataSet) == nil)
    dataSet.set(.columns, .us, integers: [3])
    #expect(StructuredReport.ImageSize(of: dataSet) == .init(rows: 4, columns: 3))
    dataSet.set(.numberOfFrames, .is, "7")
    #expect(StructuredReport.ImageSize(of: dataSet) == .init(rows: 4, columns: 3, frames: 7))
  }

  // MARK: Helpers

  private func code(_ item: DataSet) -> String {
    item.items(.conceptNameCodeSequence).first?.string(.codeValue) ?? ""
  }

  private func groups(of root: DataSet) -> [DataSet] {
    root.items(.contentSequence).filter { code($0) == "126010" }.flatMap { $0.items(.contentSequence) }
  }

  private func value(of name: String, in container: DataSet) -> String? {
    container.items(.contentSequence).first { code($0) == name }?.items(.conceptCodeSequence).first?.string(.codeValue)
  }

  private func number(_ name: String, in group: DataSet) throws -> Double {
    let item = try #require(group.items(.contentSequence).first { code($0) == name })
    let measured = try #require(item.items(.measuredValueSequence).first)
    let exact = try #require(measured.double(.floatingPointValue))
    let decimal = try #require(measured.double(.numericValue))
    #expect(abs(decimal - exact) <= 1e-6)
    return exact
  }
}

extension DataSet {
  /// Whether `uid` is a referenced instance anywhere in the data set.
  fileprivate func isReferenced(_ uid: UID) -> Bool {
    self.uid(.referencedSOPInstanceUID) == uid || tags.contains { items($0).contains { $0.isReferenced(uid) } }
  }
}
