import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Compressed frames in unusual dress. The code streams come from the writer, the objects around them are built here.
struct CodeStreamTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The fragments of frames written by the writer, one a frame.
  private func streams(_ transferSyntax: UID, _ frames: [StoredFrame]) throws -> [[UInt8]] {
    let path = folder.path("streams.dcm")
    try DICOMFileWriter.write(
      SampleObjects.secondaryCapture(), transferSyntax: transferSyntax, frames: frames, to: path)
    let bytes = try folder.read("streams.dcm")
    // Pixel Data is the last element: find its header, then walk the items.
    let header: [UInt8] = [0xE0, 0x7F, 0x10, 0x00, 0x4F, 0x42, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    let start = try #require((0..<bytes.count - 12).first { Array(bytes[$0..<$0 + 12]) == header })
    var (offset, fragments): (Int, [[UInt8]]) = (start + 12, [])
    while bytes[offset + 2] == 0x00 {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + 4 + $1]) << (8 * $1) }
      fragments.append(Array(bytes[offset + 8..<offset + 8 + length]))
      offset += 8 + length
    }
    return Array(fragments.dropFirst())
  }

  private func open(_ transferSyntax: UID, _ build: (inout DICOMBytes) -> Void) throws -> DICOMFile {
    var dataSet = DICOMBytes()
    build(&dataSet)
    return try DICOMFile(path: folder.write(DICOMBytes.file(transferSyntax, dataSet.bytes), to: "image.dcm"))
  }

  private static let marked: [UID] = [.jpegLosslessSV1, .jpegLSLossless]

  @Test("frames split over fragments without an offset table are found by their first marker", arguments: marked)
  func splitFrames(transferSyntax: UID) throws {
    let frames = (0..<3).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let parts = try streams(transferSyntax, frames).flatMap { stream -> [[UInt8]] in
      let middle = stream.count / 2 & ~1
      return [Array(stream[..<middle]), Array(stream[middle...])]
    }
    var file = try open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "3")
      $0.addFragments(parts)
    }
    for index in [2, 0, 1] { #expect(try file.frame(index).bytes == frames[index].bytes) }
  }

  @Test("an offset table assigns fragments", arguments: marked)
  func offsetTable(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try streams(transferSyntax, frames)
    let parts = [Array(whole[0][..<60]), Array(whole[0][60...]), whole[1]]
    var file = try open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "2")
      $0.addFragments(table: [0, UInt32(whole[0].count + 16)], parts)
    }
    #expect(try file.frame(1).bytes == frames[1].bytes)
    #expect(try file.frame(0).bytes == frames[0].bytes)
  }

  @Test("empty fragments and padding between and behind frames do not count", arguments: marked)
  func emptyFragments(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try streams(transferSyntax, frames)
    let halves = [Array(whole[0][..<60]), Array(whole[0][60...])]
    for parts in [whole + [[]], [whole[0], [], whole[1], []], halves + [whole[1], []], [[], whole[0], whole[1]]] {
      var file = try open(transferSyntax) {
        $0.addImage(rows: 16, columns: 16, frames: "2")
        $0.addFragments(parts)
      }
      for index in [1, 0] { #expect(try file.frame(index).bytes == frames[index].bytes) }
    }
  }

  @Test("a table that points nowhere gives way to the markers", arguments: marked)
  func wrongTable(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try streams(transferSyntax, frames)
    let parts = [Array(whole[0][..<60]), Array(whole[0][60...]), whole[1]]
    for table in [[UInt32(0), 61], [0], [4, 8], [0, 0xFFFF_FFFF]] {
      var file = try open(transferSyntax) {
        $0.addImage(rows: 16, columns: 16, frames: "2")
        $0.addFragments(table: table, parts)
      }
      for index in [1, 0] { #expect(try file.frame(index).bytes == frames[index].bytes) }
    }
  }

  @Test("where a start marker stands inside a frame, ends tell frames apart", arguments: marked)
  func endMarkers(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try streams(transferSyntax, frames)
    // A comment segment with a start marker inside, and a fragment that begins there.
    let comment: [UInt8] = [0xFF, 0xFE, 0, 6, 0xFF, 0xD8, 0xFF, 0]
    let first = Array(whole[0][..<2]) + comment + whole[0][2...]
    let parts = [Array(first[..<6]), Array(first[6...]), whole[1]]
    var file = try open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "2")
      $0.addFragments(parts)
    }
    for index in [1, 0] { #expect(try file.frame(index).bytes == frames[index].bytes) }
  }

  @Test("the code stream knows its colours better than the label", arguments: ["RGB", "YBR_FULL_422"])
  func colourOfTheCodeStream(label: String) throws {
    let written = try streams(.jpegBaseline8Bit, [SampleObjects.gradient(16, 16, .rgb)])[0]
    // The writer's code stream begins with a JFIF segment of 16 bytes.
    #expect(written[2..<6].elementsEqual([0xFF, 0xE0, 0, 16]))
    let stream = Array(written[..<2]) + written[20...]
    func photometric(_ segments: [UInt8], named: [UInt8]? = nil) throws -> PhotometricInterpretation {
      var changed = Array(stream[..<2]) + segments + stream[2...]
      if let named {
        // SOF0 and SOS name the components; SOF0 has three bytes for each, SOS two.
        let frame = try #require(changed.firstRange(of: [0xFF, 0xC0])).lowerBound + 10
        let scan = try #require(changed.firstRange(of: [0xFF, 0xDA])).lowerBound + 5
        for (index, name) in named.enumerated() {
          changed[frame + 3 * index] = name
          changed[scan + 2 * index] = name
        }
      }
      var file = try open(.jpegBaseline8Bit) {
        $0.addImage(rows: 16, columns: 16, samples: 3, photometric: label, planar: 0)
        $0.addFragments([changed])
      }
      return try file.frame(0).format.photometricInterpretation
    }
    #expect(!stream.contains(Array("JFIF".utf8)) && !stream.contains(Array("Adobe".utf8)))
    let jfif: [UInt8] = [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0]
    func adobe(_ transform: UInt8) -> [UInt8] {
      [0xFF, 0xEE, 0, 14] + Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, transform]
    }
    #expect(try photometric([]) == (label == "RGB" ? .rgb : .ybrFull))
    #expect(try photometric(jfif) == .ybrFull)
    #expect(try photometric(adobe(0)) == .rgb)
    #expect(try photometric(adobe(1)) == .ybrFull)
    #expect(try photometric([], named: Array("RGB".utf8)) == .rgb)
    #expect(try photometric(jfif, named: Array("rgb".utf8)) == .rgb)
  }

  @Test(
    "the lossy processes of JPEG, retired ones too, are decoded",
    .enabled(if: ExternalCommand("dcmcjpeg") != nil, "dcmcjpeg (dcmtk) is not on PATH: processes 2 to 12 unchecked"),
    arguments: [("+eb", "50"), ("+ee", "51"), ("+es", "53"), ("+ep", "55")])
  func lossyProcesses(option: String, process: String) throws {
    let encoder = try #require(ExternalCommand("dcmcjpeg"))
    for stored in process == "50" ? [8] : [8, 12] {
      let gradient = SampleObjects.gradient(32, 24, .monochrome2)
      let bytes = stored == 8 ? gradient.bytes : gradient.bytes.flatMap { [$0 << 3, $0 >> 5] }
      let frame = StoredFrame(
        format: ImageFormat(
          rows: 32, columns: 24, photometricInterpretation: .monochrome2, bitsAllocated: stored == 8 ? 8 : 16,
          bitsStored: stored), bytes: bytes)
      try DICOMFileWriter.write(
        SampleObjects.secondaryCapture(), transferSyntax: .explicitVRLittleEndian, frames: [frame],
        to: folder.path("native.dcm"))
      let run = try encoder.run([option, folder.path("native.dcm"), folder.path("jpeg.dcm")])
      #expect(run.status == 0, "\(run.text)")
      var file = try DICOMFile(path: folder.path("jpeg.dcm"))
      #expect(file.header.transferSyntax.value == "1.2.840.10008.1.2.4.\(process)")
      let decoded = try file.frame(0)
      let worst = zip(decoded.storedValues(), frame.storedValues()).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= 4 << Int32(stored - 8), "\(worst)")
    }
  }

  @Test("an Extended Offset Table assigns fragments (PS3.3 C.7.6.3.1.8)", arguments: marked)
  func extendedOffsetTable(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try streams(transferSyntax, frames)
    var file = try open(transferSyntax) { dataSet in
      dataSet.addImage(rows: 16, columns: 16, frames: "2")
      let second = dataSet.long(UInt32(whole[0].count + 8))
      let offsets = [UInt8](repeating: 0, count: 8) + second + [UInt8](repeating: 0, count: 4)
      dataSet.add(.extendedOffsetTable, "OV", offsets)
      dataSet.addFragments([whole[0], whole[1]])
    }
    #expect(file.frameCount == 2)
    #expect(try file.frame(1).bytes == frames[1].bytes)
  }

  @Test(
    "eight bits of code stream fill a 16-bit container",
    arguments: [UID.jpegLosslessSV1, .jpegLSLossless, .jpegBaseline8Bit])
  func narrowStream(transferSyntax: UID) throws {
    let frame = SampleObjects.gradient(8, 8, .monochrome2)
    let parts = try streams(transferSyntax, [frame])
    var plain = try open(transferSyntax) {
      $0.addImage(rows: 8, columns: 8)
      $0.addFragments(parts)
    }
    let expected = try plain.frame(0).storedValues()
    var file = try open(transferSyntax) {
      $0.addImage(rows: 8, columns: 8, allocated: 16, stored: 8)
      $0.addFragments(parts)
    }
    #expect(try file.frame(0).storedValues() == expected)
    #expect(try file.frame(0).format.bitsAllocated == 16)
  }

  @Test("colour comes out interleaved whatever Planar Configuration says", arguments: [nil, 0, 1] as [Int?])
  func planarConfiguration(planar: Int?) throws {
    let frame = SampleObjects.frame(4, 6, .rgb)
    for transferSyntax in [UID.rleLossless, .jpegLosslessSV1, .jpegLSLossless] {
      let parts = try streams(transferSyntax, [frame])
      var file = try open(transferSyntax) {
        $0.addImage(rows: 4, columns: 6, samples: 3, photometric: "RGB", planar: planar)
        $0.addFragments(parts)
      }
      #expect(try file.frame(0) == frame)
    }
  }

  @Test func `attributes that DCMTK needs and the object lacks are filled in`() throws {
    let frame = SampleObjects.frame(4, 6)
    let parts = try streams(.jpegLSLossless, [frame])
    var file = try open(.jpegLSLossless) {
      $0.addImage(rows: 4, columns: 6, without: [.samplesPerPixel, .highBit])
      $0.addFragments(parts)
    }
    #expect(try file.frame(0) == frame)
  }

  @Test("a code stream of another size than the attributes is refused", arguments: marked)
  func contradiction(transferSyntax: UID) throws {
    let parts = try streams(transferSyntax, [SampleObjects.frame(16, 16)])
    for (rows, columns, tag) in [(32, 16, Tag.rows), (16, 8, .columns)] {
      var file = try open(transferSyntax) {
        $0.addImage(rows: rows, columns: columns)
        $0.addFragments(parts)
      }
      let expected = DICOMFileError.codeStreamMismatch(tag, attribute: tag == .rows ? 32 : 8, codeStream: 16)
      #expect(throws: expected) { try file.frame(0) }
    }
    var colour = try open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, samples: 3, photometric: "RGB", planar: 0)
      $0.addFragments(parts)
    }
    #expect(throws: DICOMFileError.codeStreamMismatch(.samplesPerPixel, attribute: 3, codeStream: 1)) {
      try colour.frame(0)
    }
  }

  @Test func `twelve bits of code stream do not fit a container of eight`() throws {
    let parts = try streams(.jpegLosslessSV1, [SampleObjects.frame(16, 16, allocated: 16, stored: 12)])
    var file = try open(.jpegLosslessSV1) {
      $0.addImage(rows: 16, columns: 16)
      $0.addFragments(parts)
    }
    #expect(throws: DICOMFileError.codeStreamMismatch(.bitsAllocated, attribute: 8, codeStream: 16)) {
      try file.frame(0)
    }
  }

  @Test func `fewer fragments than frames, or fragments nobody can assign, are refused at once`() throws {
    let parts = try streams(.rleLossless, [SampleObjects.frame()])
    #expect(throws: DICOMFileError.unassignableFragments(fragments: 1, frames: 2)) {
      _ = try open(.rleLossless) {
        $0.addImage(rows: 6, columns: 8, frames: "2")
        $0.addFragments(parts)
      }
    }
    #expect(throws: DICOMFileError.unassignableFragments(fragments: 3, frames: 2)) {
      _ = try open(.rleLossless) {
        $0.addImage(rows: 6, columns: 8, frames: "2")
        $0.addFragments(parts + parts + parts)
      }
    }
    #expect(throws: DICOMFileError.unassignableFragments(fragments: 0, frames: 1)) {
      _ = try open(.rleLossless) {
        $0.addImage(rows: 6, columns: 8)
        $0.addFragments([])
      }
    }
  }

  @Test(
    "a damaged code stream is an error of that frame alone",
    arguments: [UID.rleLossless, .jpegLosslessSV1, .jpegLSLossless])
  func damage(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    var parts = try streams(transferSyntax, frames)
    parts[0] = Array(parts[0].prefix(transferSyntax == .rleLossless ? 66 : 30))
    var file = try open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "2")
      $0.addFragments(parts)
    }
    #expect(throws: DICOMFileError.self) { try file.frame(0) }
    #expect(try file.frame(1).bytes == frames[1].bytes)
  }
}
