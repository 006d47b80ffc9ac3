import DICOMCore
import DICOMFiles
import Foundation
import TestSupport

/// Files that ask for much, built byte by byte, in one folder.
struct HostileObjects {
  let folder: TemporaryFolder
  /// What is expected of a file, by name: its outcome and a part of reason and detail.
  private(set) var expected: [String: (outcome: String, reason: String)] = [:]

  init(_ folder: TemporaryFolder) { self.folder = folder }

  private mutating func add(_ name: String, _ outcome: String, _ reason: String, _ bytes: [UInt8]) throws {
    try folder.write(bytes, to: "in/\(name)")
    expected[name] = (outcome, reason)
  }

  private static func native(_ rows: Int, allocated: Int = 8, frames: String? = nil, _ value: [UInt8]) -> [UInt8] {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: rows, columns: rows, allocated: allocated, frames: frames, without: identity)
    dataSet.add(.pixelData, "OW", value)
    return DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes)
  }

  private static func encapsulated(_ transferSyntax: UID, _ rows: Int, _ stream: [UInt8]) -> [UInt8] {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: rows, columns: rows, without: identity)
    dataSet.addFragments([stream])
    return DICOMBytes.file(transferSyntax, dataSet.bytes)
  }

  /// Without it, files of the same bytes are no duplicates.
  private static let identity: Set<Tag> = [.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID]

  /// Runs of 128 times one value, 64 to 1: the byte means the run and the value.
  private static func rle(_ rows: Int, runs: Int) -> [UInt8] {
    encapsulated(
      .rleLossless, rows,
      [1, 0, 0, 0, 64, 0, 0, 0] + [UInt8](repeating: 0, count: 56) + [UInt8](repeating: 0x81, count: 2 * runs))
  }

  private static func nested(_ depth: Int) -> [UInt8] {
    var dataSet = DICOMBytes()
    for _ in 0..<depth {
      dataSet.add(.anatomicRegionSequence, "SQ", [], statedLength: .max)
      dataSet.append(dataSet.word(0xFFFE) + dataSet.word(0xE000) + dataSet.long(.max))
    }
    return DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes)
  }

  /// A chest radiograph. TEM (T.81 B.1.1.3) is a marker without length; DCMTK's reader does not get past it.
  static let endlessJPEG: [UInt8] = {
    var dataSet = DICOMBytes()
    dataSet.add(.sopClassUID, "UI", UID.computedRadiographyImageStorage.value)
    dataSet.add(.sopInstanceUID, "UI", "1.2.3.4.5.6")
    dataSet.add(.studyDate, "DA", "20260301")
    dataSet.add(.modality, "CS", "CR")
    dataSet.add(.patientAge, "AS", "052Y")
    dataSet.add(.bodyPartExamined, "CS", "CHEST")
    dataSet.add(.studyInstanceUID, "UI", "1.2.3.4")
    dataSet.add(.seriesInstanceUID, "UI", "1.2.3.4.5")
    dataSet.addImage(rows: 16, columns: 16, without: identity.union([.sopClassUID]))
    let frameHeader: [UInt8] = [0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    dataSet.addFragments([[0xFF, 0xD8, 0xFF, 0x01] + frameHeader + [0xFF, 0xD9, 0]])
    return DICOMBytes.file(.jpegBaseline8Bit, dataSet.bytes, sopClass: .computedRadiographyImageStorage)
  }()

  /// Zeros as RFC 1951 has them at best with fixed codes: a literal, then matches of 258 bytes in 13 bits each.
  private static func deflatedZeros(_ count: Int) -> [UInt8] {
    var (bytes, bits, held): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    func put(_ value: UInt32, _ width: UInt32) {
      bits |= value << held
      held += width
      while held >= 8 {
        bytes.append(UInt8(bits & 0xFF))
        (bits, held) = (bits >> 8, held - 8)
      }
    }
    // Last block, fixed codes; the literal 0 is 00110000, length 258 is 11000101, distance 1 is 00000, most significant
    // bit first.
    put(0b011, 3)
    put(0b0000_1100, 8)
    for _ in 0..<(count - 1) / 258 {
      put(0b1010_0011, 8)
      put(0, 5)
    }
    for _ in 0..<(count - 1) % 258 { put(0b0000_1100, 8) }
    put(0, 7)
    put(0, 7)
    return bytes
  }

  /// The four files of the threat model.
  mutating func addThreats() throws {
    try add("huge-native", "quarantined", "frame-size", Self.native(65_535, [1, 2, 3, 4, 5, 6, 7, 8]))
    try add("huge-rle", "quarantined", "frame-size", Self.rle(30_000, runs: 1200))
    try add("endless-jpeg", "quarantined", "was killed", Self.endlessJPEG)
    try add("nested-6000", "quarantined", "nesting-depth", Self.nested(6000))
    try add("nested-400", "quarantined", "nesting-depth", Self.nested(400))
  }

  /// Files that pass the structural check, or nearly, and cost the decoder, twice each, for a limit of 1536 MiB.
  mutating func addCostly() throws {
    for copy in 1...2 {
      try add("rle-expansion-\(copy)", "quarantined", "expansion-ratio", Self.rle(22_000, runs: 1200))
      try add("rle-484-megabytes-\(copy)", "quarantined", "bytes of memory", Self.rle(22_000, runs: 3_800_000))
      try add("rle-225-megabytes-\(copy)", "used", "", Self.rle(15_000, runs: 1_760_000))
      try add(
        "deflated-frame-\(copy)", "used", "",
        Self.encapsulated(.deflatedImageFrame, 14_000, Self.deflatedZeros(14_000 * 14_000)))
      // Every value occurs once or never.
      let many = (0..<1900 * 1900).flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: (value &* 2_654_435_761) >> (8 * $0)) }
      }
      try add("values-of-32-bits-\(copy)", "used", "", Self.native(1900, allocated: 32, many))
      try add("many-frames-\(copy)", "used", "", Self.native(2, frames: "200", [UInt8](repeating: 7, count: 800)))
      try addSparse("native-225-megabytes-\(copy)", rows: 15_000)
    }
    try add(
      "many-elements", "quarantined", "bytes of memory",
      Self.manyElements(1_500_000))
  }

  private static func manyElements(_ count: Int) -> [UInt8] {
    var dataSet = DICOMBytes()
    dataSet.addImage(without: identity)
    var bytes = dataSet.bytes
    bytes.reserveCapacity(8 * count)
    for index in 0..<count {
      let (group, element) = (0x0030 + 2 * (index / 0xF000), 0x1000 + index % 0xF000)
      bytes += [UInt8(group & 0xFF), UInt8(group >> 8), UInt8(element & 0xFF), UInt8(element >> 8)]
      bytes += Array("LO".utf8) + [0, 0]
    }
    dataSet = DICOMBytes()
    dataSet.add(.pixelData, "OW", [1, 2, 3, 4, 5, 6, 7, 8])
    return DICOMBytes.file(.explicitVRLittleEndian, bytes + dataSet.bytes)
  }

  /// Native pixels that take no room on the disk.
  private mutating func addSparse(_ name: String, rows: Int) throws {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: rows, columns: rows, without: Self.identity)
    dataSet.add(.pixelData, "OW", [], statedLength: UInt32(rows * rows))
    try add(name, "used", "", DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes))
    let file = try FileHandle(forWritingTo: URL(filePath: folder.path("in/\(name)")))
    let start = try file.seekToEnd()
    try file.truncate(atOffset: start + UInt64(rows * rows))
    try file.close()
  }
}
