import DICOMCore
import Foundation
import PixelTransforms
import Tensors
import TestSupport
import Testing

/// Every preset against what the program it is named after made of the same image: Pillow, torchvision, TensorFlow and the
/// image processors of transformers, recorded by `Oracle/record_presets.py`.
struct PresetTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let rows: Int
    let columns: Int
    let channels: Int
    let levels: Int
    let size: Int
    let presets: [String: Recorded]
    let float32Bilinear: Recorded
    enum CodingKeys: String, CodingKey {
      case rows, columns, channels, levels, size, presets
      case float32Bilinear = "float32_bilinear"
    }

    var testDescription: String { "\(rows) × \(columns) × \(channels), \(levels) levels, to \(size)" }

    /// The image as a frame, and the data set that shows it from black to white.
    func frame() -> (StoredFrame, DataSet) {
      let values = Recorded.pixels(rows, columns, channels, levels: levels)
      guard channels == 1 else { return (Samples.color(values.map { UInt8($0) }, rows: rows), DataSet()) }
      return levels == 256
        ? (Samples.gray(values, rows: rows, allocated: 8), Samples.windowed(center: "128", width: "256"))
        : (Samples.gray(values, rows: rows, stored: 12), DataSet())
    }
  }

  static let cases = Recorded.load([Case].self, "presets.json")

  @Test("the recorded images are there, for every preset but those recorded elsewhere")
  func recorded() {
    #expect(Self.cases.count == 10)
    let names = Set(ResizePreset.allCases.map(\.rawValue)).subtracting(["none", "google-container"])
    for item in Self.cases { #expect(Set(item.presets.keys) == names) }
  }

  @Test("a preset gives the original's tensor, bit for bit", arguments: cases, ResizePreset.allCases)
  func agreesWithOriginal(_ item: Case, preset: ResizePreset) throws {
    guard let expected = item.presets[preset.rawValue] else { return }
    let (frame, dataSet) = item.frame()
    let input = try PixelPipeline(window: .file, preset: preset, size: item.size)
      .encoderInput(frame: frame, attributes: dataSet)
    try expected.expect(input)
  }

  @Test("torchvision's float32 arithmetic, used on some processors, is at most one step away", arguments: cases)
  func floatBilinear(_ item: Case) throws {
    let (frame, dataSet) = item.frame()
    let input = try PixelPipeline(window: .file, preset: .hfFastBilinear, size: item.size)
      .encoderInput(frame: frame, attributes: dataSet)
    #expect(try #require(item.float32Bilinear.differences(from: input).max()) <= 1)
  }

  @Test("the record names the preset and what it does", arguments: ResizePreset.allCases)
  func record(preset: ResizePreset) throws {
    guard preset != .ownSize else { return }
    var dataSet = DataSet()
    dataSet.set(.modality, .cs, "DX")
    let input = try PixelPipeline(preset: preset, size: 5)
      .encoderInput(frame: Samples.gray((0..<24).map { $0 * 100 }, rows: 4, stored: 12), attributes: dataSet)
    let resize = try #require(input.steps.params("resize"))
    let isPadded = ["square"] == resize["padding"]?.text.map { [$0] }
    #expect(resize["preset"]?.text == preset.rawValue)
    #expect(resize["from"] == (isPadded ? [6, 6] : [4, 6]) && resize["to"] == [5, 5])
    #expect((input.steps.params("pad-to-square") != nil) == isPadded)
    #expect(isPadded == [.tfBilinearPadded, .training, .googleContainer].contains(preset))
    #expect(resize["antialias"] == .boolean(!preset.rawValue.hasPrefix("tf-")))
    let names = input.steps.map(\.step)
    let (quantise, resized) = (names.firstIndex(of: "quantise"), names.firstIndex(of: "resize"))
    #expect((try #require(quantise) > (try #require(resized))) == preset.rawValue.hasPrefix("tf-"))
  }

  @Test(
    "8-bit values survive rounding before an antialiasing filter", arguments: [ResizePreset.hfSlow, .hfFast, .training])
  func identity(preset: ResizePreset) throws {
    let frame = Samples.gray((0..<256).map { $0 }, rows: 16, allocated: 8)
    let input = try PixelPipeline(window: .file, preset: preset, size: 16)
      .encoderInput(frame: frame, attributes: Samples.windowed(center: "128", width: "256"))
    #expect(Recorded.steps(of: input.tensor.values[..<256]) == (0..<256).map { UInt8($0) })
  }
}

/// What an original made of an image: the digest of its tensor and, for messages, its 8-bit steps.
struct Recorded: Decodable, Sendable {
  let sha256: String
  let steps: Data

  /// The generated images: see `image` in `record_presets.py`.
  static func pixels(_ rows: Int, _ columns: Int, _ channels: Int, levels: Int, offset: Int = 0) -> [Int] {
    let factor = levels <= 256 ? 1 : 13
    return (0..<rows).flatMap { y in
      (0..<columns).flatMap { x in
        (0..<channels).map { c in (y * 31 + x * 17 + y * x * 7 + c * 41) * factor % levels + offset }
      }
    }
  }

  static func load<Value: Decodable>(_ type: [Value].Type, _ name: String) -> [Value] {
    let path = PackageRoot.path("Tests/PixelTransformsTests/Fixtures/\(name)")
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return (try? JSONDecoder().decode(type, from: data)) ?? []
  }

  static func steps(of values: some Sequence<Float>) -> [UInt8] {
    values.map { UInt8((($0 * 0.5 + 0.5) * 255).rounded()) }
  }

  /// Of every 8-bit step.
  func differences(from input: EncoderInput) throws -> [Int] {
    let found = Self.steps(of: input.tensor.values)
    let expected = steps.count == found.count ? Array(steps) : Array(steps + steps + steps)
    try #require(found.count == expected.count)
    return zip(found, expected).map { abs(Int($0) - Int($1)) }
  }

  func expect(_ input: EncoderInput) throws {
    let differences = try differences(from: input)
    #expect(differences.max() == 0, "\(differences.count { $0 > 0 }) of \(differences.count) steps differ")
    #expect(input.tensorDigest.description == "sha256:" + sha256)
  }
}
