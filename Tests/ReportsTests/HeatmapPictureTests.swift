import DICOMCore
import Foundation
import Reports
import Testing

struct HeatmapPictureTests {
  private func picture(_ width: Int, _ values: [UInt8]) throws -> HeatmapPicture {
    try #require(HeatmapPicture(label: "x", width: width, height: values.count / width, values: values))
  }

  @Test func `values that do not fill the grid are refused`() {
    #expect(HeatmapPicture(label: "x", width: 2, height: 2, values: [1, 2, 3]) == nil)
    #expect(HeatmapPicture(label: "x", width: 0, height: 0, values: []) == nil)
  }

  @Test func `the peak is the centre of mass around the strongest cell`() throws {
    let alone = try picture(3, [0, 0, 0, 0, 255, 0, 0, 0, 0])
    #expect(alone.peak?.x == 1.5 && alone.peak?.y == 1.5)
    let leaning = try picture(3, [0, 0, 0, 0, 255, 255, 0, 0, 0])
    #expect(leaning.peak?.x == 2 && leaning.peak?.y == 1.5)
    // What is not beside the strongest cell does not pull.
    let far = try picture(4, [255, 0, 0, 254])
    #expect(far.peak?.x == 0.5 && far.peak?.y == 0.5)
    #expect(try picture(2, [0, 0, 0, 0]).peak == nil)
  }

  @Test func `between the centres of cells relevance is interpolated, beyond them it stays`() throws {
    let map = try picture(2, [0, 100, 200, 100])
    #expect(map.value(x: 0.5, y: 0.5) == 0)
    #expect(map.value(x: 1, y: 0.5) == 50)
    #expect(map.value(x: 0.5, y: 1) == 100)
    #expect(map.value(x: 1, y: 1) == 100)
    #expect(map.value(x: 0, y: 2) == 200)
  }

  @Test func `what a report says of a map reads back the same`() throws {
    let map = TriageReport.Heatmap(
      file: "heatmaps/x-1.png", method: "m/1", layers: [3], contrast: "absent-prompts", grid: [2, 2], largest: 0.25,
      values: Data([0, 255]),
      peak: TriageReport.Peak(modelRow: 1, modelColumn: 2, row: nil, column: nil))
    let evidence = TriageReport.Evidence(UID.derived("test", ["x"]), frame: 2, heatmap: map)
    let data = try JSONEncoder().encode(evidence)
    #expect(try JSONDecoder().decode(TriageReport.Evidence.self, from: data) == evidence)
    #expect(String(decoding: data, as: UTF8.self).contains("not where a finding is"))
  }
}
