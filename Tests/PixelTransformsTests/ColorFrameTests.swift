import DICOMCore
import PixelTransforms
import Testing

/// RGB, YBR_FULL and PALETTE COLOR (PS3.3 C.7.6.3.1.2 and C.7.9).
struct ColorFrameTests {
  private func samples(_ image: DisplayImage) -> [Int] { image.values.map { Int(($0 * 255).rounded()) } }

  @Test("RGB samples are shown as they are")
  func rgb() throws {
    let image = try Samples.display(Samples.color([0, 128, 255, 7, 8, 9]))
    #expect(image.channels == 3)
    #expect(samples(image) == [0, 128, 255, 7, 8, 9])
  }

  @Test("YBR_FULL becomes RGB by the inverse of the standard's equations", arguments: 0..<40)
  func ybr(seed: Int) throws {
    let rgb = (0..<3).map { Double(Samples.noise(3 * seed + $0, below: 256)) }
    // PS3.3 C.7.6.3.1.2, forward: unrounded Y, CB, CR, then one rounding.
    let y = 0.2990 * rgb[0] + 0.5870 * rgb[1] + 0.1140 * rgb[2]
    let cb = -0.1687 * rgb[0] - 0.3313 * rgb[1] + 0.5000 * rgb[2] + 128
    let cr = 0.5000 * rgb[0] - 0.4187 * rgb[1] - 0.0813 * rgb[2] + 128
    let stored = [y, cb, cr].map { UInt8(min(255, max(0, $0.rounded()))) }
    let image = try Samples.display(Samples.color(stored, interpretation: .ybrFull))
    // Rounding Y, CB and CR moves R and B by up to 0.5 + 0.5 · 1.772 and the final rounding by 0.5 more.
    for (channel, value) in samples(image).enumerated() { #expect(abs(Double(value) - rgb[channel]) <= 2) }
  }

  @Test("YBR_FULL grey is grey and out-of-range colours are clamped")
  func ybrEnds() throws {
    let image = try Samples.display(
      Samples.color([0, 128, 128, 255, 128, 128, 77, 128, 128, 255, 0, 255, 0, 255, 0], interpretation: .ybrFull))
    #expect(samples(image) == [0, 0, 0, 255, 255, 255, 77, 77, 77, 255, 208, 28, 0, 48, 225])
    #expect(image.steps.params("color-samples")?["from"] == "YBR_FULL")
  }

  @Test("colour that decoding should have undone is refused by name", arguments: ["YBR_ICT", "YBR_RCT"])
  func refused(name: String) throws {
    let interpretation = try #require(PhotometricInterpretation(rawValue: name))
    #expect(throws: PixelTransformError.unsupportedPhotometricInterpretation(interpretation)) {
      try Samples.display(Samples.color([1, 2, 3], interpretation: interpretation))
    }
  }

  @Test("samples per pixel must fit the photometric interpretation")
  func samplesPerPixel() {
    #expect(throws: PixelTransformError.samplesPerPixel(.monochrome2, expected: 1, found: 3)) {
      try Samples.display(Samples.color([1, 2, 3], interpretation: .monochrome2))
    }
    #expect(throws: PixelTransformError.samplesPerPixel(.rgb, expected: 3, found: 1)) {
      try Samples.display(Samples.gray([1], interpretation: .rgb))
    }
  }

  @Test("a window beside colour is not applied, and the record says so")
  func windowBesideColor() throws {
    let image = try Samples.display(Samples.color([10, 20, 30]), Samples.windowed(center: "1", width: "1"))
    #expect(samples(image) == [10, 20, 30])
    #expect(image.steps.params("color-samples")?["window_ignored"] == true)
  }

  // MARK: Palettes

  private func palette(_ descriptor: [Int], _ channels: [[UInt8]], segmented: Bool = false) -> DataSet {
    var dataSet = DataSet()
    let descriptors: [DICOMCore.Tag] = [
      .redPaletteColorLookupTableDescriptor, .greenPaletteColorLookupTableDescriptor,
      .bluePaletteColorLookupTableDescriptor,
    ]
    let plain: [DICOMCore.Tag] = [
      .redPaletteColorLookupTableData, .greenPaletteColorLookupTableData, .bluePaletteColorLookupTableData,
    ]
    let segments: [DICOMCore.Tag] = [
      .segmentedRedPaletteColorLookupTableData, .segmentedGreenPaletteColorLookupTableData,
      .segmentedBluePaletteColorLookupTableData,
    ]
    for channel in 0..<3 {
      dataSet.set(descriptors[channel], .us, integers: descriptor)
      dataSet.set((segmented ? segments : plain)[channel], .ow, bytes: channels[channel])
    }
    return dataSet
  }

  private func words(_ values: [UInt16]) -> [UInt8] { values.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

  private func shown(_ stored: [Int], _ dataSet: DataSet, signed: Bool = false) throws -> [Float] {
    let frame = Samples.gray(
      stored, interpretation: .paletteColor, allocated: signed ? 16 : 8, signed: signed)
    return try Samples.display(frame, dataSet).values
  }

  @Test("16-bit entries are shown over 65,535, from the first value mapped, clamped at both ends")
  func wordPalette() throws {
    let dataSet = palette([2, 5, 16], [words([0, 65535]), words([65535, 0]), words([13107, 26214])])
    #expect(try shown([0, 5, 6, 200], dataSet) == [0, 1, 0.2, 0, 1, 0.2, 1, 0, 0.4, 1, 0, 0.4])
  }

  @Test("8-bit entries packed two to a word, with a pad byte at the end")
  func bytePalette() throws {
    let dataSet = palette([3, 0, 8], [[0, 51, 255, 0], [255, 0, 102, 0], [1, 2, 3, 0]])
    let expected: [Float] = [0, 1, Float(1.0 / 255), 0.2, 0, Float(2.0 / 255), 1, 0.4, Float(3.0 / 255)]
    #expect(try shown([0, 1, 2], dataSet) == expected)
  }

  @Test("a signed palette frame has a signed first value")
  func signedPalette() throws {
    let dataSet = palette([3, 65535, 8], [[0, 51, 255], [0, 51, 255], [0, 51, 255]])
    #expect(try shown([-1, 0, 1], dataSet, signed: true) == [0, 0, 0, 0.2, 0.2, 0.2, 1, 1, 1])
  }

  @Test("segments expand: discrete, linear, and indirect to either", arguments: [false, true])
  func segmentedPalette(isByteWide: Bool) throws {
    // Discrete 0, 10; linear to 50 in 4 (20, 30, 40, 50); both again; the line, now from 50, once more, by byte offset.
    let line: UInt16 = isByteWide ? 4 : 8
    let padding: [UInt16] = isByteWide ? [0, 0] : []
    let segments: [UInt16] =
      [0, 2, 0, 10, 1, 4, 50, 2, 2, 0, 0] + padding + [2, 1, line, 0] + padding
    let expanded = [0, 10, 20, 30, 40, 50, 0, 10, 20, 30, 40, 50, 50, 50, 50, 50]
    let data = isByteWide ? segments.map { UInt8($0) } : words(segments)
    let bits = isByteWide ? 8 : 16
    let values = try shown(
      Array(0..<16), palette([16, 0, bits], Array(repeating: data, count: 3), segmented: true))
    for (index, entry) in expanded.enumerated() {
      #expect(values[3 * index] == Float(Double(entry) / Double(1 << bits - 1)))
    }
  }

  static let hostileSegments: [[UInt16]] = [
    [0, 9, 1, 2],  // a discrete segment that runs off the end
    [0, 0, 5, 5],  // a segment of nothing
    [1, 4, 50],  // a line from nowhere
    [0, 1, 5, 1, 3],  // a line to nowhere
    [2, 1, 0, 0],  // indirect before there is anything
    [0, 1, 5, 2, 1, 6, 0],  // indirect to itself
    [0, 1, 5, 2, 1, 1, 0],  // indirect into the middle of an element
    [0, 1, 5, 2, 60000, 9, 9],  // indirect far outside
    [7, 1, 5],  // no such opcode
  ]

  @Test("a segment that the standard does not allow is an error with its place", arguments: hostileSegments)
  func hostileSegmentsFail(_ segments: [UInt16]) {
    let dataSet = palette([64, 0, 16], [words(segments), words(segments), words(segments)], segmented: true)
    #expect {
      try shown([0, 1], dataSet)
    } throws: { error in
      guard case .malformedSegment(.segmentedRedPaletteColorLookupTableData, _)? = error as? PixelTransformError else {
        return false
      }
      return true
    }
  }

  @Test("segments that expand to too little are an error, and never to more than the table")
  func segmentCounts() throws {
    let short = palette([9, 0, 16], Array(repeating: words([0, 2, 1, 2]), count: 3), segmented: true)
    #expect(
      throws: PixelTransformError.shortLUTData(.segmentedRedPaletteColorLookupTableData, expected: 9, found: 2)
    ) { try shown([0], short) }
    let long = palette([2, 0, 16], Array(repeating: words([0, 1, 9, 1, 65535, 65535]), count: 3), segmented: true)
    #expect(try shown([0, 1], long).count == 6)
  }

  @Test("a palette image without a palette names the attribute")
  func missingPalette() {
    #expect(throws: PixelTransformError.missingAttribute(.redPaletteColorLookupTableDescriptor)) {
      try shown([0], DataSet())
    }
  }
}
