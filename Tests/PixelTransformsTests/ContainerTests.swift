import DICOMCore
import PixelTransforms
import Testing

/// The preset `google-container` against the container's own arithmetic, recorded by `Oracle/record_presets.py`.
struct ContainerTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Lookup: Decodable, Sendable { let first, bits, count: Int }
    let name: String
    let modality: String
    let photometric: String
    let rows, columns, channels, size: Int
    let levels, offset, allocated: Int
    let signed: Bool
    let center, width, slope, intercept: String?
    let lut: Lookup?
    let result: Recorded
    var testDescription: String { name }

    func frame() throws -> (StoredFrame, DataSet) {
      let interpretation = try #require(PhotometricInterpretation(rawValue: photometric))
      let values = Recorded.pixels(rows, columns, channels, levels: levels, offset: offset)
      let gray = Samples.gray(values, rows: rows, interpretation: interpretation, allocated: allocated, signed: signed)
      var format = gray.format
      (format.columns, format.samplesPerPixel) = (columns, channels)
      var dataSet = DataSet()
      dataSet.set(.modality, .cs, modality)
      let texts: [(DICOMCore.Tag, String?)] = [
        (.windowCenter, center), (.windowWidth, width), (.rescaleSlope, slope), (.rescaleIntercept, intercept),
      ]
      for (tag, text) in texts { if let text { dataSet.set(tag, .ds, text) } }
      if let lut {
        let entries = (0..<lut.count).map { $0 * $0 / 97 % 65536 }
        dataSet.set(.modalityLUTSequence, items: [Samples.lookup([lut.count, lut.first, lut.bits], entries)])
      }
      return (StoredFrame(format: format, bytes: gray.bytes), dataSet)
    }
  }

  static let cases = Recorded.load([Case].self, "google-container.json")

  @Test("the recorded images are there")
  func recorded() { #expect(Self.cases.count == 19) }

  @Test("the container's tensor, bit for bit", arguments: cases)
  func agreesWithOriginal(_ item: Case) throws {
    let (frame, dataSet) = try item.frame()
    let input = try PixelPipeline(preset: .googleContainer, size: item.size)
      .encoderInput(frame: frame, attributes: dataSet)
    try item.result.expect(input)
    #expect(input.steps.params("voi-container")?["source"] == "google-container")
  }

  private func input(
    _ frame: StoredFrame, modality: String? = "DX", _ change: (inout DataSet) -> Void = { _ in }
  ) throws -> EncoderInput {
    var dataSet = DataSet()
    if let modality { dataSet.set(.modality, .cs, modality) }
    change(&dataSet)
    return try PixelPipeline(preset: .googleContainer, size: 4).encoderInput(frame: frame, attributes: dataSet)
  }

  private func expect(
    _ refusal: ContainerRefusal, _ frame: StoredFrame = Samples.gray([1, 2, 3, 4], rows: 2), modality: String? = "DX",
    _ change: (inout DataSet) -> Void = { _ in }
  ) {
    #expect(throws: PixelTransformError.googleContainer(refusal)) { try input(frame, modality: modality, change) }
  }

  @Test("what the container refuses or fails on is an error, not another picture")
  func refusals() {
    expect(.modality, modality: "MR")
    expect(.modality, modality: nil)
    expect(.photometricInterpretation(.paletteColor), Samples.gray([1], interpretation: .paletteColor))
    expect(.photometricInterpretation(.ybrFull), Samples.color([1, 2, 3], interpretation: .ybrFull), modality: "XC")
    expect(.bitsAllocated(32), Samples.gray([1], allocated: 32))
    expect(.wholeSlide, modality: "SM") { $0.set(.sopClassUID, .ui, UID.vlWholeSlideMicroscopyImageStorage.value) }
    expect(.numberOfFrames(3)) { $0.set(.numberOfFrames, .is, "3") }
    expect(.windowValues(center: 2, width: 2)) {
      $0.set(.windowCenter, .ds, strings: ["1", "2"])
      $0.set(.windowWidth, .ds, strings: ["3", "4"])
    }
    expect(.windowWidth(-3)) {
      $0.set(.windowCenter, .ds, "1")
      $0.set(.windowWidth, .ds, "-3")
    }
    expect(.incompleteRescale, modality: "CT") { $0.set(.rescaleSlope, .ds, "1") }
    expect(.modalityLUTBits(12)) { $0.set(.modalityLUTSequence, items: [Samples.lookup([2, 0, 12], [0, 4095])]) }
    expect(.valueOutsideType) {
      $0.set(.rescaleSlope, .ds, "1")
      $0.set(.rescaleIntercept, .ds, "-100")
    }
    expect(.valueOutsideType, Samples.gray([-1, 1], signed: true), modality: "XC")
  }

  @Test("a VOI LUT, a VOI LUT Function and padding are not looked at")
  func ignored() throws {
    let frame = Samples.gray((0..<16).map { $0 * 200 }, rows: 4, stored: 12)
    let plain = try input(frame)
    let dressed = try input(frame) {
      $0.set(.voilutSequence, items: [Samples.lookup([2, 0, 16], [0, 65535])])
      $0.set(.voilutFunction, .cs, "SIGMOID")
      $0.set(.pixelPaddingValue, .us, integers: [0])
      $0.set(.presentationLUTShape, .cs, "INVERSE")
    }
    #expect(plain.tensor == dressed.tensor)
  }

  @Test("no other window can be asked for", arguments: [WindowChoice.file, .minMax, .named(.ctMedSigLIP)])
  func otherWindows(window: WindowChoice) {
    #expect(throws: PixelTransformError.presetHasOwnWindows(.googleContainer)) {
      try PixelPipeline(window: window, preset: .googleContainer, size: 4)
        .encoderInput(frame: Samples.gray([1]), attributes: DataSet())
    }
  }
}
