import DICOMCore
import Reports
import Testing

/// The key objects and the summary of a report.
struct CompanionTests {
  @Test func `flagged images are key objects, once each, with their frames`() throws {
    let selection = try #require(try ReportSamples.multiFrame.keyObjects())
    #expect(selection.content.name == CodedConcept("113000", "DCM", "Of Interest"))
    #expect(selection.dataSet.string(.modality) == "KO")
    #expect(selection.dataSet.uid(.sopClassUID) == .keyObjectSelectionDocumentStorage)
    #expect(selection.dataSet.uid(.studyInstanceUID) == ReportSamples.study)
    let images = selection.content.children.compactMap { item -> String? in
      guard case .image(_, let instance, let frames) = item.value else { return nil }
      return "\(instance) \(frames)"
    }
    #expect(images.sorted() == ["\(ReportSamples.image("a")) []", "\(ReportSamples.image("m")) [2, 4]"].sorted())
    let evidence = selection.dataSet.items(.currentRequestedProcedureEvidenceSequence)
      .flatMap { $0.items(.referencedSeriesSequence) }.flatMap { $0.items(.referencedSOPSequence) }
      .compactMap { $0.uid(.referencedSOPInstanceUID) }
    #expect(evidence.count == 2 && Set(evidence) == [ReportSamples.image("a"), ReportSamples.image("m")])
  }

  @Test func `what is not flagged is no key object, and without a flag there are none`() throws {
    #expect(try ReportSamples.completeUnflagged.keyObjects() == nil)
    #expect(try ReportSamples.failed.keyObjects() == nil)
    let sample = ReportSamples.sample(
      "x", findings: [ReportSamples.pneumothorax(), ReportSamples.effusion(flag: false)]
    ) {
      (report: inout TriageReport) in
      report.inputs.append(ReportSamples.input("b"))
      report.findings[1].evidence = [.init(ReportSamples.image("b"))]
    }
    let selection = try #require(try sample.keyObjects())
    let text = "\(selection.content)"
    #expect(text.contains(ReportSamples.image("a").value) && !text.contains(ReportSamples.image("b").value))
    let description = selection.content.children.compactMap { item -> String? in
      if item.name?.value == "113012", case .text(let text) = item.value { text } else { nil }
    }
    #expect(description.count == 1 && description[0].contains("Pneumothorax. Research use only."))
    #expect(!description[0].contains("effusion"))
  }

  @Test func `every report has companions of its own, in series that stay`() throws {
    func dataSet(_ edit: (inout TriageReport) -> Void) throws -> DataSet {
      let sample = ReportSamples.completeFlagged
      var report = sample.report
      edit(&report)
      return try #require(
        try KeyObjectSelection(of: report, header: sample.header, images: sample.sizes, instanceNumber: 2)
      ).dataSet
    }
    let (first, again) = (try dataSet { _ in }, try dataSet { _ in })
    #expect(first == again && first.integer(.instanceNumber) == 2)
    let other = try dataSet { $0.reportID = .derived("test", ["another report"]) }
    #expect(other.uid(.sopInstanceUID) != first.uid(.sopInstanceUID))
    #expect(other.uid(.seriesInstanceUID) == first.uid(.seriesInstanceUID))
    #expect(first.uid(.seriesInstanceUID) != ReportIdentity.seriesUID(study: ReportSamples.study))
  }

  @Test func `the summary says status, scores, threshold, flag and disclaimer, and nothing of the patient`() {
    for sample in ReportSamples.all {
      let text = SummaryText(of: sample.report)
      let whole = ([text.title] + text.lines + text.rows.map { "\($0)" } + [text.disclaimer]).joined(separator: "\n")
      for identity in ["Phantom", "PH-0001", "ACC1", "Doe", "山田"] { #expect(!whole.contains(identity)) }
      #expect(text.title.contains("not for diagnosis") && text.disclaimer == sample.report.disclaimer)
      #expect(text.rows.count == sample.report.findings.count)
    }
    let flagged = SummaryText(of: ReportSamples.completeFlagged.report)
    #expect(flagged.lines.starts(with: ["Status: complete", "Priority: high (Pneumothorax flagged)"]))
    #expect(flagged.rows[0].score == "softmax 0.912" && flagged.rows[0].threshold == "threshold 0.800")
    #expect(flagged.rows.map(\.flag) == ["FLAGGED", "not flagged"])
    #expect(
      SummaryText(of: ReportSamples.failed.report).lines.contains("No assist: decode-error. No image could be decoded.")
    )
  }

  @Test func `the summary's object says that text is burned in, and follows its pixels`() throws {
    let sample = ReportSamples.completeFlagged
    func capture(_ pixels: String) throws -> DataSet {
      try SummaryCapture(
        of: sample.report, header: sample.header, pixels: ReportSamples.digest(pixels), instanceNumber: 1
      ).dataSet
    }
    let dataSet = try capture("a")
    #expect(dataSet.string(.burnedInAnnotation) == "YES" && dataSet.string(.conversionType) == "SYN")
    #expect(dataSet.strings(.imageType) == ["DERIVED", "SECONDARY"] && dataSet.string(.modality) == "OT")
    #expect(dataSet.items(.sourceImageSequence).map { $0.uid(.referencedSOPInstanceUID) } == [ReportSamples.image("a")])
    #expect(try capture("b").uid(.sopInstanceUID) != dataSet.uid(.sopInstanceUID))
    #expect(SummaryCapture.isReport(dataSet) && !SummaryCapture.isReport(ReportSamples.sourceAttributes()))
  }
}
