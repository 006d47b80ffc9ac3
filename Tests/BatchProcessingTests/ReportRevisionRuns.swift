import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

extension ReportRevisionTests {
  struct Outcome: Sendable {
    let report: TriageReport
    let files: [String: [UInt8]]
    /// Documents, without the folders of pictures.
    var documents: [String] { files.keys.filter { !$0.contains("/") }.sorted() }
    let dataSet: DataSet
    let warnings: [String]
    let skipped: [String]

    var predecessor: UID? {
      dataSet.items(.predecessorDocumentsSequence).first?.items(.referencedSeriesSequence).first?
        .items(.referencedSOPSequence).first?.uid(.referencedSOPInstanceUID)
    }
  }

  func triage(_ output: String, ledger: String? = nil, from other: ReportRevisionTests? = nil) async throws -> Outcome {
    let source = other?.folder ?? folder
    let model = source.exists("model") ? source.path("model") : nil
    let configuration = try TriageSetup(model: model, pipeline: source.path("pipeline.yaml")).configuration
    let result = try await TriageRun(
      inputs: [source.path("in")], output: folder.path(output), configuration: configuration, threads: 1,
      decoder: .built, ledger: ledger.map(folder.path)
    ).run()
    let report = try #require(result.reports.first)
    let place = "\(output)/studies/\(report.subject.studyInstanceUID)"
    return Outcome(
      report: report, files: try TemporaryFolder.contents(of: folder.path(place)),
      dataSet: try DICOMHeader(path: folder.path(place + "/report.dcm")).dataSet,
      warnings: result.record.ledgerWarnings, skipped: result.record.skipped.map(\.reason))
  }

  private static func shipped(_ name: String) throws -> String {
    try String(contentsOfFile: PackageRoot.path("Pipelines/" + name), encoding: .utf8)
  }

  func write(pipeline: (String) -> String, labels: (String) -> String) throws {
    let shipped = try Self.shipped("phantom-demo.yaml").replacing(
      "\nreports: {heatmaps: flagged}\n", with: "\nreports: {summary: true}\n")
    try folder.write(pipeline(shipped), to: "pipeline.yaml")
    try folder.write(labels(try Self.shipped("labels/phantom-demo.yaml")), to: "labels/phantom-demo.yaml")
  }

  /// The first `count` images of the study.
  func copyImages(_ count: Int) throws {
    let files = try TemporaryFolder.contents(of: PackageRoot.path("SampleStudies/studies/\(Self.study)"))
    for (index, name) in files.keys.sorted().prefix(count).enumerated() {
      try folder.write(files[name] ?? [], to: "in/\(index + 1).dcm")
    }
  }

  /// Another name of the same length in every image.
  func rename() throws {
    for (name, bytes) in try TemporaryFolder.contents(of: folder.path("in")) {
      let at = try #require(bytes.firstRange(of: Array("Phantom^".utf8)))
      var changed = bytes
      changed[at.lowerBound] = UInt8(ascii: "F")
      try folder.write(changed, to: "in/" + name)
    }
  }

  /// The demo encoder with another bias.
  func changeModel() throws {
    for (name, bytes) in try TemporaryFolder.contents(of: PackageRoot.path("SampleStudies/demo-encoder"))
    where !name.contains("/") {
      var changed = bytes
      // The last weights of the file; any of them makes another model.
      if name.hasSuffix(".safetensors") { changed[changed.count - 2] ^= 1 }
      try folder.write(changed, to: "model/" + name)
    }
  }
}
