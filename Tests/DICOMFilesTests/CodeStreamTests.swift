import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Compressed frames in unusual dress. The code streams come from the writer, the objects around them are built here.
struct CodeStreamTests {
  private let objects: EncapsulatedObjects

  init() throws { objects = try EncapsulatedObjects() }

  private static let marked: [UID] = [.jpegLosslessSV1, .jpegLSLossless]

  @Test(
    "eight bits of code stream fill a 16-bit container",
    arguments: [UID.jpegLosslessSV1, .jpegLSLossless, .jpegBaseline8Bit])
  func narrowStream(transferSyntax: UID) throws {
    let frame = SampleObjects.gradient(8, 8, .monochrome2)
    let parts = try objects.streams(transferSyntax, [frame])
    var plain = try objects.open(transferSyntax) {
      $0.addImage(rows: 8, columns: 8)
      $0.addFragments(parts)
    }
    let expected = try plain.frame(0).storedValues()
    var file = try objects.open(transferSyntax) {
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
      let parts = try objects.streams(transferSyntax, [frame])
      var file = try objects.open(transferSyntax) {
        $0.addImage(rows: 4, columns: 6, samples: 3, photometric: "RGB", planar: planar)
        $0.addFragments(parts)
      }
      #expect(try file.frame(0) == frame)
    }
  }

  @Test func `attributes that DCMTK needs and the object lacks are filled in`() throws {
    let frame = SampleObjects.frame(4, 6)
    let parts = try objects.streams(.jpegLSLossless, [frame])
    var file = try objects.open(.jpegLSLossless) {
      $0.addImage(rows: 4, columns: 6, without: [.samplesPerPixel, .highBit])
      $0.addFragments(parts)
    }
    #expect(try file.frame(0) == frame)
  }

  @Test("a code stream of another size than the attributes is refused", arguments: marked)
  func contradiction(transferSyntax: UID) throws {
    let parts = try objects.streams(transferSyntax, [SampleObjects.frame(16, 16)])
    for (rows, columns, tag) in [(32, 16, Tag.rows), (16, 8, .columns)] {
      var file = try objects.open(transferSyntax) {
        $0.addImage(rows: rows, columns: columns)
        $0.addFragments(parts)
      }
      let expected = DICOMFileError.codeStreamMismatch(tag, attribute: tag == .rows ? 32 : 8, codeStream: 16)
      #expect(throws: expected) { try file.frame(0) }
    }
    var colour = try objects.open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, samples: 3, photometric: "RGB", planar: 0)
      $0.addFragments(parts)
    }
    #expect(throws: DICOMFileError.codeStreamMismatch(.samplesPerPixel, attribute: 3, codeStream: 1)) {
      try colour.frame(0)
    }
  }

  @Test func `twelve bits of code stream do not fit a container of eight`() throws {
    let parts = try objects.streams(.jpegLosslessSV1, [SampleObjects.frame(16, 16, allocated: 16, stored: 12)])
    var file = try objects.open(.jpegLosslessSV1) {
      $0.addImage(rows: 16, columns: 16)
      $0.addFragments(parts)
    }
    #expect(throws: DICOMFileError.codeStreamMismatch(.bitsAllocated, attribute: 8, codeStream: 16)) {
      try file.frame(0)
    }
  }

  @Test(
    "a damaged code stream is an error of that frame alone",
    arguments: [UID.rleLossless, .jpegLosslessSV1, .jpegLSLossless])
  func damage(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    var parts = try objects.streams(transferSyntax, frames)
    parts[0] = Array(parts[0].prefix(transferSyntax == .rleLossless ? 66 : 30))
    var file = try objects.open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "2")
      $0.addFragments(parts)
    }
    #expect(throws: DICOMFileError.self) { try file.frame(0) }
    #expect(try file.frame(1).bytes == frames[1].bytes)
  }
}
