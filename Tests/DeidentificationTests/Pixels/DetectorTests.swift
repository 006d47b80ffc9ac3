import DICOMCore
import DICOMFiles
import Deidentification
import Foundation
import PhantomStudies
import TestSupport
import Testing

/// Recall and false positives of the detector, on grounds and with text that its training has not seen.
struct DetectorTests {
  private static let strings = [
    "MUSTERMANN^ERIKA", "Jones, Mary", "12.08.1964", "ID 4711-0815", "1987-05-31 14:07", "Krankenhaus Nord",
    "MRN 00493",
    "SMITH JOHN", "dob 3/4/55", "A. Lee",
  ]

  private static let shortest = ["LEE", "Amy", "K7Q", "Ito", "487"]

  private static func text(_ random: inout PhantomRandom, _ format: ImageFormat, _ choice: [String] = strings)
    -> BurnedText
  {
    let largest = max(12, min(90, min(format.rows, format.columns) / 9))
    var text = BurnedText(text: random.pick(choice), pixels: 11 + random.integer(0...largest - 11))
    text.font = random.pick(BurnedText.fonts)
    text.turns = random.pick([0, 0, 0, 1, 2, 3])
    text.slant = random.chance(0.25) ? Double(random.uniform(-0.12...0.12)) : 0
    text.style = random.pick(BurnedText.Style.allCases)
    text.isSmooth = random.chance(0.7)
    return text
  }

  /// How many strings of a ground are blanked, of how many.
  private static func recall(_ ground: Ground, count: Int, _ choice: [String] = strings) throws -> (
    found: Int, all: Int, missed: [String]
  ) {
    var random = PhantomRandom(seed: 77)
    let inspection = PixelInspection(catalog: .empty)
    var (found, all, missed) = (0, 0, [String]())
    var frames: [StoredFrame] = []
    for seed in 1...4 { frames.append(ground.frame(seed: UInt64(seed))) }
    for trial in 0..<count * 4 where all < count {
      let frame = frames[trial % frames.count]
      let text = Self.text(&random, frame.format, choice)
      let mask = try text.coverage()
      let (columns, rows) = (frame.format.columns - mask.columns, frame.format.rows - mask.rows)
      guard columns > 4, rows > 4,
        let drawn = try text.burned(
          into: frame, column: random.integer(2...columns - 2), row: random.integer(2...rows - 2))
      else { continue }
      all += 1
      let share = blankedShare(of: drawn, inspection)
      if share >= 0.9 { found += 1 } else { missed.append("\(text) \(share)") }
    }
    return (found, all, missed)
  }

  @Test func `strings of reasonable contrast are blanked`() throws {
    var (found, all, missed) = (0, 0, [String]())
    for ground in Ground.allCases {
      let result = try Self.recall(ground, count: 60)
      print("\(ground): \(result.found) of \(result.all) strings")
      #expect(result.all == 60)
      found += result.found
      all += result.all
      missed += result.missed
    }
    #expect(Double(found) >= 0.96 * Double(all), "\(found) of \(all): \(missed)")
  }

  @Test func `most strings of three letters are blanked as well`() throws {
    var (found, all) = (0, 0)
    for ground in Ground.allCases {
      let result = try Self.recall(ground, count: 20, Self.shortest)
      print("\(ground): \(result.found) of \(result.all) short strings")
      found += result.found
      all += result.all
    }
    // There is little to tell so few letters from anatomy by.
    #expect(Double(found) >= 0.8 * Double(all), "\(found) of \(all)")
  }

  @Test func `grounds without text stay as they are`() {
    let inspection = PixelInspection(catalog: .empty)
    var touched = 0
    for ground in Ground.allCases {
      let count = (100..<120).count { seed in
        let frame = ground.frame(seed: UInt64(seed))
        return inspection.verdict(on: frame.subject(), frame: { _ in frame }) != .untouched
      }
      print("\(ground): \(count) of 20 frames touched")
      touched += count
    }
    #expect(touched <= 4, "5 % of 80 frames")
  }

  @Test func `most side markers stay`() throws {
    let inspection = PixelInspection(catalog: .empty)
    var touched = 0
    for marker in ["L", "R"] {
      for seed in UInt64(1)...10 {
        let frame = Ground.radiograph.frame(seed: seed)
        let drawn = try #require(try BurnedText(text: marker, pixels: 40).burned(into: frame, column: 30, row: 30))
        let verdict = inspection.verdict(on: frame.subject(), frame: { _ in drawn.frame })
        if verdict != .untouched { touched += 1 }
      }
    }
    print("\(touched) of 20 side markers touched")
    // Some of the grounds are touched without a marker, too.
    #expect(touched <= 6)
  }

  @Test func `coloured text is found in the sample where it stands out`() throws {
    let (rows, columns) = (120, 240)
    let text = BurnedText(text: "Jones, Mary", pixels: 20)
    let mask = try text.coverage()
    // Red on green of the same brightness.
    var bytes = [UInt8](repeating: 0, count: rows * columns * 3)
    for pixel in 0..<rows * columns { bytes[3 * pixel + 1] = 100 }
    var strokes = [Bool](repeating: false, count: rows * columns)
    for row in 0..<mask.rows {
      for column in 0..<mask.columns where mask.values[row * mask.columns + column] > 0.5 {
        let pixel = (row + 40) * columns + column + 40
        (bytes[3 * pixel], bytes[3 * pixel + 1], strokes[pixel]) = (190, 0, true)
      }
    }
    let format = ImageFormat(
      rows: rows, columns: columns, samplesPerPixel: 3, photometricInterpretation: .rgb, bitsAllocated: 8, bitsStored: 8
    )
    let drawn = (frame: StoredFrame(format: format, bytes: bytes), strokes: strokes)
    #expect(blankedShare(of: drawn, PixelInspection(catalog: .empty)) == 1)
  }

  /// What is drawn into real images, and real images as they are.
  @Test(
    .enabled(if: SharedData.path("dicom-corpus") != nil, "needs ../shared/dicom-corpus: not measured on real images"))
  func `real images keep their pixels, and text in them is blanked`() throws {
    let root = try #require(SharedData.path("dicom-corpus"))
    let inspection = PixelInspection(catalog: .empty)
    var random = PhantomRandom(seed: 3)
    var (touched, frames, found, strings) = ([String](), 0, 0, 0)
    var missed: [String] = []
    for name in CorpusGrounds.withoutText {
      var file = try DICOMFile(path: root + "/" + name)
      let frame = try file.frame(file.frameCount / 2)
      frames += 1
      if inspection.verdict(on: frame.subject(), frame: { _ in frame }) != .untouched { touched.append(name) }
      guard frame.format.samplesPerPixel == 1, min(frame.format.rows, frame.format.columns) >= 128,
        frame.format.rows < 2000
      else { continue }
      for _ in 0..<14 {
        let text = Self.text(&random, frame.format)
        let mask = try text.coverage()
        let (columns, rows) = (frame.format.columns - mask.columns, frame.format.rows - mask.rows)
        guard columns > 4, rows > 4,
          let drawn = try text.burned(
            into: frame, column: random.integer(2...columns - 2), row: random.integer(2...rows - 2))
        else { continue }
        strings += 1
        let share = blankedShare(of: drawn, inspection)
        if share >= 0.9 { found += 1 } else { missed.append("\(name) \(text) \(share)") }
      }
    }
    print("corpus: \(found) of \(strings) strings, \(touched.count) of \(frames) frames touched: \(touched); \(missed)")
    #expect(Double(found) >= 0.95 * Double(strings), "\(missed)")
    #expect(Double(touched.count) <= 0.05 * Double(frames), "\(touched)")
  }
}

/// Files of the corpus that show no text, one of each picture.
enum CorpusGrounds {
  static let withoutText = [
    "wg04h_ct2_unc.dcm", "dparser_ct0012_fragmented_no_bot_jpeg_lossless_57.dcm", "dwv_gdcm_cr_mono1_10_chest.dcm",
    "hd_dx_image.dcm", "pyd_ct_small.dcm", "pyd_j2k_pixelrep_mismatch.dcm", "pydd_693_j2kr.dcm",
    "pydd_bad_sequence.dcm",
    "pydd_emri_small_big_endian.dcm", "pydd_mr_siemens_dicom_withoverlays.dcm", "studyforrest_n2d_0200.dcm",
    "studyforrest_n2d_0201.dcm", "tcia_mr_3.dcm", "tcia_pt_1.dcm", "wg04_rg3_jpll.dcm", "wg04_xa1_j2kr.dcm",
    "wg04_mr3_jply.dcm", "pydd_htj2klossless_08_rgb.dcm", "pyd_sc_rgb_dcmtk_eb_cr.dcm", "pydd_mr2_j2ki.dcm",
  ]
}

extension StoredFrame {
  func subject(_ change: (inout DataSet) -> Void = { _ in }) -> PixelSubject {
    var attributes = DataSet()
    attributes.set(.rows, .us, integers: [format.rows])
    attributes.set(.columns, .us, integers: [format.columns])
    attributes.set(.photometricInterpretation, .cs, format.photometricInterpretation.rawValue)
    change(&attributes)
    return PixelSubject(attributes: attributes, transferSyntax: .explicitVRLittleEndian, frameCount: 1)
  }
}

/// How much of the strokes lies in blanked regions, 1 when the object is withheld.
func blankedShare(of drawn: (frame: StoredFrame, strokes: [Bool]), _ inspection: PixelInspection) -> Double {
  switch inspection.verdict(on: drawn.frame.subject(), frame: { _ in drawn.frame }) {
  case .untouched: return 0
  case .undecidable: return 1
  case .blank(let regions):
    let columns = drawn.frame.format.columns
    let strokes = drawn.strokes.indices.filter { drawn.strokes[$0] }
    let blanked = strokes.count { place in
      (regions[0] ?? []).contains { region in
        (region.column..<region.column + region.width).contains(place % columns)
          && (region.row..<region.row + region.height).contains(place / columns)
      }
    }
    return Double(blanked) / Double(max(1, strokes.count))
  }
}
