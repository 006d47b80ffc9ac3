import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// The page that a run writes, its pictures, and the limits on waiting.
struct WorklistPageFileTests {
  private let folder: TemporaryFolder
  private let samples = PackageRoot.path("SampleStudies")

  init() throws {
    folder = try TemporaryFolder()
  }

  private func triage(_ output: String, pipeline: String? = nil, keepsPictures: Bool = true) async throws
    -> TriageResult
  {
    let setup = try TriageSetup(model: nil, pipeline: pipeline)
    return try await TriageRun(
      inputs: [samples], output: folder.path(output), configuration: setup.configuration, threads: 2, decoder: .built,
      keepsPictures: keepsPictures
    ).run()
  }

  private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

  @Test func `The page has every study and every picture, and is the same when it is written again`() async throws {
    let result = try await triage("out")
    let page = try text("out/worklist.html")
    for row in result.worklist.studies { #expect(page.contains("<span class=\"uid\">\(row.studyInstanceUID)</span>")) }
    let used = result.reports.flatMap(\.inputs).filter(\.used).count
    #expect(page.components(separatedBy: "src=\"data:image/png;base64,").count - 1 == used)
    let pictures = try TemporaryFolder.contents(of: folder.path("out")).filter { $0.key.contains("/images/") }
    #expect(pictures.count == used)
    #expect(pictures.keys.allSatisfy { $0.hasPrefix("studies/") && $0.contains("/images/") })
    #expect(!page.contains("Phantom^"))
    #expect(try PageRun(results: folder.path("out")).run() == folder.path("out/worklist.html"))
    #expect(try text("out/worklist.html") == page)
  }

  @Test func `Pictures of an earlier run go, and without pictures the page says so`() async throws {
    let first = try await triage("out")
    let study = try #require(first.worklist.studies.first).studyInstanceUID
    try folder.write("old", to: "out/studies/\(study)/images/1.2.3.png")
    _ = try await triage("out", keepsPictures: false)
    let files = try TemporaryFolder.contents(of: folder.path("out")).keys
    #expect(!files.contains { $0.hasSuffix(".png") })
    let page = try text("out/worklist.html")
    #expect(!page.contains("data:image") && page.contains("No picture was kept."))
  }

  @Test func `A new run takes the research page of the one before away`() async throws {
    _ = try await triage("out")
    let page = try PageRun(results: folder.path("out"), isForResearch: true).run()
    #expect(FileManager.default.fileExists(atPath: page))
    _ = try await triage("out")
    #expect(!FileManager.default.fileExists(atPath: page))
  }

  @Test func `A picture that is not a PNG is left out`() async throws {
    _ = try await triage("out")
    let name = try #require(
      try TemporaryFolder.contents(of: folder.path("out")).keys.first { $0.contains("/images/") })
    try folder.write("<script>", to: "out/" + name)
    _ = try PageRun(results: folder.path("out")).run()
    #expect(try text("out/worklist.html").contains("No picture was kept."))
  }

  @Test func `The research page of a run holds nothing that is in its reports' headers`() async throws {
    let result = try await triage("out")
    try DeidentificationKey.generate(at: folder.path("key"))
    let key = try DeidentificationKey(path: folder.path("key"), outside: [folder.path("out")])
    let path = try PageRun(results: folder.path("out"), isForResearch: true, key: key).run()
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var markers: Set<String> = ["Phantom^", "sha256:"]
    for report in result.reports {
      markers.insert(report.subject.studyInstanceUID.value)
      markers.formUnion(report.inputs.flatMap { [$0.sopInstanceUID.value, $0.seriesInstanceUID.value] })
      let subject = report.subject
      markers.formUnion([subject.patientID, subject.accessionNumber, subject.studyDate].compactMap(\.self))
    }
    // The policy of the page names the digests of its own style and script, which are no digests of data.
    let found = MarkerSearch.found(markers.filter { $0.utf8.count >= 4 }, in: bytes)
    #expect(found.isEmpty, "\(found)")
    let page = String(decoding: bytes, as: UTF8.self)
    let names = page.matches(of: /class="id">([0-9A-F]{16})<\/td>/).map { String($0.output.1) }
    #expect(names.count == result.worklist.studies.count && Set(names).count == names.count)
    _ = try PageRun(results: folder.path("out"), isForResearch: true, key: key).run()
    #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == bytes)
  }

  @Test func `A folder without a completed run has no page`() throws {
    #expect(throws: BatchError.self) { try PageRun(results: folder.path("nothing")).run() }
    try folder.write("{}", to: "out/worklist.json")
    #expect(throws: BatchError.inputMissing(path: folder.path("out/run.json"))) {
      try PageRun(results: folder.path("out")).run()
    }
    try folder.write("{}", to: "out/run.json")
    let error = #expect(throws: BatchError.self) { try PageRun(results: folder.path("out")).run() }
    #expect(error?.exitCode == 78)
  }

  @Test func `A pipeline with a waiting limit says by when to read, and puts what is due first`() async throws {
    let shipped = try String(contentsOfFile: PackageRoot.path("Pipelines/phantom-demo.yaml"), encoding: .utf8)
    for file in ["labels/phantom-demo.yaml"] {
      try folder.write(
        [UInt8](Data(contentsOf: URL(filePath: PackageRoot.path("Pipelines/" + file)))), to: "pipeline/" + file)
    }
    let path = try folder.write(
      shipped.replacing("\npriority:", with: "\nwaiting: {limit: 30d}\n\npriority:"), to: "pipeline/pipeline.yaml")
    let plain = try await triage("plain")
    #expect(plain.worklist.studies.allSatisfy { $0.readBy == nil && !$0.isDue })
    let plainPage = try text("plain/worklist.html")
    #expect(!plainPage.contains(">Read by<"))
    let result = try await triage("out", pipeline: path)
    let studies = result.worklist.studies
    for (place, row) in studies.enumerated() {
      #expect(row.readBy == row.arrival?.adding(seconds: 30 * 86_400))
      let report = try #require(result.reports.first { $0.subject.studyInstanceUID == row.studyInstanceUID })
      #expect(report.priority.readBy == row.readBy)
      for before in studies[..<place] {
        guard let readBy = row.readBy else { continue }
        #expect(before.arrival.map { $0 <= readBy } ?? true)
      }
    }
    #expect(studies.contains { $0.isDue })
    #expect(try text("out/worklist.html").contains("<strong class=\"due\">due</strong>"))
    #expect(try text("out/worklist.csv").contains("waiting limit: comes before what arrived after"))
  }
}
