import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import PipelineDefinitions
import Reports
import TestSupport
import Testing

/// Runs with a pipeline that de-identifies, over sample studies under telling names.
struct ReleasedInputsTests {
  private let folder: TemporaryFolder
  /// Identifiers of the inputs, and parts of their paths.
  private let markers: Set<String>

  init() throws {
    folder = try TemporaryFolder()
    try DeidentificationKey.generate(at: folder.path("key"))
    var markers: Set<String> = ["DOE_JANE", "MRN-4711"]
    let studies = PackageRoot.path("SampleStudies/studies")
    let samples = try TemporaryFolder.contents(of: studies).keys.sorted()
    for (number, name) in samples.filter({ $0.hasSuffix(".dcm") }).prefix(6).enumerated() {
      let path = studies + "/" + name
      let header = try DICOMFile(path: path).header.dataSet
      let tags: [DICOMCore.Tag] = [
        .patientID, .accessionNumber, .studyInstanceUID, .seriesInstanceUID, .sopInstanceUID,
      ]
      markers.formUnion(tags.compactMap { header.string($0) }.filter { $0.utf8.count >= 4 })
      try folder.write([UInt8](Data(contentsOf: URL(filePath: path))), to: "in/DOE_JANE/MRN-4711 \(number).dcm")
    }
    self.markers = markers
    try folder.write("not DICOM", to: "in/DOE_JANE/letter.txt")
    try folder.write(
      [UInt8](Data(contentsOf: URL(filePath: PackageRoot.path("Pipelines/labels/phantom-demo.yaml")))),
      to: "pipeline/labels/phantom-demo.yaml")
    try folder.write(
      [UInt8](Data(contentsOf: URL(filePath: PackageRoot.path("Pipelines/research-export.yaml")))),
      to: "pipeline/policy.yaml")
  }

  private func pipeline(keepsObjects: Bool = false) throws -> String {
    let shipped = try String(contentsOfFile: PackageRoot.path("Pipelines/phantom-demo.yaml"), encoding: .utf8)
    let part = "deidentify: {policy: policy.yaml\(keepsObjects ? ", objects: keep" : "")}\n\nselect:"
    return try folder.write(shipped.replacing("\nselect:", with: "\n" + part), to: "pipeline/pipeline.yaml")
  }

  private func triage(_ output: String, keepsObjects: Bool = false) async throws -> TriageResult {
    let configuration = try TriageSetup(model: nil, pipeline: pipeline(keepsObjects: keepsObjects)).configuration
    return try await TriageRun(
      inputs: [folder.path("in")], output: folder.path(output), configuration: configuration, threads: 2,
      decoder: .built, key: DeidentificationKey(file: folder.path("key"))
    ).run()
  }

  private func identity(in output: String) throws -> Set<String> {
    var left: Set<String> = []
    for (name, bytes) in try TemporaryFolder.contents(of: folder.path(output)) {
      left.formUnion(MarkerSearch.found(markers, in: Array(name.utf8)))
      left.formUnion(MarkerSearch.found(markers, in: bytes))
    }
    return left
  }

  @Test func `Reports and records of a triage carry new identifiers alone, and no object stays`() async throws {
    #expect(markers.count > 20)
    let result = try await triage("out")
    #expect(try identity(in: "out") == [])
    #expect(result.record.counts.studies > 0)
    #expect(result.record.counts.used > 0)
    #expect(result.record.counts.isBalanced)
    #expect(result.record.skipped.contains { $0.reason == "not-dicom" })
    let release = try #require(result.record.deidentification)
    #expect(release.released == 6)
    #expect(release.objects == nil)
    for report in result.reports {
      #expect(report.subject.deidentified)
      #expect(report.subject.studyInstanceUID.value.hasPrefix("2.25."))
    }
    let files = try TemporaryFolder.contents(of: folder.path("out")).keys
    #expect(files.contains("deidentification.jsonl"))
    #expect(!files.contains { $0.contains(".bucky-unfinished-") })
    let objects = files.filter { $0.hasSuffix(".dcm") }
    #expect(objects.allSatisfy { $0.hasSuffix("report.dcm") || $0.hasSuffix("key-objects.dcm") })
    for name in objects {
      let dataSet = try DICOMHeader(path: folder.path("out/" + name)).dataSet
      let purposes = dataSet.items(.contributingEquipmentSequence).map {
        $0.items(.purposeOfReferenceCodeSequence).first?.string(.codeValue)
      }
      #expect(purposes == ["109102", "109104"])
      #expect(dataSet.string(.patientIdentityRemoved) == "YES")
      for validator in [SRValidator.dciodvfy, .dsrdump] where validator.isInstalled {
        let remarks = try validator.remarks(on: folder.path("out/" + name))
        #expect(remarks.isEmpty, "\(name), \(validator): \(remarks)")
      }
    }
  }

  @Test func `The same key gives the same reports, and objects stay on request`() async throws {
    _ = try await triage("one")
    _ = try await triage("two", keepsObjects: true)
    // A second run replaces what the first kept.
    _ = try await triage("two", keepsObjects: true)
    let (one, two) = (
      try TemporaryFolder.contents(of: folder.path("one")), try TemporaryFolder.contents(of: folder.path("two"))
    )
    let reports = one.filter { $0.key.hasPrefix("studies/") && $0.key.hasSuffix("report.dcm") }
    #expect(!reports.isEmpty)
    // The pipelines differ, and so do what reports say of them; their names do not.
    #expect(Set(reports.keys) == Set(two.keys.filter { $0.hasPrefix("studies/") && $0.hasSuffix("report.dcm") }))
    #expect(two.keys.count { $0.hasPrefix("dicom/") } == 6)
    #expect(one["deidentification.jsonl"] == two["deidentification.jsonl"])
    #expect(try identity(in: "two") == [])
  }

  @Test func `Tensors and pictures carry new identifiers alone`() async throws {
    let request = try PreprocessRequest(
      inputs: [folder.path("in")], output: folder.path("out"), window: nil, preset: nil, size: 64, format: .both,
      contactSheets: true, threads: 2, pipeline: pipeline(), key: folder.path("key"), decoder: .built)
    let summary = try await PreprocessRun(request).run()
    #expect(summary.counts.used > 0)
    #expect(try identity(in: "out") == [])
    let log = String(decoding: try folder.read("out/log.jsonl"), as: UTF8.self)
    #expect(log.contains("not-dicom"))
  }

  @Test func `A run in which nothing is released says so and is no failure`() async throws {
    let policy = try String(contentsOfFile: PackageRoot.path("Pipelines/research-export.yaml"), encoding: .utf8)
    let classes = """
      withheld_sop_classes: [1.2.840.10008.5.1.4.1.1.1, 1.2.840.10008.5.1.4.1.1.1.1, 1.2.840.10008.5.1.4.1.1.2, \
      1.2.840.10008.5.1.4.1.1.7, 1.2.840.10008.5.1.4.1.1.4]
      """
    try folder.write(policy + classes + "\n", to: "pipeline/policy.yaml")
    let result = try await triage("out")
    #expect(result.record.counts.studies == 0)
    #expect(result.record.counts.quarantined == 6)
    #expect(result.record.quarantine.allSatisfy { $0.reason == "sop-class-withheld" })
    #expect(try identity(in: "out") == [])
  }

  @Test func `A folder that no run has made is not replaced by objects`() async throws {
    try folder.write("precious", to: "out/dicom/original.txt")
    await #expect(throws: BatchError.self) { _ = try await triage("out", keepsObjects: true) }
    #expect(try folder.read("out/dicom/original.txt") == Array("precious".utf8))
  }

  @Test func `A dry run would show what the pipeline takes away, and a key without use is a mistake`() async throws {
    let configuration = try TriageSetup(model: nil, pipeline: pipeline()).configuration
    let run = TriageRun(
      inputs: [folder.path("in")], output: folder.path("out"), configuration: configuration, threads: 1,
      decoder: .built)
    #expect(run.usesOneTimeKey)
    await #expect(throws: BatchError.self) { _ = try await run.preview() }
    let plain = try TriageSetup(model: nil, pipeline: nil).configuration.pipeline
    #expect(throws: BatchError.self) {
      _ = try DeidentificationKey(path: folder.path("key"), for: plain, output: folder.path("out"))
    }
  }
}
