import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct RLEStreamTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An RLE frame of one row of four pixels from a header and segments.
  private func decode(_ header: [UInt32], _ segments: [UInt8]) throws -> [UInt8] {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 1, columns: 4)
    let longs = (header + [UInt32](repeating: 0, count: 16 - header.count)).flatMap { dataSet.long($0) }
    dataSet.addFragments([longs + segments])
    var file = try DICOMFile(path: folder.write(DICOMBytes.file(.rleLossless, dataSet.bytes), to: "rle.dcm"))
    return try file.frame(0).bytes
  }

  @Test(
    "PS3.5 G.3.2: literal and replicate runs, and the byte that stands for nothing",
    arguments: [
      ([3, 1, 2, 3, 4, 0], [1, 2, 3, 4]),
      ([0xFD, 7], [7, 7, 7, 7]),
      ([0x80, 0xFF, 9, 1, 5, 6], [9, 9, 5, 6]),
    ] as [([UInt8], [UInt8])])
  func runs(segment: [UInt8], values: [UInt8]) throws {
    let decoded = try decode([1, 64], segment)
    #expect(decoded == values)
  }

  @Test(
    "a stream that does not yield every pixel is refused",
    arguments: [
      ([1, 64], [0xFE, 7]),
      ([1, 64], [3, 1, 2, 3]),
      ([1, 64], [0x80, 0x80]),
      ([1, 64], [0x03, 1]),
      ([2, 64, 66], [0xFD, 7, 0xFD, 7]),
      ([0], [0xFD, 7]),
      ([1, 62], [0xFD, 7]),
      ([1, 68], [0xFD, 7]),
      ([1, UInt32.max], [0xFD, 7]),
    ] as [([UInt32], [UInt8])])
  func damage(header: [UInt32], segments: [UInt8]) throws {
    let error = #expect(throws: DICOMFileError.self) { try decode(header, segments) }
    #expect(error?.refusalReason == .decodeError)
  }
}
