import BatchProcessing
import CacheStorage
import DICOMCore
import DICOMFiles
import Foundation
import PipelineDefinitions
import PixelTransforms
import Reports
import TestSupport
import Testing

/// Heatmaps of whole runs over the shipped sample studies.
struct HeatmapRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The demo pipeline with another `reports` part, and its label set with `labels` replaced in it.
  private func setup(
    reports: String, labels: [(String, String)] = [], aggregation: String = "max", cache: CacheFolder? = nil
  ) throws -> TriageSetup {
    let pipelines = PackageRoot.path("Pipelines")
    let text = try String(contentsOfFile: pipelines + "/phantom-demo.yaml", encoding: .utf8)
      .replacing("aggregation: max", with: "aggregation: \(aggregation)")
    let kept = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("reports:") }
    try folder.write(kept.joined(separator: "\n") + "\nreports: {\(reports)}\n", to: "pipelines/pipeline.yaml")
    var set = try String(contentsOfFile: pipelines + "/labels/phantom-demo.yaml", encoding: .utf8)
    for (old, new) in labels { set = set.replacing(old, with: new) }
    try folder.write(set, to: "pipelines/labels/phantom-demo.yaml")
    return try TriageSetup(
      model: nil, pipeline: folder.path("pipelines/pipeline.yaml"), loading: ModelLoading(cache: cache))
  }

  @discardableResult
  private func run(
    _ setup: TriageSetup, _ output: String, _ study: String = "", threads: Int = 2, keepsPictures: Bool = true
  ) async throws -> TriageResult {
    try await TriageRun(
      inputs: [PackageRoot.path("SampleStudies/studies") + study], output: folder.path(output),
      configuration: setup.configuration, threads: threads, decoder: .built,
      keepsPictures: keepsPictures
    ).run()
  }

  private func pictures(_ output: String) throws -> [String: [UInt8]] {
    try TemporaryFolder.contents(of: folder.path(output)).filter { $0.key.contains("/heatmaps/") }
  }

  @Test func `every flagged finding and no other has a map, named in the report with its caveat`()
    async throws
  {
    let result = try await run(setup(reports: "heatmaps: flagged"), "out")
    var named: Set<String> = []
    for report in result.reports {
      for finding in report.findings {
        let maps = finding.evidence.compactMap(\.heatmap)
        #expect(maps.isEmpty == (finding.flag != true), "\(finding.label)")
        for map in maps {
          named.insert("studies/\(report.subject.studyInstanceUID)/\(try #require(map.file))")
          #expect(map.caveat.contains("not where a finding is"))
          #expect(map.grid == [10, 10] && map.layers == [3] && map.contrast == "absent-prompts")
          #expect(map.largest > 0)
          let peak = try #require(map.peak)
          #expect((0..<160).contains(peak.modelRow) && (0..<160).contains(peak.modelColumn))
        }
      }
    }
    let files = try pictures("out")
    #expect(Set(files.keys) == named && named.count > 10)
    for bytes in files.values {
      let page = try PNGImage(decoding: bytes)
      #expect(page.channels == 3 && page.columns > 2 * 320)
    }
  }

  @Test func `off makes none and takes those of an earlier run away, all makes one for every finding`() async throws {
    try await run(setup(reports: "heatmaps: all"), "out", "/02-right-pneumothorax")
    #expect(try pictures("out").count == 6)
    let off = try await run(setup(reports: "heatmaps: off"), "out", "/02-right-pneumothorax")
    #expect(try pictures("out").isEmpty)
    #expect(off.reports.allSatisfy { $0.findings.allSatisfy { $0.evidence.allSatisfy { $0.heatmap == nil } } })
  }

  @Test func `the page shows the maps, and without pictures there are none to look at`() async throws {
    try await run(setup(reports: "heatmaps: flagged"), "with", "/02-right-pneumothorax")
    #expect(String(decoding: try folder.read("with/worklist.html"), as: UTF8.self).contains("<canvas class=\"heat\""))
    let result = try await run(
      setup(reports: "heatmaps: flagged"), "without", "/02-right-pneumothorax", keepsPictures: false)
    #expect(try pictures("without").isEmpty)
    #expect(!String(decoding: try folder.read("without/worklist.html"), as: UTF8.self).contains("<canvas"))
    let maps = result.reports.flatMap(\.findings).flatMap(\.evidence).compactMap(\.heatmap)
    #expect(!maps.isEmpty && maps.allSatisfy { $0.file == nil && $0.values.count == 100 })
  }

  @Test func `maps of earlier runs are taken from the cache and are the computed ones, byte for byte`() async throws {
    let cache = try CacheFolder(at: folder.path("cache"))
    // Embeddings alone first: maps that are missing then cost an encode, once.
    let plain = try await run(setup(reports: "heatmaps: off", cache: cache), "plain").record.timings
    let first = try await run(setup(reports: "heatmaps: flagged", cache: cache), "first").record.timings
    let second = try await run(setup(reports: "heatmaps: flagged", cache: cache), "second", threads: 1).record.timings
    try await run(setup(reports: "heatmaps: flagged"), "without")
    let encoded = try #require(plain["images_encoded"])
    let again = try #require(first["images_encoded"])
    #expect(again > 0 && again < encoded, "images without a flag are not encoded again")
    #expect(second["images_encoded"] == 0 && second["prompts_encoded"] == 0)
    #expect(try pictures("first") == pictures("second"))
    #expect(try pictures("first") == pictures("without"))
    #expect(try folder.read("first/worklist.json") == folder.read("without/worklist.json"))
  }

  @Test func `a finding without absent prompts is held against the empty prompt`() async throws {
    let absent = """
          absent:
            - no pneumothorax
            - no evidence of pneumothorax
            - the lungs are fully expanded
      """
    let labels = [
      (absent, ""),
      ("    priority: high\n", "    priority: high\n    threshold: {on: cosine, value: -1, source: Test}\n"),
    ]
    let result = try await run(
      setup(reports: "heatmaps: flagged", labels: labels), "out", "/02-right-pneumothorax")
    let findings = try #require(result.reports.first).findings
    let pneumothorax = try #require(findings.first { $0.label == "pneumothorax" })
    #expect(pneumothorax.evidence.first?.heatmap?.contrast == "empty-prompt")
  }

  @Test(arguments: ["mean", "noisy-or"])
  func `where scores of images are combined, a flagged finding has a map`(aggregation: String) async throws {
    let result = try await run(
      setup(reports: "heatmaps: flagged", aggregation: aggregation), "out", "/10-left-pneumothorax-two-images")
    for finding in try #require(result.reports.first).findings {
      #expect(finding.evidence.count == 2)
      #expect(finding.evidence.contains { $0.heatmap != nil } == (finding.flag == true))
    }
  }
}
