import DICOMCore
import PixelTransforms
import Tensors
import Testing

/// Stored values, rescale, polarity, padding and functional groups of grey frames.
struct GrayFrameTests {
  // MARK: Stored values

  @Test("bits above and below the stored bits never reach the image")
  func strayBits() throws {
    // 10 bits stored below high bit 11: two bits above and two below hold overlays.
    let format = ImageFormat(
      rows: 1, columns: 3, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 10, highBit: 11)
    let containers: [UInt16] = [0b1111_0000_0000_0011, 0b0011_1111_1111_1110, 0b1010_1000_0000_0001]
    let frame = StoredFrame(format: format, bytes: containers.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    let image = try Samples.display(frame, Samples.windowed(center: "512", width: "1024"))
    #expect(image.values == [0, Float((1023.0 - 511.5) / 1023 + 0.5), Float((512.0 - 511.5) / 1023 + 0.5)])
  }

  @Test(
    "every container and signedness gives the same display values",
    arguments: [
      (8, 8, false), (16, 9, false), (16, 12, true), (16, 16, true), (32, 12, false), (32, 20, true), (32, 32, false),
      (32, 32, true),
    ])
  func containers(allocated: Int, stored: Int, signed: Bool) throws {
    let values = [0, 1, 5, 50, 100, 120].map { signed ? $0 - 60 : $0 }
    let frame = Samples.gray(values, rows: 2, allocated: allocated, stored: stored, signed: signed)
    let image = try Samples.display(frame)
    #expect(image.values == [0, 1, 5, 50, 100, 120].map { Float(Double($0) / 120) })
  }

  @Test("one-bit frames are black and white")
  func oneBit() throws {
    let format = ImageFormat(
      rows: 2, columns: 2, photometricInterpretation: .monochrome2, bitsAllocated: 1, bitsStored: 1)
    let image = try Samples.display(StoredFrame(format: format, bytes: [0, 1, 1, 0]))
    #expect(image.values == [0, 1, 1, 0])
  }

  @Test(
    "a format that cannot be is an error, not a trap",
    arguments: [
      (16, 0, 15), (16, 17, 16), (16, 12, 10), (8, 8, 9), (16, -4, 3), (24, 8, 7), (64, 16, 15), (16, 12, -1),
    ])
  func malformedFormats(allocated: Int, stored: Int, highBit: Int) {
    let format = ImageFormat(
      rows: 1, columns: 2, photometricInterpretation: .monochrome2, bitsAllocated: allocated, bitsStored: stored,
      highBit: highBit)
    let frame = StoredFrame(format: format, bytes: [UInt8](repeating: 0, count: 2 * format.bytesPerSample))
    #expect(
      throws: PixelTransformError.malformedImageFormat(
        rows: 1, columns: 2, bitsAllocated: allocated, bitsStored: stored, highBit: highBit)
    ) { try Samples.display(frame) }
  }

  @Test("a frame without pixels is an error")
  func emptyFrame() {
    let format = ImageFormat(
      rows: 0, columns: 5, photometricInterpretation: .monochrome2, bitsAllocated: 8, bitsStored: 8)
    #expect(throws: PixelTransformError.self) { try Samples.display(StoredFrame(format: format, bytes: [])) }
  }

  // MARK: Rescale

  @Test("the window is in modality values, after slope and then intercept")
  func rescaleOrder() throws {
    let dataSet = Samples.windowed(center: "-99.5", width: "201", slope: "2.5", intercept: "-1000")
    let image = try Samples.display(Samples.gray([320, 360, 400]), dataSet)
    #expect(image.values == [0, 0.5, 1])
    let params = try #require(image.steps.params("modality-rescale"))
    #expect(params["slope"]?.number == 2.5 && params["intercept"]?.number == -1000 && params["origin"] == "data-set")
  }

  @Test("a slope without intercept, or the other way round, is completed and noted")
  func halfRescale() throws {
    var dataSet = DataSet()
    dataSet.set(.rescaleIntercept, .ds, "-1024")
    let image = try Samples.display(Samples.gray([0, 10]), dataSet)
    #expect(image.steps.params("modality-rescale")?["assumed"] == "slope")
    #expect(image.steps.params("voi-min-max")?["min"]?.number == -1024)
  }

  @Test("slope zero and values that leave the finite range are errors")
  func hostileRescale() {
    #expect(throws: PixelTransformError.rescaleSlopeZero) {
      try Samples.display(Samples.gray([1]), Samples.windowed(center: "1", width: "2", slope: "0", intercept: "5"))
    }
    #expect(throws: PixelTransformError.modalityValueNotFinite) {
      try Samples.display(Samples.gray([1]), Samples.windowed(center: "1", width: "2", slope: "1e305", intercept: "0"))
    }
    #expect(throws: PixelTransformError.malformedAttribute(.rescaleSlope)) {
      try Samples.display(Samples.gray([1]), Samples.windowed(center: "1", width: "2", slope: "one"))
    }
  }

  @Test("values at the edge of what a double holds stay in range", arguments: [WindowChoice.file, .minMax])
  func extremeValues(window: WindowChoice) throws {
    let frame = Samples.gray([-32768, 0, 32767, 1], rows: 2, signed: true)
    for (slope, center, width) in [
      ("5e303", "0", "1.7e308"), ("5e303", "-1.7e308", "1"), ("1", "1e16", "3"), ("1e-300", "0", "1"),
    ] {
      for function in VOILUTFunction.allCases {
        let dataSet = Samples.windowed(
          center: center, width: width, function: function.rawValue, slope: slope, intercept: "0")
        let input = try PixelPipeline(window: window, size: 3).encoderInput(frame: frame, attributes: dataSet)
        #expect(input.tensor.values.allSatisfy { (-1...1).contains($0) })
      }
    }
  }

  // MARK: Polarity

  @Test(
    "inversion follows Presentation LUT Shape, and MONOCHROME1 without it",
    arguments: [
      (PhotometricInterpretation.monochrome2, nil, false), (.monochrome1, nil, true),
      (.monochrome2, "IDENTITY", false), (.monochrome1, "IDENTITY", false), (.monochrome2, "INVERSE", true),
      (.monochrome1, "INVERSE", true), (.monochrome2, "LIN OD", false), (.monochrome1, "LIN OD", true),
    ])
  func polarity(interpretation: PhotometricInterpretation, shape: String?, isInverted: Bool) throws {
    var dataSet = Samples.windowed(center: "128", width: "256")
    if let shape { dataSet.set(.presentationLUTShape, .cs, shape) }
    let frame = Samples.gray([0, 51, 255], interpretation: interpretation, allocated: 8)
    let image = try Samples.display(frame, dataSet)
    #expect(image.values == (isInverted ? [1, 0.8, 0] : [0, 0.2, 1]))
    #expect(image.steps.params("polarity")?["inverted"] == .boolean(isInverted))
  }

  // MARK: Functional groups

  @Test("rescale and window of the frame's own group win over the shared one, and that over the data set")
  func functionalGroups() throws {
    func group(_ sequence: DICOMCore.Tag, _ values: [(DICOMCore.Tag, String)]) -> DataSet {
      var item = DataSet()
      for (tag, value) in values { item.set(tag, .ds, value) }
      var group = DataSet()
      group.set(sequence, items: [item])
      return group
    }
    let slope = group(.pixelValueTransformationSequence, [(.rescaleSlope, "2"), (.rescaleIntercept, "0")])
    let window = group(.frameVOILUTSequence, [(.windowCenter, "50.5"), (.windowWidth, "101")])
    var dataSet = Samples.windowed(center: "5000", width: "10", slope: "9", intercept: "9")
    dataSet.set(.sharedFunctionalGroupsSequence, items: [slope])
    dataSet.set(.perFrameFunctionalGroupsSequence, items: [DataSet(), window])

    let second = try Samples.display(Samples.gray([0, 25, 50]), dataSet, frameIndex: 1)
    #expect(second.values == [0, 0.5, 1])
    #expect(second.steps.params("modality-rescale")?["origin"] == "shared-functional-group")
    #expect(second.steps.params("voi-window")?["origin"] == "per-frame-functional-group")
    let first = try Samples.display(Samples.gray([0, 25, 50]), dataSet, frameIndex: 0)
    #expect(first.values == [0, 0, 0])
    #expect(first.steps.params("voi-window")?["origin"] == "data-set")
    #expect(throws: PixelTransformError.frameIndex(2, frameCount: 2)) {
      try Samples.display(Samples.gray([0]), dataSet, frameIndex: 2)
    }
  }

  @Test("a supplemental palette is not applied to a grey frame, and the record says so")
  func supplementalPalette() throws {
    var dataSet = DataSet()
    dataSet.set(.redPaletteColorLookupTableDescriptor, .us, integers: [1, 2, 16])
    let image = try Samples.display(Samples.gray([0, 1, 2]), dataSet)
    #expect(image.values == [0, 0.5, 1])
    #expect(image.steps.params("supplemental-palette")?["applied"] == false)
  }
}
