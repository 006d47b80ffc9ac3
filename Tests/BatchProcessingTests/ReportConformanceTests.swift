import BatchProcessing
import DICOMCore
import DICOMFiles
import Reports
import TestSupport
import Testing

/// What triage writes, judged by other people's programs.
struct ReportConformanceTests {
  private static let dsrdump = ExternalCommand("dsrdump")
  private static let dciodvfy = ExternalCommand("dciodvfy")

  private static func triage(_ input: String, to folder: TemporaryFolder) async throws -> [String] {
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    let result = try await TriageRun(
      inputs: [input], output: folder.path, configuration: configuration, threads: 2, decoder: .built
    ).run()
    return result.worklist.studies.map { folder.path("studies/\($0.studyInstanceUID)/report.dcm") }
  }

  private static func judge(_ reports: [String]) throws {
    for report in reports {
      let dump = try #require(dsrdump).run([report])
      #expect(dump.status == 0, "\(dump.text)")
      let verdict = try #require(dciodvfy).run([report]).text
      #expect(!verdict.contains("Error"), "\(verdict)")
    }
  }

  @Test(
    .enabled(
      if: dsrdump != nil && dciodvfy != nil,
      "dsrdump or dciodvfy is not on PATH: not checked that the SRs of the sample studies conform"))
  func `the structured reports of the sample studies conform`() async throws {
    let folder = try TemporaryFolder()
    let reports = try await Self.triage(PackageRoot.path("SampleStudies"), to: folder)
    #expect(reports.count > 10)
    try Self.judge(reports)
  }

  /// Real headers: odd names, missing attributes, objects that are no images, de-identified studies.
  @Test(
    .enabled(
      if: dsrdump != nil && dciodvfy != nil && SharedData.path("dicom-corpus") != nil,
      "BUCKY_SHARED is not set, or dsrdump or dciodvfy not on PATH: not checked that SRs of real studies conform"))
  func `the structured reports of the open corpus conform`() async throws {
    let folder = try TemporaryFolder()
    let reports = try await Self.triage(try #require(SharedData.path("dicom-corpus")), to: folder)
    #expect(reports.count > 30)
    try Self.judge(reports)
  }
}
