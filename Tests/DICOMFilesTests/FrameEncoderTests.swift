import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct FrameEncoderTests {
  private let folder = try? TemporaryFolder()

  /// Writes a code stream into a file as the data set says and decodes it again.
  private func decoded(_ stream: [UInt8], _ syntax: UID, _ frame: StoredFrame) throws -> StoredFrame {
    let format = frame.format
    var dataSet = DICOMBytes()
    dataSet.addImage(
      rows: format.rows, columns: format.columns,
      samples: format.samplesPerPixel,
      photometric: FrameEncoder(syntax)?.label(of: format.photometricInterpretation).rawValue ?? "",
      allocated: format.bitsAllocated, stored: format.bitsStored,
      signed: format.isSigned ? 1 : 0)
    dataSet.addFragments([stream + (stream.count % 2 == 1 ? [0] : [])])
    let path = try #require(folder).write(DICOMBytes.file(syntax, dataSet.bytes), to: "image.dcm")
    var file = try DICOMFile(path: path)
    return try file.frame(0)
  }

  private static let syntaxes: [UID] = [
    .rleLossless, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless, .jpeg2000Lossless, .jpeg2000,
  ]
  private static let frames: [StoredFrame] = [
    SampleObjects.frame(17, 23, allocated: 8), SampleObjects.frame(17, 23, allocated: 16, stored: 12),
    SampleObjects.frame(17, 23, allocated: 16, stored: 16),
    SampleObjects.frame(17, 23, allocated: 16, stored: 12, signed: true),
    SampleObjects.frame(17, 23, allocated: 16, stored: 16, signed: true), SampleObjects.frame(17, 23, .rgb),
    SampleObjects.frame(1, 1, allocated: 8), SampleObjects.frame(3, 300, .monochrome1, allocated: 8),
  ]

  @Test("every frame comes back bit for bit", arguments: syntaxes)
  func roundTrip(syntax: UID) throws {
    let encoder = try #require(FrameEncoder(syntax))
    for frame in Self.frames {
      let result = try decoded(try encoder.encode(frame), syntax, frame)
      #expect(result.bytes == frame.bytes, "\(frame.format)")
    }
  }

  @Test func `code streams carry no comment of the library that made them`() throws {
    for syntax in Self.syntaxes where syntax != .rleLossless {
      let stream = try #require(FrameEncoder(syntax)).encode(SampleObjects.frame(32, 32))
      let again = try CodeStreamHygiene.cleaned(
        stream, transferSyntax: syntax, format: SampleObjects.frame(32, 32).format)
      #expect(again == stream)
      #expect(!String(decoding: stream, as: Unicode.ASCII.self).contains("OpenJPEG"))
    }
  }

  @Test func `32 bits are coded in RLE`() throws {
    let frame = SampleObjects.frame(9, 7, allocated: 32)
    #expect(try decoded(try #require(FrameEncoder(.rleLossless)).encode(frame), .rleLossless, frame) == frame)
  }

  @Test func `changed objects keep their transfer syntax where it allows a frame without loss`() {
    func plan(_ syntax: UID, _ label: PhotometricInterpretation = .monochrome2, bits: Int = 16) -> RecodingPlan? {
      RecodingPlan(
        source: syntax,
        format: ImageFormat(
          rows: 1, columns: 1, photometricInterpretation: label, bitsAllocated: bits, bitsStored: bits))
    }
    for syntax in [UID.explicitVRLittleEndian, .rleLossless, .jpegLossless, .jpegLSNearLossless, .jpeg2000] {
      #expect(plan(syntax)?.transferSyntax == syntax)
      #expect(plan(syntax)?.recodesAllFrames == false)
    }
    #expect(plan(.jpegBaseline8Bit)?.transferSyntax == .jpegLosslessSV1)
    #expect(plan(.jpegBaseline8Bit)?.recodesAllFrames == true)
    #expect(plan(.jpegBaseline8Bit)?.sourceIsLossy == true)
    #expect(plan(.htj2kLossless)?.transferSyntax == .jpeg2000Lossless)
    #expect(plan(.jpeg2000, .ybrICT)?.transferSyntax == .jpeg2000Lossless)
    #expect(plan(.jpeg2000Lossless, bits: 32)?.transferSyntax == .rleLossless)
    #expect(plan(UID("1.2.840.10008.1.2.4.100") ?? .jpeg2000) == nil)
  }

  @Test func `offset tables count item headers and padding, and become wide when they must`() {
    let small = FragmentTables(lengths: [5, 6, 7])
    #expect(small.basic == [0, 0, 0, 0, 14, 0, 0, 0, 28, 0, 0, 0])
    #expect(small.extended == nil)
    let large = FragmentTables(lengths: [0xFFFF_FF00, 0xFFFF_FF00, 4])
    #expect(large.basic.isEmpty)
    #expect(large.extended?.offsets.suffix(8) == [0x10, 0xFE, 0xFF, 0xFF, 1, 0, 0, 0])
    #expect(large.extended?.lengths.suffix(8) == [4, 0, 0, 0, 0, 0, 0, 0])
    #expect(FragmentTables.item([1, 2, 3]) == [0xFE, 0xFF, 0x00, 0xE0, 4, 0, 0, 0, 1, 2, 3, 0])
  }
}
