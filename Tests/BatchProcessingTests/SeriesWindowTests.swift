import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Windows of whole series and selection rules, from files to log and report.
struct SeriesWindowTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  // MARK: MR by percentiles of the series

  @Test func `every image of an MR series without window gets the same, recorded with the series`() async throws {
    for slice in 0..<3 { try writeMR(slice, offset: slice * 1000) }
    let lines = try await preprocess()
    #expect(lines.count == 3)
    let windows = try lines.map { try step("voi-percentiles", of: $0) }
    #expect(Set(windows.map { "\($0["min"] ?? "")-\($0["max"] ?? "")" }).count == 1)
    let first = try #require(windows.first)
    #expect(first["scope"] as? String == "series" && first["frames"] as? Int == 3)
    #expect(first["series_instance_uid"] as? String == UID.derived("test", ["series"]).value)
    // 3 × 1024 pixels with the values 0...1023, 1000...2023 and 2000...3023: ranks 16 and 3057.
    #expect(first["pixels"] as? Int == 3072)
    #expect(first["min"] as? Double == 15 && first["max"] as? Double == 3008)
  }

  @Test func `the order of files and the number of threads do not matter`() async throws {
    for slice in 0..<3 { try writeMR(slice, offset: slice * 1000) }
    let first = try await preprocess(threads: 1)
    let turned = try TemporaryFolder()
    for slice in 0..<3 { try turned.write(try folder.read("in/\(slice).dcm"), to: "in/\(9 - slice).dcm") }
    let second = try await preprocess(inputs: turned.path("in"), threads: 3)
    func digests(_ lines: [[String: Any]]) -> Set<String> { Set(lines.compactMap { $0["tensor_digest"] as? String }) }
    #expect(digests(first) == digests(second) && digests(first).count == 3)
  }

  @Test func `one image alone is its own series, and an image with a window keeps it`() async throws {
    try writeMR(0, offset: 0)
    var lines = try await preprocess()
    let window = try step("voi-percentiles", of: try #require(lines.first))
    #expect(window["scope"] as? String == "series" && window["frames"] as? Int == 1)
    try writeMR(0, offset: 0) {
      $0.set(.windowCenter, .ds, "100")
      $0.set(.windowWidth, .ds, "200")
    }
    lines = try await preprocess(output: "again")
    _ = try step("voi-window", of: try #require(lines.first))
  }

  // MARK: A window that cannot be used

  @Test(arguments: [("100", "0"), ("1A", "400")])
  func `a malformed window costs no study and is a warning in its report`(center: String, width: String) async throws {
    try writeRadiograph {
      $0.set(.windowCenter, .ds, center)
      $0.set(.windowWidth, .ds, width)
    }
    let result = try await triage()
    #expect(result.worklist.studies.map(\.status) == [.complete])
    let row = try #require(result.worklist.studies.first)
    let report = try JSONDecoder().decode(TriageReport.self, from: Data(try folder.read("out/\(row.report)")))
    #expect(report.warnings.contains { $0.code == "window-unusable" && $0.sopInstanceUID != nil })
    let steps = try #require(report.inputs.first?.preprocess)
    #expect(steps.contains { $0.step == "voi-min-max" })
  }

  @Test func `an image without the window that a pipeline asks for is skipped with a reason and stays in the worklist`()
    async throws
  {
    try writeRadiograph {
      $0.set(.windowCenter, .ds, "100")
      $0.set(.windowWidth, .ds, "400")
      $0.set(.windowCenterWidthExplanation, .lo, "Doe^John")
    }
    let result = try await triage(pipeline: try writePipeline(modality: "CR", window: "file:LUNG"))
    #expect(result.worklist.studies.map(\.noAssist) == [.policy])
    let skipped = try #require(result.record.skipped.first)
    #expect(skipped.reason == "window-unavailable")
    #expect(skipped.detail == "the instance has no window file:LUNG; it has 1 windows and 0 VOI LUTs")
    for (_, bytes) in try TemporaryFolder.contents(of: folder.path("out")) {
      #expect(bytes.firstRange(of: Array("Doe".utf8)) == nil)
    }
  }

  // MARK: Selection while preprocessing

  @Test func `preprocess under a pipeline transforms what its rules select and logs a reason for the rest`()
    async throws
  {
    for index in [2, 0, 3, 1, 4] { try writeCT(index, z: Double(index) * 5) }
    try writeCT(5, z: 10)
    try writeCT(6, z: 25) { $0.set(.imageType, .cs, "ORIGINAL", "PRIMARY", "LOCALIZER") }
    try writeRadiograph()
    let pipeline = try writePipeline(modality: "CT", window: "{CT: ct-lung}")
    let lines = try await preprocess(pipeline: pipeline)
    let outcomes = Dictionary(
      uniqueKeysWithValues: lines.map { ($0["source"] as? String ?? "", $0["reason"] as? String ?? "used") })
    #expect(
      outcomes == [
        "ct0.dcm": "used", "ct1.dcm": "not-sampled", "ct2.dcm": "used", "ct3.dcm": "not-sampled", "ct4.dcm": "used",
        "ct5.dcm": "duplicate-position", "ct6.dcm": "localizer", "cr.dcm": "modality-not-covered",
      ])
    #expect(lines.filter { $0["outcome"] as? String == "skipped" }.count == 5)
    let used = try #require(lines.first { $0["source"] as? String == "ct2.dcm" })
    #expect(try step("voi-window", of: used)["name"] as? String == "ct-lung")
  }

  // MARK: Parts

  private func preprocess(
    inputs: String? = nil, output: String = "out", threads: Int = 2, pipeline: String? = nil
  ) async throws -> [[String: Any]] {
    let request = try PreprocessRequest(
      inputs: [inputs ?? folder.path("in")], output: folder.path(output), window: nil, preset: nil, size: 32,
      format: .safetensors, threads: threads, pipeline: pipeline, decoder: .built)
    _ = try await PreprocessRun(request).run()
    return try String(decoding: folder.read("\(output)/log.jsonl"), as: UTF8.self).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  private func triage(pipeline: String? = nil) async throws -> TriageResult {
    let configuration = try TriageSetup(model: nil, pipeline: pipeline).configuration
    return try await TriageRun(
      inputs: [folder.path("in")], output: folder.path("out"), configuration: configuration, threads: 2, decoder: .built
    ).run()
  }

  private func step(_ name: String, of line: [String: Any]) throws -> [String: Any] {
    let steps = try #require(line["steps"] as? [[String: Any]])
    let found = steps.first { $0["step"] as? String == name }
    return try #require(found?["params"] as? [String: Any], "no step \(name)")
  }

  private func writeMR(_ slice: Int, offset: Int, _ change: (inout DataSet) -> Void = { _ in }) throws {
    try write("\(slice).dcm", .mrImageStorage, "MR", values: (0..<1024).map { $0 + offset }, change)
  }

  private func writeCT(_ index: Int, z: Double, _ change: (inout DataSet) -> Void = { _ in }) throws {
    try write("ct\(index).dcm", .ctImageStorage, "CT", values: (0..<1024).map { $0 * 2 }) {
      $0.set(.rescaleSlope, .ds, "1")
      $0.set(.rescaleIntercept, .ds, "-1024")
      $0.set(.instanceNumber, .is, "\(100 - index)")
      if index == 5 { $0.set(.instanceNumber, .is, "999") }
      $0.set(.imagePositionPatient, .ds, "0", "0", "\(z)")
      $0.set(.imageOrientationPatient, .ds, "1", "0", "0", "0", "1", "0")
      change(&$0)
    }
  }

  private func writeRadiograph(_ change: (inout DataSet) -> Void = { _ in }) throws {
    try write("cr.dcm", .computedRadiographyImageStorage, "CR", values: (0..<1024).map { $0 * 3 }) {
      $0.set(.bodyPartExamined, .cs, "CHEST")
      $0.set(.patientAge, .as, "050Y")
      change(&$0)
    }
  }

  private func write(
    _ name: String, _ sopClass: UID, _ modality: String, values: [Int], _ change: (inout DataSet) -> Void
  ) throws {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, sopClass)
    dataSet.set(.sopInstanceUID, UID.derived("test", [name]))
    dataSet.set(.studyInstanceUID, UID.derived("test", ["study"]))
    dataSet.set(.seriesInstanceUID, UID.derived("test", ["series"]))
    dataSet.set(.modality, .cs, modality)
    change(&dataSet)
    let format = ImageFormat(
      rows: 32, columns: 32, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)
    let bytes = values.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let path = try folder.write([], to: "in/\(name)")
    try DICOMFileWriter.write(
      dataSet, transferSyntax: .explicitVRLittleEndian, frames: [StoredFrame(format: format, bytes: bytes)], to: path)
  }

  /// A pipeline that uses every second axial slice where there is more than one.
  private func writePipeline(modality: String, window: String) throws -> String {
    let labels = try Data(contentsOf: URL(filePath: PackageRoot.path("Pipelines/labels/phantom-demo.yaml")))
    try folder.write([UInt8](labels), to: "labels.yaml")
    return try folder.write(
      """
      schema: bucky-pipeline/1
      id: test
      version: 1.0.0
      title: Every second slice
      select:
        modalities: [\(modality)]
        minimum_age: 0
        \(modality == "CT" ? "orientations: [axial]" : "lateral_views: use")
        sampling: \(modality == "CT" ? "{every: 2}" : "all")
      preprocess:
        window: \(window)
      labels: labels.yaml
      """, to: "pipeline.yaml")
  }
}
