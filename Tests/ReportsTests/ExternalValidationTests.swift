import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Other people's readers and validators accept what is written. Each test names in its condition what goes unchecked when
/// the program is not there.
struct ExternalValidationTests {
  private static let dsr2html = ExternalCommand("dsr2html")
  private static let python = ProcessInfo.processInfo.environment["BUCKY_ORACLE_PYTHON"].flatMap {
    $0.isEmpty ? nil : ExternalCommand(path: $0)
  }

  @Test(
    .enabled(
      if: SRValidator.dciodvfy.isInstalled && SRValidator.dsrdump.isInstalled,
      "dciodvfy (dicom3tools) or dsrdump (dcmtk) is not on PATH: not checked that SRs follow their IOD"),
    arguments: ReportSamples.all)
  func `dciodvfy and dsrdump have nothing to say against any SR, in either form, nor against its key objects`(
    sample: ReportSamples.Sample
  ) throws {
    let folder = try TemporaryFolder()
    var objects = try StructuredReport.Form.allCases.map { ($0.rawValue, try sample.structuredReport($0).dataSet) }
    if let selection = try sample.keyObjects() { objects.append(("key-objects", selection.dataSet)) }
    for (name, dataSet) in objects {
      let path = try write(dataSet, to: "\(name).dcm", in: folder)
      for validator in [SRValidator.dciodvfy, .dsrdump] {
        let remarks = try validator.remarks(on: path)
        #expect(remarks.isEmpty, "\(validator) on \(name): \(remarks)")
      }
    }
  }

  /// PixelMed's validator knows the templates, which dciodvfy does not. It takes 10 to 20 seconds a report.
  @Test(
    .enabled(
      if: SRValidator.pixelmed.isInstalled,
      "java or libpixelmed-java is not installed: not checked that the tree follows TID 1500"),
    arguments: [
      ReportSamples.completeFlagged, ReportSamples.everyMember, ReportSamples.multiFrame, ReportSamples.partial,
      ReportSamples.noAssist(.unsupportedModality), ReportSamples.calibrated,
      ReportSamples.deidentified, ReportSamples.japanese,
    ])
  func `PixelMed's template validator has nothing to say against a report`(sample: ReportSamples.Sample) throws {
    let folder = try TemporaryFolder()
    let remarks = try SRValidator.pixelmed.remarks(
      on: try write(try sample.structuredReport().dataSet, to: "report.dcm", in: folder))
    #expect(remarks.isEmpty, "\(remarks)")
  }

  @Test(
    .enabled(if: SRValidator.pixelmed.isInstalled, "java or libpixelmed-java is not installed"))
  func `PixelMed's template validator accepts the form for old archives`() throws {
    let folder = try TemporaryFolder()
    let path = try write(
      try ReportSamples.completeFlagged.structuredReport(.comprehensive).dataSet, to: "report.dcm", in: folder)
    #expect(try SRValidator.pixelmed.remarks(on: path) == [])
  }

  @Test(.enabled(if: dsr2html != nil, "dsr2html (dcmtk) is not on PATH: not checked what it shows"))
  func `dsr2html shows the report's statements`() throws {
    let folder = try TemporaryFolder()
    let path = try write(try ReportSamples.completeFlagged.structuredReport().dataSet, to: "report.dcm", in: folder)
    let result = try #require(Self.dsr2html).run([path])
    #expect(result.status == 0, "\(result.errors)")
    for statement in [
      "PRELIMINARY", "UNVERIFIED", "Pneumothorax (36118008, SCT)", "0.9123456789", "Score exceeds flag threshold",
      "All algorithms succeeded; with findings", "High priority", "Reason of priority", "Pneumothorax flagged",
      "Not for diagnosis", "Absence of a flag does not mean absence of disease",
    ] {
      #expect(result.output.contains(statement), "\(statement)")
    }
  }

  /// Without the oracle it is not checked that report.json follows `triage_report.schema.json` (which lies in the shared
  /// folder), that highdicom parses the SR, and that the two renderings carry the same numbers as Python reads them.
  @Test(
    .enabled(
      if: python != nil && SharedData.path("triage_report.schema.json") != nil,
      "BUCKY_ORACLE_PYTHON or BUCKY_SHARED is not set: JSON schema and highdicom are not checked"))
  func `Python's jsonschema and highdicom accept every report`() throws {
    let folder = try TemporaryFolder()
    for sample in ReportSamples.all {
      try folder.write(try sample.report.json(), to: "\(sample.name)/report.json")
      try writeSR(sample, in: folder)
    }
    let script = PackageRoot.path("Tests/ReportsTests/Oracle/check_sr.py")
    let schema = try #require(SharedData.path("triage_report.schema.json"))
    let result = try #require(Self.python).run([script, schema, folder.path])
    #expect(result.status == 0, "\(result.text)")
    #expect(result.text.contains("\(ReportSamples.all.count) reports accepted"), "\(result.text)")
  }

  @discardableResult
  private func writeSR(_ sample: ReportSamples.Sample, in folder: TemporaryFolder) throws -> String {
    try write(try sample.structuredReport().dataSet, to: "\(sample.name)/report.dcm", in: folder)
  }

  private func write(_ dataSet: DataSet, to name: String, in folder: TemporaryFolder) throws -> String {
    let path = try folder.write([], to: name)
    try DICOMFileWriter.write(dataSet, transferSyntax: .explicitVRLittleEndian, to: path)
    return path
  }
}
