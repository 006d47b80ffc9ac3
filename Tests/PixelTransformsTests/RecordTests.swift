import DICOMCore
import Foundation
import PixelTransforms
import Tensors
import Testing

/// The record of an encoder input, together with the stored values (and the LUTs of the file), is enough to derive the
/// tensor again, bit for bit. `Rederivation` shares no code with the product.
struct RecordTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let frame: StoredFrame
    let dataSet: DataSet
    var window = WindowChoice.automatic
    var series: SeriesPercentiles?
  }

  static let cases: [Case] = {
    let values = (0..<(37 * 23)).map { Samples.noise($0, below: 4096) }
    let plain = Samples.gray(values, rows: 37, stored: 12)
    let signed = Samples.gray(values.map { $0 - 2048 }, rows: 23, interpretation: .monochrome1, signed: true)
    var ct = Samples.windowed(center: "40", width: "400", slope: "1.5", intercept: "-2000.25")
    ct.set(.modality, .cs, "CT")
    ct.set(.pixelPaddingValue, .us, integers: [0])
    ct.set(.pixelPaddingRangeLimit, .us, integers: [100])
    var inverse = Samples.windowed(center: "3.5\\9", width: "777\\1", function: "SIGMOID", slope: "0.3", intercept: "7")
    inverse.set(.presentationLUTShape, .cs, "INVERSE")
    var lookups = DataSet()
    lookups.set(.modalityLUTSequence, items: [Samples.lookup([4096, 0, 16], (0..<4096).map { $0 * $0 / 256 })])
    lookups.set(.voilutSequence, items: [Samples.lookup([256, 20000, 12], (0..<256).map { $0 * 16 })])
    var mr = DataSet()
    mr.set(.modality, .cs, "MR")
    mr.set(.rescaleSlope, .ds, "0.37")
    mr.set(.rescaleIntercept, .ds, "-11.5")
    mr.set(.pixelPaddingValue, .us, integers: [values[0]])
    var histogram = ValueHistogram()
    for value in values { histogram.add(Double(value) * 0.37 - 11.5) }
    let series = SeriesPercentiles(
      of: histogram, .series, seriesInstanceUID: UID.derived("test", ["series"]), frameCount: 1)
    let rgb = Samples.color((0..<(11 * 20 * 3)).map { UInt8(Samples.noise($0, below: 256)) }, rows: 11)
    return [
      Case(testDescription: "min-max", frame: plain, dataSet: DataSet()),
      Case(testDescription: "LINEAR", frame: plain, dataSet: Samples.windowed(center: "2000", width: "1500")),
      Case(
        testDescription: "LINEAR_EXACT", frame: plain,
        dataSet: Samples.windowed(center: "2000.3", width: "1500.7", function: "LINEAR_EXACT")),
      Case(testDescription: "three-window CT with padding", frame: plain, dataSet: ct),
      Case(testDescription: "CT in its own window", frame: plain, dataSet: ct, window: .file),
      Case(testDescription: "SIGMOID, signed, inverted", frame: signed, dataSet: inverse),
      Case(testDescription: "MONOCHROME1, min-max", frame: signed, dataSet: DataSet()),
      Case(testDescription: "Modality and VOI LUT", frame: plain, dataSet: lookups),
      Case(testDescription: "MR by percentiles of its series", frame: plain, dataSet: mr, series: series),
      Case(testDescription: "MR by percentiles of the frame", frame: plain, dataSet: mr),
      Case(
        testDescription: "second of two windows", frame: plain,
        dataSet: Samples.windowed(center: "100\\2500", width: "50\\1000"), window: .fileWindow(.window(2))),
      Case(
        testDescription: "a window that cannot be used", frame: plain,
        dataSet: Samples.windowed(center: "100", width: "0")),
      Case(testDescription: "RGB", frame: rgb, dataSet: DataSet()),
    ]
  }()

  @Test("a record that went through JSON gives the same tensor bit for bit", arguments: cases)
  func rederives(_ item: Case) throws {
    let input = try PixelPipeline(window: item.window, size: 13)
      .encoderInput(frame: item.frame, attributes: item.dataSet, series: item.series)
    let json = try JSONEncoder().encode(input.steps)
    let steps = try JSONDecoder().decode([ProcessingStep].self, from: json)
    let derived = try Rederivation(
      steps: steps, stored: item.frame.storedValues().map(Int.init), tables: item.dataSet
    ).tensor()
    #expect(derived.map(\.bitPattern) == input.tensor.values.map(\.bitPattern))
  }

  @Test("two encodings of one record are the same bytes")
  func stableJSON() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for item in Self.cases {
      let first = try PixelPipeline(window: item.window, size: 5).encoderInput(
        frame: item.frame, attributes: item.dataSet)
      let second = try PixelPipeline(window: item.window, size: 5).encoderInput(
        frame: item.frame, attributes: item.dataSet)
      #expect(try encoder.encode(first.steps) == encoder.encode(second.steps))
    }
  }
}
