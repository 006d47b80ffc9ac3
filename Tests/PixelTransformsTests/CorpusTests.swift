import DICOMCore
import DICOMFiles
import Foundation
import PixelTransforms
import Tensors
import TestSupport
import Testing

/// Real files against reference values of pydicom (`oracle.json`): without the shared corpus it is not checked that the
/// transformations read real attributes the way another program does.
@Suite(.enabled(if: Corpus.isAvailable, "needs dicom-corpus in BUCKY_SHARED"))
struct CorpusTests {
  @Test("display values agree with the reference, cell by cell", arguments: Corpus.files.filter { $0.grid != nil })
  func display(_ file: Corpus.File) throws {
    let image = try file.display(window: .file)
    let grid = try #require(file.grid)
    for (found, expected) in zip(image.areaMeans(16), grid.joined()) { #expect(abs(found - expected) <= 1e-3) }
  }

  @Test("modality values agree with the reference", arguments: Corpus.files.filter { $0.modalityRange != nil })
  func modality(_ file: Corpus.File) throws {
    let params = try #require(try file.display(window: .minMax).steps.params("voi-min-max"))
    let range = try #require(file.modalityRange)
    #expect(abs(try #require(params["min"]?.number) - range.lowerBound) <= file.modalityTolerance)
    #expect(abs(try #require(params["max"]?.number) - range.upperBound) <= file.modalityTolerance)
  }

  @Test("colour agrees with the reference sample by sample", arguments: Corpus.files.filter { $0.rgbDigest != nil })
  func color(_ file: Corpus.File) throws {
    let image = try file.display(window: .file)
    let samples = image.values.map { Int(($0 * Float(file.rgbMaximum)).rounded()) }
    let bytes = samples.flatMap {
      file.rgbMaximum > 255 ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0)]
    }
    #expect(ContentDigest(of: bytes).description == "sha256:" + (file.rgbDigest ?? ""))
  }

  @Test("every file that decodes becomes a tensor in range", arguments: Corpus.files)
  func tensor(_ file: Corpus.File) throws {
    let (frame, dataSet) = try file.firstFrame()
    let input = try PixelPipeline(size: 64).encoderInput(frame: frame, attributes: dataSet)
    #expect(input.tensor.values.allSatisfy { (-1...1).contains($0) })
    #expect(Set(input.tensor.values).count > 1)
  }
}

/// The corpus beside the project and what its oracle says of the files that DCMTK decodes.
enum Corpus {
  struct File: Sendable, CustomTestStringConvertible {
    let name: String
    /// 16 × 16 area means of the display values of frame 1.
    let grid: [[Double]]?
    /// Of single frames without padding: the oracle's statistics include padding and all frames.
    let modalityRange: ClosedRange<Double>?
    let modalityTolerance: Double
    /// SHA-256 of the RGB samples of frame 1, where the file is lossless.
    let rgbDigest: String?
    let rgbMaximum: Int
    var testDescription: String { name }

    func firstFrame() throws -> (frame: StoredFrame, dataSet: DataSet) {
      let path = try #require(SharedData.path("dicom-corpus/\(name)"))
      var file = try DICOMFile(path: path)
      return (try file.frame(0), file.header.dataSet)
    }

    func display(window: WindowChoice) throws -> DisplayImage {
      let (frame, dataSet) = try firstFrame()
      return try Samples.display(frame, dataSet, window: window)
    }
  }

  static let isAvailable = SharedData.path("dicom-corpus/oracle.json") != nil

  private static let lossy = [50, 51, 53, 55].map { "1.2.840.10008.1.2.4.\($0)" }

  static let files: [File] = {
    guard let path = SharedData.path("dicom-corpus/oracle.json"),
      let data = FileManager.default.contents(atPath: path),
      let oracle = try? JSONDecoder().decode(Oracle.self, from: data)
    else { return [] }
    return oracle.files.sorted { $0.key < $1.key }.compactMap { name, entry in
      let syntax = entry.transferSyntax ?? ""
      guard entry.status == "decoded", entry.raw?.dtype != "float32" else { return nil }
      let isLossy = lossy.contains(syntax)
      let isPlain = entry.padding == nil && (entry.frames ?? "1") == "1" && entry.photometric.hasPrefix("MONO")
      return File(
        name: name, grid: entry.display?.grid16,
        modalityRange: isPlain ? entry.modality.map { $0.min...$0.max } : nil,
        modalityTolerance: isLossy ? 2.1 : 1e-6,
        rgbDigest: isLossy ? nil : entry.rgb?.frame1SHA256 ?? entry.rgb?.sha256?.first,
        rgbMaximum: entry.rgb?.paletteType == "uint16" ? 65535 : 255)
    }
  }()

  private struct Oracle: Decodable {
    let files: [String: Entry]
  }

  private struct Entry: Decodable {
    struct Display: Decodable { let grid16: [[Double]] }
    struct Range: Decodable { let min, max: Double }
    struct Raw: Decodable { let dtype: String }
    struct Padding: Decodable {}
    struct RGB: Decodable {
      let sha256: [String]?
      let frame1SHA256: String?
      let paletteType: String?
      enum CodingKeys: String, CodingKey {
        case sha256
        case frame1SHA256 = "frame1_sha256"
        case paletteType = "palette_dtype"
      }
    }
    let status: String
    let transferSyntax: String?
    let photometric: String
    let frames: String?
    let raw: Raw?
    let display: Display?
    let modality: Range?
    let rgb: RGB?
    let padding: Padding?

    enum CodingKeys: String, CodingKey {
      case status, photometric, frames, raw, display, modality, rgb, padding
      case transferSyntax = "transfer_syntax"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      status = try values.decode(String.self, forKey: .status)
      transferSyntax = try values.decodeIfPresent(String.self, forKey: .transferSyntax)
      photometric = try values.decodeIfPresent(String.self, forKey: .photometric) ?? ""
      frames = try values.decodeIfPresent(String.self, forKey: .frames)
      raw = try values.decodeIfPresent(Raw.self, forKey: .raw)
      display = try values.decodeIfPresent(Display.self, forKey: .display)
      modality = try values.decodeIfPresent(Range.self, forKey: .modality)
      rgb = try values.decodeIfPresent(RGB.self, forKey: .rgb)
      padding = try values.decodeIfPresent(Padding.self, forKey: .padding)
    }
  }
}

extension DisplayImage {
  /// Means over `cells × cells` areas whose borders are at whole pixels, rounded down.
  fileprivate func areaMeans(_ cells: Int) -> [Double] {
    (0..<cells * cells).map { cell in
      let (y, x) = (cell / cells, cell % cells)
      let area = (y * rows / cells..<(y + 1) * rows / cells, x * columns / cells..<(x + 1) * columns / cells)
      let sum = area.0.reduce(0.0) { sum, row in
        area.1.reduce(sum) { $0 + Double(values[row * columns + $1]) }
      }
      return sum / Double(area.0.count * area.1.count)
    }
  }
}
