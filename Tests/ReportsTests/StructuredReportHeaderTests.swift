import DICOMCore
import Reports
import Testing

struct StructuredReportHeaderTests {
  private let dataSet: DataSet

  init() throws {
    dataSet = try ReportSamples.completeFlagged.structuredReport().dataSet
  }

  @Test func `patient and study are those of the images`() {
    let source = ReportSamples.sourceAttributes()
    for tag in source.tags { #expect(dataSet.strings(tag) == source.strings(tag), "\(tag)") }
  }

  @Test(arguments: [DICOMCore.Tag.patientBirthDate, .studyID, .referringPhysicianName, .performedProcedureCodeSequence])
  func `attributes of Type 2 are present when nothing is known`(tag: DICOMCore.Tag) {
    #expect(dataSet.contains(tag))
    #expect(dataSet.strings(tag).isEmpty && dataSet.items(tag).isEmpty)
  }

  @Test func `the report has its own series and is dated by its inputs`() {
    #expect(dataSet.string(.modality) == "SR")
    #expect(dataSet.uid(.seriesInstanceUID) == ReportIdentity.seriesUID(study: ReportSamples.study))
    #expect(dataSet.integer(.seriesNumber) == 9001)
    #expect(dataSet.string(.seriesDescription) == "AI triage (research, not for diagnosis)")
    #expect(dataSet.uid(.sopInstanceUID) == ReportSamples.completeFlagged.report.reportID)
    #expect(dataSet.uid(.sopClassUID) == .comprehensive3DSRStorage)
    for tag in [DICOMCore.Tag.contentDate, .seriesDate, .instanceCreationDate] {
      #expect(dataSet.string(tag) == "20240301")
    }
    for tag in [DICOMCore.Tag.contentTime, .seriesTime, .instanceCreationTime] {
      #expect(dataSet.string(tag) == "081530")
    }
    #expect(dataSet.string(.timezoneOffsetFromUTC) == "+0900")
  }

  @Test func `without a known offset there is no Timezone Offset From UTC`() throws {
    let sample = ReportSamples.sample("x", findings: [ReportSamples.pneumothorax()]) {
      (report: inout TriageReport) in report.created = ReportDate(year: 2024, month: 1, day: 2) ?? .undated
    }
    #expect(try sample.structuredReport().dataSet[.timezoneOffsetFromUTC] == nil)
  }

  @Test func `observer, algorithm and processing equipment say the same`() throws {
    let equipment = try #require(dataSet.items(.contributingEquipmentSequence).first)
    #expect(equipment.items(.purposeOfReferenceCodeSequence).first?.string(.codeValue) == "109102")
    let tree = try ReportSamples.completeFlagged.structuredReport().content.flattened
    func text(_ code: String) -> String? {
      for item in tree where item.name?.value == code {
        switch item.value {
        case .text(let text): return text
        case .uid(let uid): return uid.value
        default: return nil
        }
      }
      return nil
    }
    #expect(equipment.string(.manufacturer) == text("121014"))
    #expect(equipment.string(.manufacturerModelName) == text("121015"))
    #expect(equipment.string(.manufacturerModelName) == text("111001"))
    #expect(equipment.string(.softwareVersions) == text("111003"))
    #expect(equipment.string(.deviceUID) == text("121012"))
    for tag in [DICOMCore.Tag.manufacturer, .manufacturerModelName, .softwareVersions, .deviceSerialNumber] {
      #expect(dataSet.string(tag) == equipment.string(tag))
    }
  }

  @Test func `every coding scheme that is used is declared, and no other`() throws {
    let tree = try ReportSamples.everyMember.structuredReport()
    let declared = tree.dataSet.items(.codingSchemeIdentificationSequence).compactMap {
      $0.string(.codingSchemeDesignator)
    }
    #expect(declared == ["99BUCKY", "DCM", "RADLEX", "RFC5646", "SCT", "UCUM", "UMLS"])
    #expect(Set(tree.content.concepts.map(\.scheme)).isSubset(of: declared))
    let own = tree.dataSet.items(.codingSchemeIdentificationSequence)[0]
    #expect(own.string(.codingSchemeName) != nil && own.string(.codingSchemeVersion) == "1")
    #expect(own.string(.codingSchemeResponsibleOrganization) == "Bucky project")
  }

  @Test func `the character set is declared exactly where text needs one`() throws {
    #expect(dataSet[.specificCharacterSet] == nil)
    let japanese = try ReportSamples.japanese.structuredReport().dataSet
    #expect(japanese.string(.specificCharacterSet) == "ISO_IR 192")
    #expect(japanese.string(.patientName) == "Yamada^Tarou=山田^太郎=やまだ^たろう")
  }

  @Test func `values the standard forbids are left out, old dates are rewritten`() throws {
    let odd = try ReportSamples.odd.structuredReport().dataSet
    #expect(odd.contains(.patientSex) && odd.string(.patientSex) == nil)
    #expect(odd.contains(.patientBirthDate) && odd.string(.patientBirthDate) == nil)
    #expect(odd.string(.studyDate) == "20240301")
    #expect(odd.string(.studyTime) == nil)
    #expect(odd.string(.patientName) == "Doe^Jane")
  }

  @Test func `a de-identified study stays marked as one`() throws {
    var source = ReportSamples.sourceAttributes()
    source.set(.patientIdentityRemoved, .cs, "YES")
    source.set(.deidentificationMethod, .lo, "Basic profile")
    let header = SourceHeader(of: source)
    #expect(header.subject(study: ReportSamples.study).deidentified)
    #expect(!ReportSamples.completeFlagged.report.subject.deidentified)
    #expect(header.attributes.string(.deidentificationMethod) == "Basic profile")
  }

  @Test func `a header of another study and a report without software are refused`() throws {
    let sample = ReportSamples.completeFlagged
    var source = ReportSamples.sourceAttributes()
    source.set(.studyInstanceUID, UID.derived("test", ["other"]))
    let other = SourceHeader(of: source)
    #expect(
      throws: ReportError.studyMismatch(expected: ReportSamples.study, found: .derived("test", ["other"]))
    ) { try StructuredReport(of: sample.report, header: other, images: sample.sizes) }
    var report = sample.report
    report.software = nil
    let nameless = report
    #expect(throws: ReportError.softwareMissing) {
      try StructuredReport(of: nameless, header: sample.header, images: sample.sizes)
    }
    let trap = CodedConcept("122157", "DCM", "Procedure")
    #expect(throws: ReportError.self) {
      try StructuredReport(of: sample.report, header: sample.header, images: sample.sizes, procedures: [trap])
    }
  }
}
