import DICOMCore
import Reports
import Testing

/// What a report says beside the rows that every one has: its form, what it takes the place of, who worked on it.
struct StructuredReportContentTests {
  @Test func `the same tree can be a Comprehensive SR, and differs in its SOP class alone`() throws {
    for sample in ReportSamples.all {
      let (new, old) = (try sample.structuredReport(), try sample.structuredReport(.comprehensive))
      #expect(new.dataSet.uid(.sopClassUID) == .comprehensive3DSRStorage)
      #expect(old.dataSet.uid(.sopClassUID) == .comprehensiveSRStorage)
      var relabelled = old.dataSet
      relabelled.set(.sopClassUID, .comprehensive3DSRStorage)
      #expect(relabelled == new.dataSet)
    }
  }

  @Test func `a report that takes the place of another names it, with its class and its series`() throws {
    let dataSet = try ReportSamples.everyMember.structuredReport().dataSet
    let study = try #require(dataSet.items(.predecessorDocumentsSequence).first)
    #expect(study.uid(.studyInstanceUID) == ReportSamples.study)
    let series = try #require(study.items(.referencedSeriesSequence).first)
    #expect(series.uid(.seriesInstanceUID) == dataSet.uid(.seriesInstanceUID))
    let reference = try #require(series.items(.referencedSOPSequence).first)
    #expect(reference.uid(.referencedSOPInstanceUID) == ReportSamples.everyMember.report.supersedes)
    #expect(reference.uid(.referencedSOPClassUID) == .comprehensiveSRStorage)
    #expect(dataSet.integer(.instanceNumber) == 4)
    let first = try ReportSamples.completeFlagged.structuredReport().dataSet
    #expect(first[.predecessorDocumentsSequence] == nil && first.integer(.instanceNumber) == 1)
  }

  @Test func `a predecessor that the report does not name is refused`() {
    let sample = ReportSamples.completeFlagged
    #expect(throws: ReportError.predecessorMismatch) {
      try StructuredReport(
        of: sample.report, header: sample.header, images: sample.sizes, predecessor: ReportSamples.predecessor)
    }
    let orphan = ReportSamples.everyMember
    #expect(throws: ReportError.predecessorMismatch) {
      try StructuredReport(of: orphan.report, header: orphan.header, images: orphan.sizes)
    }
  }

  @Test func `only a named calibration makes a score a certainty, in percent`() throws {
    let calibrated = try ReportSamples.calibrated.structuredReport().content.flattened
    let certainties = calibrated.filter { $0.name?.value == "111012" }
    #expect(certainties.map(\.value) == [.number(62.5, unit: CodedConcept("%", "UCUM", "Percent"))])
    let texts = Self.texts(calibrated)
    #expect(texts.contains("calibration=site-a-2026 (isotonic)"))
    #expect(texts.contains("calibration.digest=\(ReportSamples.digest("calibration"))"))
    let plain = try ReportSamples.completeFlagged.structuredReport().content.flattened
    #expect(!plain.contains { $0.name?.value == "111012" })
  }

  @Test func `the evaluations say why the study has its place and until when, or why it was not assisted`() throws {
    func named(_ name: String, _ sample: ReportSamples.Sample) throws -> [String] {
      Self.texts(try sample.structuredReport().content.flattened.filter { $0.name?.value == name })
    }
    #expect(try named("priority-reason", ReportSamples.completeFlagged) == ["Pneumothorax flagged"])
    #expect(try named("read-by", ReportSamples.everyMember) == ["2024-03-01T12:00:00+00:00"])
    #expect(try named("no-assist-text", ReportSamples.failed) == ["No image could be decoded."])
    #expect(try named("no-assist-text", ReportSamples.completeFlagged).isEmpty)
  }

  @Test func `images that were de-identified bring what did it as a second contributor, by its program alone`() throws {
    func contributors(_ sample: ReportSamples.Sample) throws -> [[String?]] {
      try sample.structuredReport().dataSet.items(.contributingEquipmentSequence).map {
        [
          $0.items(.purposeOfReferenceCodeSequence).first?.string(.codeValue), $0.string(.manufacturer),
          $0.string(.softwareVersions), $0.string(.institutionName),
        ]
      }
    }
    #expect(try contributors(ReportSamples.completeFlagged) == [["109102", "Bucky project", "0.1.0", nil]])
    #expect(
      try contributors(ReportSamples.deidentified) == [
        ["109102", "Bucky project", "0.1.0", nil], ["109104", "Remover", "7.1", nil],
      ])
    #expect(
      try contributors(ReportSamples.deidentifiedElsewhere) == [
        ["109102", "Bucky project", "0.1.0", nil], ["109104", "Not stated by the source images", nil, nil],
      ])
    let ours = ReportSamples.completeFlagged.header.deidentified(by: .init(version: "2.0"))
    let sample = ReportSamples.completeFlagged
    let report = try StructuredReport(of: sample.report, header: ours, images: sample.sizes).dataSet
    let second = try #require(report.items(.contributingEquipmentSequence).last)
    #expect(second.string(.manufacturerModelName) == "Bucky de-identification")
    #expect(second.string(.softwareVersions) == "2.0")
  }

  @Test func `another model is another device, for the observer and the equipment alike`() throws {
    func devices(_ edit: (inout TriageReport) -> Void) throws -> Set<UID> {
      let sample = ReportSamples.completeFlagged
      var report = sample.report
      edit(&report)
      let document = try StructuredReport(of: report, header: sample.header, images: sample.sizes)
      let observers = document.content.flattened.compactMap { item -> UID? in
        guard item.name?.value == "121012", case .uid(let uid) = item.value else { return nil }
        return uid
      }
      let equipment = document.dataSet.items(.contributingEquipmentSequence).compactMap { $0.uid(.deviceUID) }
      #expect(observers == equipment)
      return Set(observers)
    }
    let original = try devices { _ in }
    #expect(original.count == 1)
    #expect(try devices { $0.model.digest = ReportSamples.digest("other weights") } != original)
    #expect(try devices { $0.software?.version = "0.2.0" } != original)
    #expect(try devices { $0.labelSet.digest = ReportSamples.digest("other labels") } == original)
  }

  @Test func `the content's digest follows everything that JSON and SR say`() throws {
    func digest(_ sample: ReportSamples.Sample, _ form: StructuredReport.Form = .comprehensive3D) throws
      -> ContentDigest
    {
      try sample.structuredReport(form).contentDigest()
    }
    let plain = try digest(ReportSamples.completeFlagged)
    #expect(try digest(ReportSamples.completeFlagged) == plain)
    #expect(try digest(ReportSamples.completeFlagged, .comprehensive) != plain)
    var other = ReportSamples.completeFlagged
    var report = other.report
    report.warnings = [.init("x", text: "y")]
    other = .init(name: "x", report: report, header: other.header, sizes: other.sizes)
    #expect(try digest(other) != plain)
    let sizes = other.sizes.mapValues { _ in StructuredReport.ImageSize(rows: 1, columns: 1) }
    other = .init(name: "x", report: ReportSamples.completeFlagged.report, header: other.header, sizes: sizes)
    #expect(try digest(other) != plain)
  }

  private static func texts(_ items: [ContentItem]) -> [String] {
    items.compactMap { item in
      if case .text(let text) = item.value { text } else { nil }
    }
  }
}
