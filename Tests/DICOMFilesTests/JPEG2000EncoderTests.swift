import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Code streams of every kind from OpenJPEG's own encoder.
@Suite(
  .enabled(
    if: JPEG2000Encoder.isAvailable,
    "opj_compress (libopenjp2-tools) is not on PATH: not checked that all kinds of JPEG 2000 are decoded"))
struct JPEG2000EncoderTests {
  private let folder: TemporaryFolder
  private let encoder: JPEG2000Encoder

  init() throws {
    folder = try TemporaryFolder()
    encoder = try #require(JPEG2000Encoder(in: folder))
  }

  private static let (rows, columns) = (17, 23)

  private func open(_ stream: [UInt8], _ describe: (inout DICOMBytes) -> Void) throws -> DICOMFile {
    var dataSet = DICOMBytes()
    describe(&dataSet)
    dataSet.addFragments([stream + (stream.count % 2 == 1 ? [0] : [])])
    return try DICOMFile(path: folder.write(DICOMBytes.file(.jpeg2000Lossless, dataSet.bytes), to: "image.dcm"))
  }

  /// The bytes of one plane of stored values.
  private func plane(_ frame: StoredFrame, _ sample: Int) -> [UInt8] {
    let (width, step) = (frame.format.bytesPerSample, frame.format.samplesPerPixel)
    return (0..<frame.format.rows * frame.format.columns).flatMap { pixel -> ArraySlice<UInt8> in
      let start = (pixel * step + sample) * width
      return frame.bytes[start..<start + width]
    }
  }

  private static let depths: [(precision: Int, isSigned: Bool)] = [
    (8, false), (8, true), (9, false), (10, false), (10, true), (12, false), (12, true), (13, false), (14, true),
    (15, false), (16, false), (16, true),
  ]

  @Test("grey of every depth and sign comes back bit for bit", arguments: depths)
  func grey(precision: Int, isSigned: Bool) throws {
    let allocated = precision > 8 ? 16 : 8
    let frame = SampleObjects.frame(
      Self.rows, Self.columns, allocated: allocated, stored: precision, signed: isSigned, seed: UInt64(precision))
    let stream = try encoder.encode(
      [frame.bytes], columns: Self.columns, rows: Self.rows, precision: precision, isSigned: isSigned)
    var file = try open(stream) {
      $0.addImage(
        rows: Self.rows, columns: Self.columns, allocated: allocated, stored: precision, signed: isSigned ? 1 : 0)
    }
    #expect(try file.frame(0) == frame)
  }

  @Test(
    "tiles, precincts, progressions, layers and markers change nothing",
    arguments: [
      ["-t", "7,5"], ["-c", "[32,32],[16,16]", "-n", "3"], ["-p", "RPCL", "-SOP", "-EPH", "-TLM", "-PLT"],
      ["-b", "8,8", "-M", "8"], ["-M", "32"], ["-M", "2"], ["-r", "20,10,1"], ["-n", "1"],
      ["-p", "CPRL", "-t", "16,16", "-TP", "R"],
      ["-d", "3,2", "-t", "64,64"],
    ])
  func structures(options: [String]) throws {
    let frame = SampleObjects.frame(Self.rows, Self.columns, allocated: 16, stored: 12, seed: 12)
    let stream = try encoder.encode(
      [frame.bytes], columns: Self.columns, rows: Self.rows, precision: 12, options)
    var file = try open(stream) { $0.addImage(rows: Self.rows, columns: Self.columns, allocated: 16, stored: 12) }
    #expect(try file.frame(0) == frame)
  }

  @Test(
    "colour is transformed back once, and labelled by what comes out",
    arguments: [
      ("RGB", 1, PhotometricInterpretation.rgb), ("YBR_RCT", 1, .rgb), ("YBR_ICT", 1, .rgb), ("RGB", 0, .rgb),
      ("YBR_RCT", 0, .rgb), ("YBR_FULL", 0, .ybrFull), ("YBR_FULL_422", 0, .ybrFull), ("YBR_FULL", 1, .ybrFull),
    ])
  func colour(label: String, transform: Int, expected: PhotometricInterpretation) throws {
    for allocated in [8, 16] {
      let frame = SampleObjects.frame(Self.rows, Self.columns, .rgb, allocated: allocated, seed: 3)
      let stream = try encoder.encode(
        (0..<3).map { plane(frame, $0) }, columns: Self.columns, rows: Self.rows, precision: allocated,
        ["-mct", "\(transform)"])
      var file = try open(stream) {
        $0.addImage(
          rows: Self.rows, columns: Self.columns, samples: 3, photometric: label, allocated: allocated, planar: 1)
      }
      #expect(try file.frame(0).bytes == frame.bytes)
      #expect(try file.frame(0).format.photometricInterpretation == expected)
    }
  }

  @Test func `a JP2 file that says sYCC is not taken for RGB`() throws {
    let frame = SampleObjects.frame(Self.rows, Self.columns, .rgb, seed: 4)
    let stream = try encoder.encode(
      (0..<3).map { plane(frame, $0) }, columns: Self.columns, rows: Self.rows, precision: 8, ["-mct", "0"])
    for (space, expected) in [(UInt8(16), PhotometricInterpretation.rgb), (18, .ybrFull)] {
      var file = try open(JPEG2000Streams.boxed(stream, enumeratedColourSpace: space)) {
        $0.addImage(rows: Self.rows, columns: Self.columns, samples: 3, photometric: "RGB", planar: 0)
      }
      #expect(try file.frame(0).format.photometricInterpretation == expected)
      #expect(try file.frame(0).bytes == frame.bytes)
    }
  }

  @Test("chrominance of half the size is given to every pixel it covers", arguments: ["YBR_FULL", "RGB"])
  func subsampling(label: String) throws {
    // The encoder takes only even sizes here.
    let (height, width) = (18, 24)
    let luminance: [UInt8] = (0..<height * width).map { UInt8($0 % 251) }
    let (rows, columns) = (height / 2, width / 2)
    let chrominance: [[UInt8]] = [0, 20].map { (base: Int) -> [UInt8] in
      (0..<rows * columns).map { UInt8($0 % 200 + base) }
    }
    let stream = try encoder.encode(
      [luminance] + chrominance, columns: width, rows: height, precision: 8,
      subsampling: "@1x1:2x2:2x2", ["-mct", "0"])
    var file = try open(stream) {
      $0.addImage(rows: height, columns: width, samples: 3, photometric: label, planar: 0)
    }
    let expected = (0..<height * width).flatMap { pixel -> [UInt8] in
      let part = pixel / width / 2 * columns + pixel % width / 2
      return [luminance[pixel], chrominance[0][part], chrominance[1][part]]
    }
    // Nobody halves the green and the blue of RGB.
    #expect(try file.frame(0).format.photometricInterpretation == .ybrFull)
    #expect(try file.frame(0).bytes == expected)
  }

  @Test func `values that a code stream of the other sign holds as bits are read as Pixel Representation says`() throws
  {
    let signed = SampleObjects.frame(Self.rows, Self.columns, allocated: 16, stored: 13, signed: true, seed: 13)
    let bits = signed.storedValues().flatMap { value -> [UInt8] in
      [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8 & 0x1F)]
    }
    let stream = try encoder.encode([bits], columns: Self.columns, rows: Self.rows, precision: 13)
    for stored in [13, 16] {
      var file = try open(stream) {
        $0.addImage(rows: Self.rows, columns: Self.columns, allocated: 16, stored: stored, signed: 1)
      }
      #expect(try file.frame(0).bytes == signed.bytes)
    }
  }
}
