import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Outlines of heatmaps as presentation states, read back and judged by dciodvfy.
struct HeatmapStateTests {
  private static let dciodvfy = ExternalCommand("dciodvfy")
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run() async throws -> [TriageReport] {
    let pipelines = PackageRoot.path("Pipelines")
    let text = try String(contentsOfFile: pipelines + "/phantom-demo.yaml", encoding: .utf8)
    let kept = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("reports:") }
    try folder.write(
      kept.joined(separator: "\n") + "\nreports: {heatmaps: flagged, presentation_states: true}\n", to: "pipeline.yaml")
    try FileManager.default.copyItem(atPath: pipelines + "/labels", toPath: folder.path("labels"))
    let setup = try TriageSetup(model: nil, pipeline: folder.path("pipeline.yaml"))
    return try await TriageRun(
      inputs: [PackageRoot.path("SampleStudies/studies")], output: folder.path("out"),
      configuration: setup.configuration, threads: 2, decoder: .built
    ).run().reports
  }

  @Test func `each outline lies in its source image and refers to it`() async throws {
    var count = 0
    for report in try await run() {
      for finding in report.findings {
        for evidence in finding.evidence {
          guard let map = evidence.heatmap else { continue }
          count += 1
          let place = "out/studies/\(report.subject.studyInstanceUID)/\(try #require(map.file).dropLast(4)).dcm"
          let state = try DICOMHeader(path: folder.path(place)).dataSet
          #expect(state.uid(.sopInstanceUID) == map.presentationState)
          let series = try #require(state.items(.referencedSeriesSequence).first)
          let input = try #require(report.inputs.first { $0.sopInstanceUID == evidence.sopInstanceUID })
          #expect(series.uid(.seriesInstanceUID) == input.seriesInstanceUID)
          let image = try #require(series.items(.referencedImageSequence).first)
          #expect(image.uid(.referencedSOPInstanceUID) == evidence.sopInstanceUID)
          #expect(image.uid(.referencedSOPClassUID) == input.sopClassUID)
          try expectOutline(state, around: map)
        }
      }
    }
    #expect(count > 10)
  }

  /// The strongest cell is inside the outline, all of which lies in the image.
  private func expectOutline(_ state: DataSet, around map: TriageReport.Heatmap) throws {
    let area = try #require(state.items(.displayedAreaSelectionSequence).first)
    let corner = try #require(area.integers(.displayedAreaBottomRightHandCorner))
    let annotation = try #require(state.items(.graphicAnnotationSequence).first)
    let text = try #require(annotation.items(.textObjectSequence).first?.string(.unformattedTextValue))
    #expect(text.contains("not where a finding is") && text.contains("not for diagnosis"))
    let lines = annotation.items(.graphicObjectSequence).compactMap { $0.doubles(.graphicData) }
    #expect(!lines.isEmpty)
    var (left, top, right, bottom) = (Double.infinity, Double.infinity, -Double.infinity, -Double.infinity)
    for line in lines {
      for index in stride(from: 0, to: line.count, by: 2) {
        (left, right) = (min(left, line[index]), max(right, line[index]))
        (top, bottom) = (min(top, line[index + 1]), max(bottom, line[index + 1]))
      }
    }
    #expect(left >= 0 && top >= 0 && right <= Double(corner[0]) && bottom <= Double(corner[1]))
    if let row = map.peak?.row, let column = map.peak?.column {
      #expect(left <= Double(column) && Double(column) <= right && top <= Double(row) && Double(row) <= bottom)
    }
  }

  @Test(.enabled(if: dciodvfy != nil, "dciodvfy is not on PATH: not checked that presentation states conform"))
  func `presentation states conform`() async throws {
    _ = try await run()
    let states = try TemporaryFolder.contents(of: folder.path("out")).keys.filter {
      $0.contains("/heatmaps/") && $0.hasSuffix(".dcm")
    }
    #expect(states.count > 10)
    for state in states {
      let verdict = try #require(Self.dciodvfy).run([folder.path("out/" + state)]).text
      #expect(!verdict.contains("Error"), "\(verdict)")
    }
  }
}
