import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Other people's readers and validators accept what is written. Each test names in its condition what goes unchecked when
/// the program is not there.
struct ExternalValidationTests {
  private static let dsrdump = ExternalCommand("dsrdump")
  private static let dciodvfy = ExternalCommand("dciodvfy")
  private static let java = ExternalCommand("java")
  private static let pixelmed = ProcessInfo.processInfo.environment["BUCKY_PIXELMED_JAR"].flatMap {
    $0.isEmpty ? nil : $0
  }
  private static let python = ProcessInfo.processInfo.environment["BUCKY_ORACLE_PYTHON"].flatMap {
    $0.isEmpty ? nil : ExternalCommand(path: $0)
  }

  @Test(
    .enabled(if: dsrdump != nil, "dsrdump (dcmtk) is not on PATH: not checked that DCMTK reads the SR tree"),
    arguments: ReportSamples.all)
  func `dsrdump reads every SR`(sample: ReportSamples.Sample) throws {
    let folder = try TemporaryFolder()
    let path = try writeSR(sample, in: folder)
    let result = try #require(Self.dsrdump).run([path])
    #expect(result.status == 0, "\(result.text)")
    // DCMTK 3.6.7 says of UTF-8 that it does not check the characters of values; nothing else may be remarked.
    let remarks = result.text.split(separator: "\n").filter { $0.hasPrefix("W: ") || $0.hasPrefix("E: ") }
    #expect(remarks.allSatisfy { $0.contains("VR checker does not support") }, "\(remarks)")
    #expect(result.text.contains("Summary of Detections"))
  }

  @Test(
    .enabled(if: dciodvfy != nil, "dciodvfy (dicom3tools) is not on PATH: not checked that the SR follows its IOD"),
    arguments: ReportSamples.all)
  func `dciodvfy finds no error in any SR`(sample: ReportSamples.Sample) throws {
    let folder = try TemporaryFolder()
    let path = try writeSR(sample, in: folder)
    let result = try #require(Self.dciodvfy).run([path])
    #expect(!result.text.contains("Error"), "\(result.text)")
    #expect(result.text.contains("Comprehensive3DSR"), "\(result.text)")
  }

  /// PixelMed's validator knows the templates, which dciodvfy does not. Debian's libpixelmed-java has the jar.
  @Test(
    .enabled(
      if: pixelmed != nil && java != nil,
      "BUCKY_PIXELMED_JAR is not set or java is not on PATH: not checked that the tree follows TID 1500"))
  func `PixelMed's template validator finds no error`() throws {
    let folder = try TemporaryFolder()
    // Its XPath expressions exceed the limits that current Java runtimes set.
    let limits = ["xpathExprGrpLimit", "xpathExprOpLimit", "xpathTotalOpLimit"].map { "-Djdk.xml.\($0)=0" }
    // One report takes it 5 to 20 seconds, so three stand for all.
    for sample in [ReportSamples.everyMember, ReportSamples.multiFrame, ReportSamples.failed] {
      let path = try writeSR(sample, in: folder)
      let validator = ["-cp", try #require(Self.pixelmed), "com.pixelmed.validate.DicomSRValidator", path]
      let result = try #require(Self.java).run(limits + validator)
      #expect(result.text.contains("Found Root Template TID_1500"), "\(sample.name): \(result.text)")
      #expect(!result.text.contains("Error"), "\(sample.name): \(result.text)")
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
    let path = try folder.write([], to: "\(sample.name)/report.dcm")
    try DICOMFileWriter.write(
      try sample.structuredReport().dataSet, transferSyntax: .explicitVRLittleEndian, to: path)
    return path
  }
}
