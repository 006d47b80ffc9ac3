import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// JPEG 2000 frames in right and wrong dress, around one small code stream.
struct JPEG2000Tests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(
    _ fragments: [[UInt8]], table: [UInt32] = [], _ transferSyntax: UID = .jpeg2000Lossless,
    _ describe: (inout DICOMBytes) -> Void = { $0.addImage(rows: 8, columns: 8) }
  ) throws -> DICOMFile {
    var dataSet = DICOMBytes()
    describe(&dataSet)
    dataSet.addFragments(table: table, fragments)
    return try DICOMFile(path: folder.write(DICOMBytes.file(transferSyntax, dataSet.bytes), to: "image.dcm"))
  }

  private let small = JPEG2000Streams.small
  private let samples = JPEG2000Streams.smallSamples

  @Test(
    "a code stream is decoded under every transfer syntax of the family",
    arguments: [UID.jpeg2000Lossless, .jpeg2000, .htj2kLossless, .htj2kLosslessRPCL, .htj2k])
  func transferSyntaxes(transferSyntax: UID) throws {
    var file = try open([small], transferSyntax)
    #expect(try file.frame(0).bytes == samples)
  }

  @Test func `the boxes of a JP2 file are passed over`() throws {
    let boxed = JPEG2000Streams.boxed(small, enumeratedColourSpace: 17)
    var file = try open([boxed])
    #expect(try file.frame(0).bytes == samples)
    // Any cut leaves no whole code stream.
    for length in stride(from: 1, to: boxed.count - 2, by: 9) {
      var cut = try open([Array(boxed.prefix(length))])
      #expect(throws: DICOMFileError.self) { try cut.frame(0) }
    }
  }

  @Test func `eight bits of code stream fill wider containers`() throws {
    for allocated in [16, 32] {
      var file = try open([small]) { $0.addImage(rows: 8, columns: 8, allocated: allocated, stored: 8) }
      let frame = try file.frame(0)
      #expect(frame.format.bitsAllocated == allocated)
      #expect(frame.storedValues() == samples.map(Int32.init))
    }
  }

  @Test func `a code stream wider than Bits Stored keeps its bits`() throws {
    var file = try open([small]) { $0.addImage(rows: 8, columns: 8, stored: 6) }
    let frame = try file.frame(0)
    #expect(frame.bytes == samples)
    #expect((frame.format.bitsStored, frame.format.highBit) == (8, 7))
  }

  @Test func `Pixel Representation says how to read the bits of a code stream that disagrees`() throws {
    var file = try open([small]) { $0.addImage(rows: 8, columns: 8, allocated: 16, stored: 12, signed: 1) }
    let frame = try file.frame(0)
    #expect(frame.storedValues() == samples.map { Int32(Int8(bitPattern: $0)) })
    #expect(frame.format.isSigned && frame.format.bitsStored == 12)
    // With the sign bit of Ssiz set, the samples lose their level shift and come out 128 lower.
    var signed = small
    signed[42] |= 0x80
    var unsigned = try open([signed]) { $0.addImage(rows: 8, columns: 8, allocated: 16, stored: 8) }
    #expect(try unsigned.frame(0).storedValues() == samples.map { Int32($0 ^ 0x80) })
    var both = try open([signed]) { $0.addImage(rows: 8, columns: 8, allocated: 16, signed: 1) }
    #expect(try both.frame(0).storedValues() == samples.map { Int32($0) - 128 })
  }

  @Test func `frames are found by their markers, their ends, or a table, and read in any order`() throws {
    let halves = [Array(small[..<60]), Array(small[60...])]
    let boxed = JPEG2000Streams.boxed(small, enumeratedColourSpace: 17)
    let eight = (0..<small.count / 8 + 1).map { Array(small[($0 * 8)..<min(small.count, $0 * 8 + 8)]) }
    let layouts: [([UInt32], [[UInt8]])] = [
      ([], halves + halves), ([], halves + [small]), ([], [boxed] + halves + [[]]), ([], eight + eight + [[], []]),
      ([0, UInt32(small.count + 16)], halves + [small]), ([0, 5], halves + [small]),
    ]
    for (table, fragments) in layouts {
      var file = try open(fragments, table: table) { $0.addImage(rows: 8, columns: 8, frames: "2") }
      for index in [1, 0, 1] { #expect(try file.frame(index).bytes == samples) }
    }
  }

  @Test func `sizes that the attributes do not confirm are refused before they cost memory`() throws {
    func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
      var stream = small
      stream.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      return stream
    }
    let huge: [UInt8] = [0, 0, 0xEA, 0x60]
    let cases: [([UInt8], DICOMFileError)] = [
      (patched(8, huge), .codeStreamMismatch(.columns, attribute: 8, codeStream: 60000)),
      (patched(12, huge), .codeStreamMismatch(.rows, attribute: 8, codeStream: 60000)),
      (patched(42, [15]), .codeStreamMismatch(.bitsAllocated, attribute: 8, codeStream: 16)),
      (
        patched(24, [0, 0, 0, 1, 0, 0, 0, 1]),
        .undecodableFrame(index: 0, detail: "64 tiles in a code stream of \(small.count) bytes")
      ),
    ]
    for (stream, error) in cases {
      var file = try open([stream])
      #expect(throws: error) { try file.frame(0) }
    }
    var colour = try open([small]) { $0.addImage(rows: 8, columns: 8, samples: 3, photometric: "RGB", planar: 0) }
    #expect(throws: DICOMFileError.codeStreamMismatch(.samplesPerPixel, attribute: 3, codeStream: 1)) {
      try colour.frame(0)
    }
    // 60000 × 60000 on both sides is more than a frame may have.
    do {
      _ = try open([patched(8, huge + huge)]) { $0.addImage(rows: 60000, columns: 60000) }
      Issue.record("a frame of 3.6 GB was opened")
    } catch DICOMFileError.structure(let finding) {
      #expect(finding.rule == .frameSize)
    }
  }

  @Test func `a code stream cut anywhere is an error, not a picture with a grey end`() throws {
    for length in 0..<small.count - 2 {
      var file = try open([Array(small.prefix(length)) + (length == 0 ? [0, 0] : [])])
      #expect(throws: DICOMFileError.self, "\(length) of \(small.count) bytes") { try file.frame(0) }
    }
  }

  @Test func `another code stream under the label is refused by name`() throws {
    var file = try open([[0xFF, 0xD8, 0xFF, 0xF7] + small])
    #expect(throws: DICOMFileError.undecodableFrame(index: 0, detail: "not a JPEG 2000 code stream")) {
      try file.frame(0)
    }
    #expect(throws: DICOMFileError.unsupportedTransferSyntax(UID("1.2.840.10008.1.2.4.92") ?? .jpeg2000)) {
      _ = try open([small], UID("1.2.840.10008.1.2.4.92") ?? .jpeg2000)
    }
  }

  @Test func `flipped bits end in a frame or an error`() throws {
    var random = FixedRandom(seed: 2_000)
    for _ in 0..<300 {
      var damaged = small
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: 0..<small.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      var file = try open([damaged])
      do {
        #expect(try file.frame(0).bytes.count == 64)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
