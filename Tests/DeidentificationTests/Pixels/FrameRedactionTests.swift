import DICOMCore
import Deidentification
import Testing

struct FrameRedactionTests {
  private static let region = PixelRegion(column: 2, row: 1, width: 3, height: 2)
  private static let (rows, columns) = (6, 8)

  private static func frame(_ photometric: PhotometricInterpretation, _ bits: Int, signed: Bool = false) -> StoredFrame
  {
    let samples = photometric == .monochrome2 || photometric == .monochrome1 || photometric == .paletteColor ? 1 : 3
    let format = ImageFormat(
      rows: rows, columns: columns, samplesPerPixel: samples, photometricInterpretation: photometric,
      bitsAllocated: bits, bitsStored: bits, isSigned: signed)
    return StoredFrame(
      format: format,
      bytes: (0..<format.sampleCount * format.bytesPerSample).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) })
  }

  private static func isInside(_ pixel: Int) -> Bool {
    (2..<5).contains(pixel % columns) && (1..<3).contains(pixel / columns)
  }

  @Test(
    "only the samples of the region change",
    arguments: [
      (PhotometricInterpretation.monochrome2, 8, false), (.monochrome2, 16, true), (.monochrome1, 16, false),
      (.monochrome2, 32, false), (.rgb, 8, false), (.rgb, 16, false), (.ybrFull, 8, false), (.paletteColor, 8, false),
    ])
  func decoded(photometric: PhotometricInterpretation, bits: Int, signed: Bool) {
    let frame = Self.frame(photometric, bits, signed: signed)
    let value = BlankValue(for: frame)
    let result = FrameRedaction.blank([Self.region], in: frame, with: value)
    let step = frame.format.samplesPerPixel * frame.format.bytesPerSample
    var blank: Set<[UInt8]> = []
    for pixel in 0..<Self.rows * Self.columns {
      let range = pixel * step..<(pixel + 1) * step
      if Self.isInside(pixel) {
        blank.insert(Array(result.bytes[range]))
      } else {
        #expect(result.bytes[range] == frame.bytes[range])
      }
    }
    #expect(blank.count == 1)
  }

  @Test func `blank is black: least, of MONOCHROME1 greatest, and without colour`() {
    let grey = Self.frame(.monochrome2, 16, signed: true)
    let least = grey.storedValues().min() ?? 0
    #expect(FrameRedaction.blank([Self.region], in: grey, with: BlankValue(for: grey)).storedValues()[10] == least)
    let inverted = Self.frame(.monochrome1, 8)
    let greatest = inverted.storedValues().max() ?? 0
    #expect(
      FrameRedaction.blank([Self.region], in: inverted, with: BlankValue(for: inverted)).storedValues()[10] == greatest)
    #expect(BlankValue(for: Self.frame(.rgb, 8)).samples == [0, 0, 0])
    #expect(BlankValue(for: Self.frame(.ybrFull, 8)).samples == [0, 128, 128])
  }

  @Test func `pixel padding is taken where it fits`() {
    let frame = Self.frame(.monochrome2, 16, signed: true)
    let value = BlankValue(for: frame, padding: -2000)
    #expect(FrameRedaction.blank([Self.region], in: frame, with: value).storedValues()[10] == -2000)
    #expect(BlankValue(for: frame, padding: 70_000) == BlankValue(for: frame))
  }

  @Test func `planes are blanked each at its place`() {
    let frame = Self.frame(.rgb, 8)
    var bytes = frame.bytes
    let layout = NativeFrameLayout(format: frame.format, arrangement: .planar)
    FrameRedaction.blank([Self.region], inNative: &bytes, layout, with: BlankValue(for: frame))
    let pixels = Self.rows * Self.columns
    for index in bytes.indices {
      #expect(bytes[index] == (Self.isInside(index % pixels) ? 0 : frame.bytes[index]))
    }
  }

  @Test func `of shared chrominance both pixels are blanked, and none besides`() {
    let frame = Self.frame(.ybrFull422, 8)
    let original = Array(frame.bytes.prefix(Self.rows * Self.columns * 2))
    var bytes = original
    let layout = NativeFrameLayout(format: frame.format, arrangement: .subsampled)
    FrameRedaction.blank([Self.region], inNative: &bytes, layout, with: BlankValue(for: frame))
    for pair in 0..<Self.rows * Self.columns / 2 {
      let (row, column) = (pair * 2 / Self.columns, pair * 2 % Self.columns)
      let isBlank = (1..<3).contains(row) && (2..<6).contains(column)
      let found = Array(bytes[4 * pair..<4 * pair + 4])
      #expect(found == (isBlank ? [0, 0, 128, 128] : Array(original[4 * pair..<4 * pair + 4])))
    }
  }

  @Test func `single bits are cleared within bytes that frames share`() {
    let format = ImageFormat(
      rows: 3, columns: 3, photometricInterpretation: .monochrome2, bitsAllocated: 1, bitsStored: 1)
    var bytes: [UInt8] = [0xFF, 0xFF]
    let region = PixelRegion(column: 1, row: 1, width: 1, height: 1)
    let layout = NativeFrameLayout(format: format, arrangement: .interleaved, firstBit: 5)
    FrameRedaction.blank(
      [region], inNative: &bytes, layout,
      with: BlankValue(for: StoredFrame(format: format, bytes: [UInt8](repeating: 0, count: 9))))
    #expect(bytes == [0xFF, 0b1111_1101])
  }

  @Test func `regions beyond the edge are cut there`() {
    let frame = Self.frame(.monochrome2, 8)
    let result = FrameRedaction.blank(
      [PixelRegion(column: -3, row: 4, width: 500, height: 500)], in: frame, with: BlankValue(for: frame))
    #expect(result.bytes.prefix(4 * Self.columns) == frame.bytes.prefix(4 * Self.columns))
    #expect(Set(result.bytes.suffix(2 * Self.columns)).count == 1)
  }
}
