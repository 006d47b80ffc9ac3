import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// What triage writes, judged by other people's programs.
struct ReportConformanceTests {
  private static let dsrdump = ExternalCommand("dsrdump")
  private static let dciodvfy = ExternalCommand("dciodvfy")

  private static func triage(
    _ input: String, to folder: TemporaryFolder, pipeline: String? = nil
  ) async throws -> [String] {
    let configuration = try TriageSetup(model: nil, pipeline: pipeline).configuration
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

  /// A volume, two images, a study of which one image is cut short, and one that no pipeline covers, through the program.
  @Test(
    .enabled(
      if: SRValidator.allCases.allSatisfy(\.isInstalled),
      "dciodvfy, dsrdump, java or libpixelmed-java is not installed: not checked that SRs of real runs follow TID 1500"),
    arguments: ["ct", "two-images", "partial", "uncovered"])
  func `three validators have nothing to say against the report of a study`(kind: String) async throws {
    let folder = try TemporaryFolder()
    let shipped = try String(contentsOfFile: PackageRoot.path("Pipelines/phantom-demo.yaml"), encoding: .utf8)
    let labels = try String(contentsOfFile: PackageRoot.path("Pipelines/labels/phantom-demo.yaml"), encoding: .utf8)
    try folder.write(labels, to: "labels/phantom-demo.yaml")
    let modalities = kind == "ct" ? "modalities: [CT]" : "modalities: [CR, DX]"
    let pipeline = try folder.write(
      shipped.replacing("modalities: [CR, DX]", with: modalities), to: "pipeline.yaml")
    let isVolume = ["ct", "uncovered"].contains(kind)
    let study = isVolume ? "13-ct-thorax" : "10-left-pneumothorax-two-images"
    for (name, bytes) in try TemporaryFolder.contents(of: PackageRoot.path("SampleStudies/studies/\(study)")) {
      let isCut = kind == "partial" && name.hasPrefix("IM2")
      try folder.write(isCut ? Array(bytes.dropLast(2_000)) : bytes, to: "in/" + name)
    }
    let reports = try await Self.triage(folder.path("in"), to: folder, pipeline: pipeline)
    let report = try #require(reports.first)
    let status = ["ct": "complete", "two-images": "complete", "partial": "partial", "uncovered": "no_assist"][kind]
    let json = try String(contentsOfFile: report.replacing("report.dcm", with: "report.json"), encoding: .utf8)
    #expect(json.contains("\"status\": \"\(status ?? "")\""), "\(json.suffix(2_000))")
    for validator in SRValidator.allCases {
      let remarks = try validator.remarks(on: report)
      #expect(remarks.isEmpty, "\(validator): \(remarks)")
    }
    // Every image was considered, whatever became of it.
    let library = try #require(SRValidator.dump(report)).components(separatedBy: "Pixel Data Rows").count - 1
    #expect(library == (isVolume ? 5 : 2))
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
