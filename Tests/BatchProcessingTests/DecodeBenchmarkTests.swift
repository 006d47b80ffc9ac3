import BatchProcessing
import DICOMFiles
import TestSupport
import Testing

struct DecodeBenchmarkTests {
  @Test func `every transfer syntax of the input is measured, with its frames and pixels`() async throws {
    let benchmark = try DecodeBenchmark(
      inputs: [
        PackageRoot.path("SampleStudies/studies/13-ct-thorax"), PackageRoot.path("SampleStudies/studies/01-no-finding"),
      ],
      repetitions: 2, preset: PreprocessRequest.presetNames[0], size: 64,
      decoder: .built)
    let result = try await benchmark.run()
    #expect(result.rows.map(\.transferSyntaxUID) == ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.80"])
    let ct = try #require(result.rows.last)
    #expect(ct.files == 5 && ct.frames == 5 && ct.failures == 0)
    #expect(ct.megapixels > 0)
    for row in result.rows {
      for speed in [row.decode, row.decodeInChild, row.transform, row.together] {
        #expect(speed.lowest > 0 && speed.lowest <= speed.median && speed.median <= speed.highest)
      }
      #expect(row.together.highest <= row.decode.highest)
    }
    #expect(result.childCost.lowest > 0 && result.childCost.lowest <= result.childCost.highest)
  }
}
