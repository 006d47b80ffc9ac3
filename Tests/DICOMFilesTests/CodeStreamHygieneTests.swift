import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// What could carry text in a code stream goes; what decoders need stays to the bit.
struct CodeStreamHygieneTests {
  private static let secret = Array("MUSTERMANN^ERIKA".utf8)
  private static let format = SampleObjects.frame(16, 16).format

  private static func stream(_ syntax: UID) throws -> [UInt8] {
    try #require(FrameEncoder(syntax)).encode(SampleObjects.frame(16, 16))
  }

  private static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0xFF, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 0xFF)] + content
  }

  private func clean(_ bytes: [UInt8], _ syntax: UID) throws -> [UInt8] {
    try CodeStreamHygiene.cleaned(bytes, transferSyntax: syntax, format: Self.format)
  }

  @Test(
    "comments, application data and bytes behind the end go from JPEG",
    arguments: [UID.jpegLosslessSV1, .jpegLSLossless])
  func jpeg(syntax: UID) throws {
    let stream = try Self.stream(syntax)
    for marker in [0xFE, 0xE0, 0xE1, 0xE2, 0xE8, 0xED, 0xEE, 0xEF] as [UInt8] {
      let planted = Array(stream.prefix(2)) + Self.segment(marker, Self.secret) + [0xFF] + stream.dropFirst(2)
      #expect(try clean(planted, syntax) == stream)
    }
    #expect(try clean(stream + Self.secret, syntax) == stream)
    #expect(try clean(stream + [0, 0], syntax) == stream)
    #expect(try clean(Array(stream.dropLast(2)), syntax) == stream)
  }

  @Test func `of JFIF and Adobe stays what says how colours are meant`() throws {
    let stream = try Self.stream(.jpegLosslessSV1)
    let jfif = Array("JFIF\0".utf8) + [1, 2, 1, 0, 99, 0, 98, 1, 1, 7, 7, 7]
    let adobe = Array("Adobe".utf8) + [1, 2, 3, 4, 5, 6, 1]
    let planted =
      Array(stream.prefix(2)) + Self.segment(0xE0, jfif) + Self.segment(0xEE, adobe + Self.secret)
      + stream.dropFirst(2)
    let expected =
      Array(stream.prefix(2)) + Self.segment(0xE0, Array("JFIF\0".utf8) + [1, 2, 0, 0, 1, 0, 1, 0, 0])
      + Self.segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 1]) + stream.dropFirst(2)
    #expect(try clean(planted, .jpegLosslessSV1) == expected)
  }

  @Test func `the colour transform of JPEG-LS stays`() throws {
    let stream = try Self.stream(.jpegLSLossless)
    let planted = Array(stream.prefix(2)) + Self.segment(0xE8, Array("mrfx".utf8) + [1]) + stream.dropFirst(2)
    #expect(try clean(planted, .jpegLSLossless) == planted)
  }

  @Test func `comments go from the headers of JPEG 2000, and lengths follow`() throws {
    let stream = try Self.stream(.jpeg2000Lossless)
    let comment = [0xFF, 0x64, 0, UInt8(Self.secret.count + 4), 0, 1] + Self.secret
    let tile = try #require((2..<stream.count).first { stream[$0] == 0xFF && stream[$0 + 1] == 0x90 })
    let length = (0..<4).reduce(0) { $0 << 8 | Int(stream[tile + 6 + $1]) }
    func bytes(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    // TLM with one 32-bit length and no index.
    func table(_ value: Int) -> [UInt8] { [0xFF, 0x55, 0, 8, 0, 0x40] + bytes(value) }
    let grown = length + comment.count
    let planted =
      Array(stream[..<tile]) + comment + table(grown) + stream[tile..<tile + 6] + bytes(grown)
      + stream[tile + 10..<tile + 12] + comment + stream[(tile + 12)...] + Self.secret
    let expected = Array(stream[..<tile]) + table(length) + stream[tile...]
    #expect(try clean(planted, .jpeg2000Lossless) == expected)
    #expect(try clean(stream, .jpeg2000Lossless) == stream)
  }

  @Test func `the boxes of a JP2 file go, unless they say what the colours are`() throws {
    let stream = JPEG2000Streams.small
    #expect(try clean(JPEG2000Streams.boxed(stream, enumeratedColourSpace: 17), .jpeg2000) == stream)
  }

  @Test func `what stands behind the runs of RLE segments goes`() throws {
    let frame = SampleObjects.frame(16, 16, allocated: 16)
    let stream = try #require(FrameEncoder(.rleLossless)).encode(frame)
    let second = Int(stream[8]) | Int(stream[9]) << 8
    var planted = Array(stream[..<second]) + Self.secret + stream[second...] + Self.secret
    let moved = second + Self.secret.count
    (planted[8], planted[9], planted[60]) = (UInt8(moved & 0xFF), UInt8(moved >> 8), 0x41)
    let cleaned = try CodeStreamHygiene.cleaned(planted, transferSyntax: .rleLossless, format: frame.format)
    #expect(cleaned == stream)
  }

  @Test func `native pixel data end with their last sample`() throws {
    #expect(try NativeHygiene.cleaned([1, 2, 3] + Self.secret, bits: 24) == [1, 2, 3])
    #expect(try NativeHygiene.cleaned([0xFF, 0xFF], bits: 9) == [0xFF, 0x01])
    #expect(throws: CodeStreamDamage.missingBytes(expected: 4, found: 3)) {
      try NativeHygiene.cleaned([1, 2, 3], bits: 32)
    }
  }

  @Test func `bits outside Bits Stored are cleared, the sign stays`() {
    var unsigned: [UInt8] = [0xFF, 0xF0, 0x23, 0x01]
    var format = ImageFormat(
      rows: 1, columns: 2, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)
    NativeHygiene.clearUnusedBits(&unsigned, format)
    #expect(unsigned == [0xFF, 0x00, 0x23, 0x01])
    var signed: [UInt8] = [0x00, 0x58, 0x23, 0xF1]
    format.isSigned = true
    NativeHygiene.clearUnusedBits(&signed, format)
    #expect(signed == [0x00, 0xF8, 0x23, 0x01])
  }

  @Test func `damage has a name`() throws {
    let stream = try Self.stream(.jpegLosslessSV1)
    #expect(throws: CodeStreamDamage.noStart) { try clean([1, 2, 3, 4], .jpegLosslessSV1) }
    #expect(throws: CodeStreamDamage.cutShort(at: 2)) { try clean(Array(stream.prefix(8)), .jpegLosslessSV1) }
    #expect(throws: CodeStreamDamage.unexpectedMarker(0xFF02, at: 2)) {
      try clean(Array(stream.prefix(2)) + [0xFF, 2, 0, 2] + stream.dropFirst(2), .jpegLosslessSV1)
    }
    // A table that holds more than it says could hold anything.
    let padded = Self.segment(0xDB, [0] + [UInt8](repeating: 1, count: 64) + Self.secret)
    #expect(throws: CodeStreamDamage.wrongLength(marker: 0xFFDB, at: 2)) {
      try clean(Array(stream.prefix(2)) + padded + stream.dropFirst(2), .jpegLosslessSV1)
    }
    #expect(throws: CodeStreamDamage.unknownKind) { try clean(stream, .explicitVRLittleEndian) }
  }

  /// Every frame of the corpus that decodes, cleaned and decoded again.
  @Test(
    .enabled(if: SharedData.path("dicom-corpus") != nil, "needs ../shared/dicom-corpus: not checked on real streams"))
  func `real code streams decode to the same samples when they are clean`() throws {
    let root = try #require(SharedData.path("dicom-corpus"))
    var cleaned = 0
    for name in CorpusTable.used.map(\.name) {
      guard var file = try? DICOMFile(path: root + "/" + name), let bytes = try file.codeStream(0),
        file.header.transferSyntax != .deflatedImageFrame
      else { continue }
      let clean = try CodeStreamHygiene.cleaned(
        bytes, transferSyntax: file.header.transferSyntax, format: file.format)
      #expect(clean.count <= bytes.count + 2, "\(name)")
      #expect(try file.decode(clean, as: 0) == file.frame(0), "\(name)")
      cleaned += 1
    }
    #expect(cleaned >= 25)
  }

  @Test func `tables that no component uses go from JPEG, alone or beside others`() throws {
    let stream = try Self.stream(.jpegLosslessSV1)
    let quantization = [3] + [UInt8](repeating: 0x41, count: 64)
    // Class 0 as number 3, and class 1, which lossless processes have no use for.
    let huffman = [0x03, 1] + [UInt8](repeating: 0, count: 15) + [0x41]
    let planted =
      Array(stream.prefix(2)) + Self.segment(0xDB, quantization) + Self.segment(0xC4, huffman)
      + Self.segment(0xC4, [0x10] + huffman.dropFirst()) + stream.dropFirst(2)
    #expect(try clean(planted, .jpegLosslessSV1) == stream)
    let place = try #require((2..<stream.count).first { stream[$0] == 0xFF && stream[$0 + 1] == 0xC4 })
    var longer = stream
    longer.insert(contentsOf: huffman, at: place + 4)
    longer[place + 3] += UInt8(huffman.count)
    #expect(try clean(longer, .jpegLosslessSV1) == stream)
  }

  @Test func `lists of packet lengths go from JPEG 2000`() throws {
    let stream = try Self.stream(.jpeg2000Lossless)
    let list = [0xFF, 0x57, 0, UInt8(Self.secret.count + 3), 0] + Self.secret
    let tile = try #require((2..<stream.count).first { stream[$0] == 0xFF && stream[$0 + 1] == 0x90 })
    #expect(try clean(Array(stream[..<tile]) + list + stream[tile...], .jpeg2000Lossless) == stream)
  }
}
