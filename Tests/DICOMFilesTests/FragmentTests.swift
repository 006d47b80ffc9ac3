import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Which fragments make up which frame (PS3.5 A.4).
struct FragmentTests {
  private let objects: EncapsulatedObjects

  init() throws { objects = try EncapsulatedObjects() }

  private static let marked: [UID] = [.jpegLosslessSV1, .jpegLSLossless]

  @Test("frames split over fragments without an offset table are found by their first marker", arguments: marked)
  func splitFrames(transferSyntax: UID) throws {
    let frames = (0..<3).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let parts = try objects.streams(transferSyntax, frames).flatMap { stream -> [[UInt8]] in
      let middle = stream.count / 2 & ~1
      return [Array(stream[..<middle]), Array(stream[middle...])]
    }
    var file = try objects.open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "3")
      $0.addFragments(parts)
    }
    for index in [2, 0, 1] { #expect(try file.frame(index).bytes == frames[index].bytes) }
  }

  @Test("an offset table assigns fragments", arguments: marked)
  func offsetTable(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try objects.streams(transferSyntax, frames)
    let parts = [Array(whole[0][..<60]), Array(whole[0][60...]), whole[1]]
    var file = try objects.open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "2")
      $0.addFragments(table: [0, UInt32(whole[0].count + 16)], parts)
    }
    #expect(try file.frame(1).bytes == frames[1].bytes)
    #expect(try file.frame(0).bytes == frames[0].bytes)
  }

  @Test("empty fragments and padding between and behind frames do not count", arguments: marked)
  func emptyFragments(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try objects.streams(transferSyntax, frames)
    let halves = [Array(whole[0][..<60]), Array(whole[0][60...])]
    for parts in [whole + [[]], [whole[0], [], whole[1], []], halves + [whole[1], []], [[], whole[0], whole[1]]] {
      var file = try objects.open(transferSyntax) {
        $0.addImage(rows: 16, columns: 16, frames: "2")
        $0.addFragments(parts)
      }
      for index in [1, 0] { #expect(try file.frame(index).bytes == frames[index].bytes) }
    }
  }

  @Test("a table that points nowhere gives way to the markers", arguments: marked)
  func wrongTable(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try objects.streams(transferSyntax, frames)
    let parts = [Array(whole[0][..<60]), Array(whole[0][60...]), whole[1]]
    for table in [[UInt32(0), 61], [0], [4, 8], [0, 0xFFFF_FFFF]] {
      var file = try objects.open(transferSyntax) {
        $0.addImage(rows: 16, columns: 16, frames: "2")
        $0.addFragments(table: table, parts)
      }
      for index in [1, 0] { #expect(try file.frame(index).bytes == frames[index].bytes) }
    }
  }

  @Test("where a start marker stands inside a frame, ends tell frames apart", arguments: marked)
  func endMarkers(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try objects.streams(transferSyntax, frames)
    // A comment segment with a start marker inside, and a fragment that begins there.
    let comment: [UInt8] = [0xFF, 0xFE, 0, 6, 0xFF, 0xD8, 0xFF, 0]
    let first = Array(whole[0][..<2]) + comment + whole[0][2...]
    let parts = [Array(first[..<6]), Array(first[6...]), whole[1]]
    var file = try objects.open(transferSyntax) {
      $0.addImage(rows: 16, columns: 16, frames: "2")
      $0.addFragments(parts)
    }
    for index in [1, 0] { #expect(try file.frame(index).bytes == frames[index].bytes) }
  }

  @Test("an Extended Offset Table assigns fragments (PS3.3 C.7.6.3.1.8)", arguments: marked)
  func extendedOffsetTable(transferSyntax: UID) throws {
    let frames = (0..<2).map { SampleObjects.frame(16, 16, seed: UInt64($0)) }
    let whole = try objects.streams(transferSyntax, frames)
    var file = try objects.open(transferSyntax) { dataSet in
      dataSet.addImage(rows: 16, columns: 16, frames: "2")
      let second = dataSet.long(UInt32(whole[0].count + 8))
      let offsets = [UInt8](repeating: 0, count: 8) + second + [UInt8](repeating: 0, count: 4)
      dataSet.add(.extendedOffsetTable, "OV", offsets)
      dataSet.addFragments([whole[0], whole[1]])
    }
    #expect(file.frameCount == 2)
    #expect(try file.frame(1).bytes == frames[1].bytes)
  }

  @Test func `fewer fragments than frames, or fragments nobody can assign, are refused at once`() throws {
    let parts = try objects.streams(.rleLossless, [SampleObjects.frame()])
    #expect(throws: DICOMFileError.unassignableFragments(fragments: 1, frames: 2)) {
      _ = try objects.open(.rleLossless) {
        $0.addImage(rows: 6, columns: 8, frames: "2")
        $0.addFragments(parts)
      }
    }
    #expect(throws: DICOMFileError.unassignableFragments(fragments: 3, frames: 2)) {
      _ = try objects.open(.rleLossless) {
        $0.addImage(rows: 6, columns: 8, frames: "2")
        $0.addFragments(parts + parts + parts)
      }
    }
    #expect(throws: DICOMFileError.unassignableFragments(fragments: 0, frames: 1)) {
      _ = try objects.open(.rleLossless) {
        $0.addImage(rows: 6, columns: 8)
        $0.addFragments([])
      }
    }
  }
}
