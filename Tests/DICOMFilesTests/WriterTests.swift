import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct WriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A frame with a short name for the test log.
  struct Sample: CustomTestStringConvertible {
    let testDescription: String
    let frame: StoredFrame

    init(_ name: String, _ frame: StoredFrame) { (testDescription, self.frame) = (name, frame) }
  }

  private static let lossless: [UID] = [
    .implicitVRLittleEndian, .explicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .rleLossless,
    .jpegLosslessSV1, .jpegLSLossless,
  ]

  private static let samples: [Sample] = [
    Sample("8 bits", SampleObjects.frame()),
    Sample("odd size", SampleObjects.frame(5, 7)),
    Sample("one pixel", SampleObjects.frame(1, 1)),
    Sample("12 in 16", SampleObjects.frame(4, 6, .monochrome1, allocated: 16, stored: 12)),
    Sample("12 in 16 signed", SampleObjects.frame(4, 6, .monochrome2, allocated: 16, stored: 12, signed: true)),
    Sample("16 signed", SampleObjects.frame(3, 5, .monochrome2, allocated: 16, signed: true)),
    Sample("palette", SampleObjects.frame(3, 5, .paletteColor)),
    Sample("RGB", SampleObjects.frame(3, 5, .rgb)),
    Sample("YBR_FULL", SampleObjects.frame(4, 6, .ybrFull)),
  ]

  private func write(
    _ dataSet: DataSet = SampleObjects.secondaryCapture(), _ transferSyntax: UID = .explicitVRLittleEndian,
    _ frames: [StoredFrame] = [], as name: String = "written.dcm"
  ) throws -> String {
    let path = folder.path(name)
    try DICOMFileWriter.write(dataSet, transferSyntax: transferSyntax, frames: frames, to: path)
    return path
  }

  // MARK: - Frames

  @Test("a frame comes back bit for bit from every lossless transfer syntax", arguments: lossless, samples)
  func roundTrip(transferSyntax: UID, sample: Sample) throws {
    var file = try DICOMFile(path: write(SampleObjects.secondaryCapture(), transferSyntax, [sample.frame]))
    #expect(file.header.transferSyntax == transferSyntax)
    #expect(file.frameCount == 1)
    #expect(try file.frame(0) == sample.frame)
  }

  @Test("several frames come back one by one, in any order", arguments: lossless)
  func multipleFrames(transferSyntax: UID) throws {
    let frames = (0..<5).map { SampleObjects.frame(7, 9, allocated: 16, stored: 10, seed: UInt64($0)) }
    var file = try DICOMFile(path: write(SampleObjects.secondaryCapture(), transferSyntax, frames))
    #expect(file.frameCount == 5)
    for index in [3, 0, 4, 1, 2, 3] { #expect(try file.frame(index) == frames[index]) }
    #expect(throws: DICOMFileError.frameOutOfRange(index: 5, count: 5)) { try file.frame(5) }
    #expect(throws: DICOMFileError.frameOutOfRange(index: -1, count: 5)) { try file.frame(-1) }
  }

  @Test func `single bits and 32 bits come back`() throws {
    let bits = (0..<3).map { SampleObjects.frame(3, 5, allocated: 1, seed: UInt64($0)) }
    var packed = try DICOMFile(path: write(SampleObjects.secondaryCapture(), .explicitVRLittleEndian, bits))
    for index in 0..<3 { #expect(try packed.frame(index) == bits[index]) }
    let long = SampleObjects.frame(3, 5, allocated: 32, signed: true)
    var wide = try DICOMFile(path: write(SampleObjects.secondaryCapture(), .explicitVRLittleEndian, [long]))
    #expect(try wide.frame(0) == long)
  }

  @Test(
    "JPEG baseline is close, labelled and marked as lossy", arguments: [PhotometricInterpretation.monochrome1, .rgb])
  func baseline(photometric: PhotometricInterpretation) throws {
    let frame = SampleObjects.gradient(40, 48, photometric)
    var file = try DICOMFile(path: write(SampleObjects.secondaryCapture(), .jpegBaseline8Bit, [frame, frame]))
    #expect(file.frameCount == 2)
    let dataSet = file.header.dataSet
    #expect(dataSet.string(.lossyImageCompression) == "01")
    #expect(dataSet.string(.lossyImageCompressionMethod) == "ISO_10918_1")
    #expect(try #require(dataSet.double(.lossyImageCompressionRatio)) > 1)
    let decoded = try file.frame(1)
    if photometric == .rgb {
      #expect(dataSet.string(.photometricInterpretation) == "YBR_FULL_422")
      #expect(decoded.format.photometricInterpretation == .ybrFull)
      // Luminance by the first row of the matrix of PS3.3 C.7.6.3.1.2.
      for pixel in 0..<40 * 48 {
        let (red, green, blue) = (frame.bytes[3 * pixel], frame.bytes[3 * pixel + 1], frame.bytes[3 * pixel + 2])
        let luminance = 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)
        #expect(abs(luminance - Double(decoded.bytes[3 * pixel])) <= 12)
      }
    } else {
      #expect(decoded.format == frame.format)
      #expect(zip(decoded.bytes, frame.bytes).allSatisfy { abs(Int($0) - Int($1)) <= 12 })
    }
  }

  // MARK: - Data sets

  /// Every VR, with more than one value where that is allowed.
  private var everyVR: DataSet {
    var dataSet = SampleObjects.document()
    dataSet.set(.specificCharacterSet, .cs, "ISO_IR 192")
    dataSet.set(.patientName, .pn, "Test^Jérôme=山田^太郎")
    dataSet.set(.patientAge, .as, "045Y")
    dataSet.set(.studyDate, .da, "20240607")
    dataSet.set(.studyTime, .tm, "101112.5")
    dataSet.set(.acquisitionDateTime, .dt, "20240607101112")
    dataSet.set(.windowCenter, .ds, "40", "-600.5")
    dataSet.set(.referencedFrameNumber, .is, integers: [1, 2])
    dataSet.set(.textValue, .ut, "one\\two\r\nthree")
    dataSet.set(Tag(0x0008, 0x0119), .uc, "long\u{E9}")
    dataSet.set(Tag(0x0008, 0x0120), .ur, "https://example.org/a?b=c")
    dataSet.set(Tag(0x0008, 0x0054), .ae, "HERE", "THERE")
    dataSet.set(Tag(0x0010, 0x4000), .lt, "  indented")
    dataSet.set(.rows, .us, integers: [65535])
    dataSet.set(Tag(0x0018, 0x9219), .ss, integers: [-32768, 32767])
    dataSet.set(Tag(0x0018, 0x6050), .ul, integers: [4_294_967_295])
    dataSet.set(Tag(0x0018, 0x6020), .sl, integers: [-2_147_483_648])
    dataSet.set(Tag(0x0008, 0x040C), .uv, integers: [.max])
    dataSet.set(Tag(0x0072, 0x0082), .sv, integers: [.min])
    dataSet.set(Tag(0x0018, 0x9461), .fl, floats: [1.5, -0.25])
    dataSet.set(Tag(0x0018, 0x9073), .fd, floats: [.pi])
    dataSet.set(Tag(0x0066, 0x0016), .of, floats: [1, 2, 3])
    dataSet.set(Tag(0x0066, 0x0022), .od, floats: [0.1])
    dataSet.set(Tag(0x0066, 0x0040), .ol, bytes: [1, 2, 3, 4])
    dataSet.set(.extendedOffsetTable, .ov, bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    dataSet.set(.lutData, .ow, bytes: [1, 2, 3, 4])
    dataSet.set(Tag(0x0042, 0x0011), .ob, bytes: [1, 2])
    dataSet.set(Tag(0x0009, 0x0010), .lo, "BUCKY TEST")
    dataSet.set(Tag(0x0009, 0x1001), .un, bytes: [9, 8, 7, 6])
    dataSet[.frameIncrementPointer] = DataSet.Element(.at, .tags([.frameTime, .rows]))
    dataSet.setEmpty(.accessionNumber, .sh)
    dataSet.setEmpty(.procedureCodeSequence, .sq)
    var code = DataSet()
    code.set(.codeMeaning, .lo, "Schädel")
    var item = DataSet()
    item.set(.conceptNameCodeSequence, items: [code, DataSet()])
    dataSet.set(.contentSequence, items: [item, code])
    return dataSet
  }

  @Test(
    "values of every VR come back",
    arguments: [UID.explicitVRLittleEndian, .implicitVRLittleEndian, .deflatedExplicitVRLittleEndian])
  func dataSetRoundTrip(transferSyntax: UID) throws {
    let written = everyVR
    let read = try DICOMHeader(path: write(written, transferSyntax)).dataSet
    #expect(read.tags == written.tags)
    for tag in written.tags {
      // Integers in IS come back as the text they are.
      if tag == .referencedFrameNumber {
        #expect(read.integers(tag) == [1, 2])
      } else if transferSyntax == .implicitVRLittleEndian {
        // Without a VR in the file, what the dictionary does not know comes back as bytes.
        #expect(read[tag]?.value == written[tag]?.value || read[tag]?.vr == .un, "\(tag)")
      } else {
        #expect(read[tag] == written[tag], "\(tag)")
      }
    }
  }

  @Test func `nothing but the attributes of the frames is added`() throws {
    var written = SampleObjects.secondaryCapture()
    written.set(.derivationDescription, .st, "As drawn")
    for transferSyntax in Self.lossless {
      let read = try DICOMHeader(path: write(written, transferSyntax, [SampleObjects.frame()])).dataSet
      let added = Set(read.tags).subtracting(written.tags)
      #expect(
        added == [
          .samplesPerPixel, .photometricInterpretation, .rows, .columns, .bitsAllocated, .bitsStored, .highBit,
          .pixelRepresentation,
        ])
      for tag in written.tags { #expect(read[tag] == written[tag]) }
    }
  }

  @Test("the same values give the same bytes", arguments: lossless + [.jpegBaseline8Bit])
  func determinism(transferSyntax: UID) throws {
    let frames = [SampleObjects.gradient(16, 16, .rgb), SampleObjects.gradient(16, 16, .rgb)]
    _ = try write(SampleObjects.secondaryCapture(), transferSyntax, frames, as: "first")
    _ = try write(SampleObjects.secondaryCapture(), transferSyntax, frames, as: "second")
    #expect(try folder.read("first") == folder.read("second"))
  }

  @Test func `PS3.10 7.1: meta information names instance, transfer syntax and implementation`() throws {
    let bytes = try folder.read(
      (try write(), "written.dcm").1)
    var meta = DICOMBytes()
    meta.add(.fileMetaInformationVersion, "OB", [0, 1])
    meta.add(.mediaStorageSOPClassUID, "UI", UID.secondaryCaptureImageStorage.value)
    meta.add(.mediaStorageSOPInstanceUID, "UI", "1.2.3.1.1")
    meta.add(.transferSyntaxUID, "UI", UID.explicitVRLittleEndian.value)
    meta.add(.implementationClassUID, "UI", DICOMFileWriter.implementationClassUID.value)
    meta.add(.implementationVersionName, "SH", "BUCKY")
    var group = DICOMBytes()
    group.add(Tag(0x0002, 0x0000), "UL", group.long(UInt32(meta.bytes.count)))
    let expected = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + group.bytes + meta.bytes
    #expect(Array(bytes.prefix(expected.count)) == expected)
  }

  // MARK: - Refusals

  @Test func `what cannot stand under its VR is refused`() {
    let bad: [(DICOMCore.Tag, DataSet.Element)] = [
      (.rows, DataSet.Element(.us, .integers([65536]))),
      (.rows, DataSet.Element(.us, .integers([-1]))),
      (.rows, DataSet.Element(.us, .strings(["1"]))),
      (.seriesDescription, DataSet.Element(.lo, .strings(["a\\b"]))),
      (.seriesDescription, DataSet.Element(.lo, .strings(["a\u{0}b"]))),
      (.textValue, DataSet.Element(.ut, .strings(["a", "b"]))),
      (.windowCenter, DataSet.Element(.ds, .floats([0.1]))),
      (.modality, DataSet.Element(.cs, .strings(["Ä"]))),
      (.contentSequence, DataSet.Element(.sq, .strings(["a"]))),
      (.contentSequence, DataSet.Element(.lo, .items([]))),
      (Tag(0x0002, 0x0010), DataSet.Element(.ui, .strings(["1.2"]))),
      (Tag(0x0008, 0x0000), DataSet.Element(.ul, .integers([1]))),
    ]
    for (tag, element) in bad {
      var dataSet = SampleObjects.document()
      dataSet[tag] = element
      #expect(throws: DICOMFileError.unwritableValue(tag)) { try write(dataSet) }
    }
  }

  @Test func `text outside ISO 646 needs its character set, in items too`() throws {
    var dataSet = SampleObjects.document()
    dataSet.set(.seriesDescription, .lo, "Schädel")
    #expect(throws: DICOMFileError.characterSetMissing(.seriesDescription)) { try write(dataSet) }
    dataSet.set(.specificCharacterSet, .cs, "ISO_IR 100")
    #expect(throws: DICOMFileError.characterSetMissing(.seriesDescription)) { try write(dataSet) }
    dataSet.set(.specificCharacterSet, .cs, "ISO_IR 192")
    _ = try write(dataSet)
    var item = DataSet()
    item.set(.specificCharacterSet, .cs, "ISO_IR 100")
    item.set(.codeMeaning, .lo, "Schädel")
    dataSet.set(.contentSequence, items: [item])
    #expect(throws: DICOMFileError.characterSetMissing(.codeMeaning)) { try write(dataSet) }
  }

  @Test func `objects that contradict their frames or the transfer syntax are refused`() throws {
    let dataSet = SampleObjects.secondaryCapture()
    let frame = SampleObjects.frame()
    #expect(throws: DICOMFileError.inconsistentFrames) {
      try write(dataSet, .explicitVRLittleEndian, [frame, SampleObjects.frame(5, 5)])
    }
    #expect(throws: DICOMFileError.inconsistentFrames) { try write(dataSet, .jpegLSLossless, []) }
    #expect(throws: DICOMFileError.unsupportedTransferSyntax(.jpeg2000)) { try write(dataSet, .jpeg2000, [frame]) }
    #expect(throws: DICOMFileError.self) {
      try write(dataSet, .jpegBaseline8Bit, [SampleObjects.frame(4, 4, allocated: 16, stored: 12)])
    }
    var nameless = dataSet
    nameless[.sopInstanceUID] = nil
    #expect(throws: DICOMFileError.missingAttribute(.sopInstanceUID)) { try write(nameless) }
    var twice = dataSet
    twice.set(.pixelData, .ob, bytes: [1, 2])
    #expect(throws: DICOMFileError.inconsistentFrames) { try write(twice, .explicitVRLittleEndian, [frame]) }
  }

  @Test(
    "a write that fails says why",
    arguments: [
      ("/dev/full", DICOMFileError.cannotWrite(errno: 28)),
      ("/nowhere/at/all.dcm", .cannotWrite(errno: 2)),
      ("/", .cannotWrite(errno: 21)),
    ])
  func writeErrors(path: String, error: DICOMFileError) {
    #expect(throws: error) {
      try DICOMFileWriter.write(
        SampleObjects.secondaryCapture(), transferSyntax: .explicitVRLittleEndian, frames: [SampleObjects.frame()],
        to: path)
    }
  }
}
