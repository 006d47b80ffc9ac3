import BatchProcessing
import DICOMFiles
import Foundation
import TestSupport
import Testing

struct EndToEndBenchmarkTests {
  @Test func `every kind of work is run in children and here, pair by pair, and leaves nothing behind`() async throws {
    let input = PackageRoot.path("SampleStudies/studies/01-no-finding")
    let benchmark = try EndToEndBenchmark(
      inputs: [input], model: nil, works: [.triage, .preprocess], iterations: 2, threads: 1, decoder: .built)
    let before = try leftovers()
    let result = try await benchmark.run()
    #expect(result.rows.map(\.work) == [.triage, .preprocess] && result.iterations == 2)
    for row in result.rows {
      #expect(row.files == 1)
      for spread in [
        row.inProcess, row.inChildren, row.ratio, row.processorInProcess, row.processorInChildren, row.processorRatio,
      ] {
        #expect(spread.lowerQuartile > 0 && spread.lowerQuartile <= spread.median)
        #expect(spread.median <= spread.upperQuartile)
      }
    }
    #expect(result.startOfChild.median > 0)
    #expect(try leftovers() == before)
    let object = try JSONSerialization.jsonObject(with: Data(result.json().utf8)) as? [String: Any]
    let first = try #require((object?["rows"] as? [[String: Any]])?.first)
    #expect(first["work"] as? String == "triage" && first["processor_ratio"] != nil)
  }

  private func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
      .filter { $0.hasPrefix("bucky-benchmark-") }.sorted()
  }
}
