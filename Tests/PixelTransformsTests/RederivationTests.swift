import Foundation
import PixelTransforms
import TestSupport
import Testing

/// `Oracle/rederive.py`, which shares no code with Bucky, derives what `bucky preprocess` wrote from the files and the log.
///
/// Not checked where no Python is set: that the record of a run on files is enough for another program.
@Suite(.enabled(if: OraclePython.command != nil, "BUCKY_ORACLE_PYTHON is not set: no tensor is derived again"))
struct RederivationTests {
  private static let samples = PackageRoot.path("SampleStudies/studies")

  struct Summary: Decodable {
    let agree: Int
    let unchecked: [String: String]
    let differ: [String]
    let steps: [String: Int]
  }

  /// What the script makes of a run of `bucky preprocess` over a folder.
  private func rederive(_ inputs: String, preset: ResizePreset, window: String = "automatic") throws -> Summary {
    let folder = try TemporaryFolder()
    let arguments = [
      "preprocess", inputs, "--output", folder.path("out"), "--preset", preset.rawValue, "--window", window,
      "--size", "40", "--format", "safetensors", "--quiet",
    ]
    let run = try BuiltProduct.bucky.run(arguments)
    // 65: some files were quarantined, as both folders want.
    try #require(run.status == 0 || run.status == 65, "\(run.text)")
    let script = PackageRoot.path("Tests/PixelTransformsTests/Oracle/rederive.py")
    let result = try #require(OraclePython.command).run([script, folder.path("out"), inputs])
    #expect(result.status == 0, "\(result.text)")
    return try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
  }

  @Test("the samples, under every preset", arguments: ResizePreset.allCases)
  func samples(preset: ResizePreset) throws {
    let summary = try rederive(Self.samples, preset: preset)
    #expect(summary.differ == [])
    // One sample is JPEG baseline, whose decoders differ; Google's container has no result for the CT's two windows.
    #expect(summary.agree == (preset == .googleContainer ? 14 : 19))
    #expect(summary.unchecked.count == 1 && summary.unchecked.values.allSatisfy { $0 == "other stored values" })
  }

  @Test(
    "the corpus, under every preset and window, reaches every path",
    .enabled(if: SharedData.path("dicom-corpus") != nil, "needs dicom-corpus in BUCKY_SHARED"))
  func corpus() throws {
    let corpus = try #require(SharedData.path("dicom-corpus"))
    var steps: Set<String> = []
    for preset in ResizePreset.allCases {
      let summary = try rederive(corpus, preset: preset)
      #expect(summary.differ == [], "\(preset)")
      #expect(summary.agree > (preset == .googleContainer ? 8 : 30), "\(preset): \(summary.unchecked)")
      steps.formUnion(summary.steps.keys)
    }
    for window in ["file", "min-max"] {
      let summary = try rederive(corpus, preset: .tfBilinearPadded, window: window)
      #expect(summary.differ == [], "\(window)")
      steps.formUnion(summary.steps.keys)
    }
    let expected: Set = [
      "modality-rescale", "modality-lut", "modality-identity", "voi-window", "voi-lut", "voi-min-max", "voi-container",
      "pixel-padding", "palette-color", "color-samples",
    ]
    #expect(expected.isSubset(of: steps), "not reached: \(expected.subtracting(steps))")
  }
}

/// A Python with the packages of `Tests/ReportsTests/Oracle/requirements.txt`, NumPy among them.
private enum OraclePython {
  static let command = ProcessInfo.processInfo.environment["BUCKY_ORACLE_PYTHON"].flatMap {
    $0.isEmpty ? nil : ExternalCommand(path: $0)
  }
}
