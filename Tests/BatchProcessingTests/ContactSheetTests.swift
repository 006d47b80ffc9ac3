import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import PixelTransforms
import TestSupport
import Testing

/// The contact sheets of `preprocess`.
struct ContactSheetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func preprocess(_ study: String, window: String = "automatic", format: OutputFormat = .png) async throws {
    let request = try PreprocessRequest(
      inputs: [PackageRoot.path("SampleStudies/studies/\(study)")], output: folder.path("out"), window: window,
      preset: PreprocessRequest.presetNames[0], size: 160, format: format, contactSheets: true, threads: 2,
      decoder: .built)
    _ = try await PreprocessRun(request).run()
  }

  private func sheets() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path("out/contact-sheets")).sorted()
  }

  @Test func `a series is one page that holds each of its images as the encoder saw it`() async throws {
    try await preprocess("13-ct-thorax")
    let page = try PNGImage(decoding: Array(folder.read("out/contact-sheets/" + #require(sheets().first))))
    #expect(try sheets().count == 1)
    let images = try FileManager.default.contentsOfDirectory(atPath: folder.path("out/images"))
    #expect(images.count == 5)
    for name in images {
      let image = try PNGImage(decoding: Array(folder.read("out/images/" + name)))
      // 160 px fit a tile unchanged, so a row from the middle of the image is found on the page sample by sample.
      let row = Array(
        image.samples[(80 * image.columns + 30) * image.channels..<(80 * image.columns + 130) * image.channels])
      #expect(page.contains(row: image.channels == 3 ? row : row.flatMap { [$0, $0, $0] }))
    }
  }

  @Test func `a page of an earlier run does not stay beside those of another`() async throws {
    try await preprocess("13-ct-thorax")
    let first = try sheets()
    try await preprocess("01-no-finding")
    #expect(try sheets().count == 1)
    #expect(try sheets() != first)
  }

  @Test func `the same run gives the same page`() async throws {
    try await preprocess("13-ct-thorax")
    let name = try #require(sheets().first)
    let first = try folder.read("out/contact-sheets/" + name)
    try await preprocess("13-ct-thorax")
    #expect(try folder.read("out/contact-sheets/" + name) == first)
  }

  @Test func `a caption tells where the window is from and its numbers`() {
    let channel: ParameterValue = ["center": 40.0, "width": 400.5, "function": "LINEAR"]
    let exact: ParameterValue = ["center": -100.0, "width": 2250.0, "function": "LINEAR_EXACT"]
    func lines(_ step: String, _ params: [String: ParameterValue], inverted: Bool = false) -> [String] {
      WindowCaption.lines(of: [
        ProcessingStep("stored-frame"), ProcessingStep(step, params),
        ProcessingStep("polarity", ["inverted": .boolean(inverted)]),
      ])
    }
    #expect(lines("voi-window", ["source": "dicom", "channels": [channel]]) == ["file", "C 40  W 400.5"])
    #expect(
      lines("voi-window", ["source": "named", "name": "ct-x", "channels": [exact, channel, channel]], inverted: true)
        == ["ct-x, inverted", "R -100/2250  G 40/400.5  B 40/400.5"])
    #expect(
      lines("voi-window", ["source": "named", "name": "ct-x", "channels": [exact]])
        == ["ct-x", "C -100  W 2250  LINEAR_EXACT"])
    #expect(lines("voi-lut", ["source": "dicom", "entries": 4096]) == ["file", "VOI LUT, 4096 entries"])
    #expect(lines("voi-min-max", ["source": "min-max", "min": 0.0, "max": 4095.0]) == ["min-max", "0 to 4095"])
    #expect(
      lines("voi-percentiles", ["source": "percentiles", "min": 3.25, "max": 812.0]) == ["percentiles", "3.25 to 812"])
    #expect(
      lines("voi-container", ["source": "google-container", "rule": "cr-dx"]) == ["google-container", "rule cr-dx"])
    #expect(WindowCaption.lines(of: [ProcessingStep("palette")]) == ["colour, no window"])
  }
}

extension PNGImage {
  /// Whether a run of samples stands anywhere in a row of the picture.
  fileprivate func contains(row: [UInt16]) -> Bool {
    guard let first = row.first else { return false }
    return samples.indices.contains { start in
      samples[start] == first && start + row.count <= samples.count
        && samples[start..<start + row.count].elementsEqual(row)
    }
  }
}
