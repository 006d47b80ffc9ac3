import DICOMCore

/// Builds DICOM files byte by byte, right or wrong, without the code under test.
struct DICOMBytes {
  var isBigEndian = false
  var isImplicit = false
  private(set) var bytes: [UInt8] = []

  // MARK: - Elements

  mutating func add(_ tag: Tag, _ vr: String, _ value: [UInt8]) {
    add(tag, vr, value, statedLength: UInt32(value.count))
  }

  mutating func add(_ tag: Tag, _ vr: String, _ text: String) {
    var value = Array(text.utf8)
    if value.count % 2 == 1 { value.append(vr == "UI" ? 0 : 0x20) }
    add(tag, vr, value)
  }

  mutating func add(_ tag: Tag, word: Int) {
    add(tag, "US", isBigEndian ? [UInt8(word >> 8), UInt8(word & 0xFF)] : [UInt8(word & 0xFF), UInt8(word >> 8)])
  }

  /// An element whose length field may lie.
  mutating func add(_ tag: Tag, _ vr: String, _ value: [UInt8], statedLength: UInt32) {
    bytes += word(tag.group) + word(tag.element)
    if isImplicit {
      bytes += long(statedLength)
    } else if ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UT", "UC", "UR"].contains(vr) {
      bytes += Array(vr.utf8) + [0, 0] + long(statedLength)
    } else {
      bytes += Array(vr.utf8) + word(UInt16(truncatingIfNeeded: statedLength))
    }
    bytes += value
  }

  mutating func append(_ more: [UInt8]) { bytes += more }

  // MARK: - Files

  /// Preamble, prefix and meta information around a data set.
  static func file(_ transferSyntax: UID, _ dataSet: [UInt8], sopClass: UID = .secondaryCaptureImageStorage) -> [UInt8]
  {
    var meta = DICOMBytes()
    meta.add(.fileMetaInformationVersion, "OB", [0, 1])
    meta.add(.mediaStorageSOPClassUID, "UI", sopClass.value)
    meta.add(.mediaStorageSOPInstanceUID, "UI", "1.2.3.1.1")
    meta.add(.transferSyntaxUID, "UI", transferSyntax.value)
    var group = DICOMBytes()
    group.add(Tag(0x0002, 0x0000), "UL", group.long(UInt32(meta.bytes.count)))
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + group.bytes + meta.bytes + dataSet
  }

  /// The identifiers and the Image Pixel Module of a small image; `changes` may replace or (with nil) drop attributes.
  mutating func addImage(
    rows: Int = 2, columns: Int = 4, samples: Int = 1, photometric: String = "MONOCHROME2", allocated: Int = 8,
    stored: Int? = nil, signed: Int = 0, frames: String? = nil, planar: Int? = nil, without: Set<Tag> = []
  ) {
    let uids: [(Tag, String)] = [
      (.sopClassUID, UID.secondaryCaptureImageStorage.value), (.sopInstanceUID, "1.2.3.1.1"),
      (.studyInstanceUID, "1.2.3"), (.seriesInstanceUID, "1.2.3.1"),
    ]
    for (tag, value) in uids where !without.contains(tag) { add(tag, "UI", value) }
    if !without.contains(.samplesPerPixel) { add(.samplesPerPixel, word: samples) }
    if !without.contains(.photometricInterpretation) { add(.photometricInterpretation, "CS", photometric) }
    if let planar { add(.planarConfiguration, word: planar) }
    if let frames { add(.numberOfFrames, "IS", frames) }
    let words: [(Tag, Int)] = [
      (.rows, rows), (.columns, columns), (.bitsAllocated, allocated), (.bitsStored, stored ?? allocated),
      (.highBit, (stored ?? allocated) - 1), (.pixelRepresentation, signed),
    ]
    for (tag, value) in words where !without.contains(tag) { add(tag, word: value) }
  }

  /// Encapsulated Pixel Data (PS3.5 A.4).
  mutating func addFragments(table: [UInt32] = [], _ fragments: [[UInt8]]) {
    add(.pixelData, "OB", [], statedLength: .max)
    for item in [table.flatMap { long($0) }] + fragments {
      bytes += word(0xFFFE) + word(0xE000) + long(UInt32(item.count)) + item
    }
    bytes += word(0xFFFE) + word(0xE0DD) + long(0)
  }

  func word(_ value: UInt16) -> [UInt8] {
    isBigEndian ? [UInt8(value >> 8), UInt8(value & 0xFF)] : [UInt8(value & 0xFF), UInt8(value >> 8)]
  }

  func long(_ value: UInt32) -> [UInt8] {
    let (high, low) = (word(UInt16(value >> 16)), word(UInt16(value & 0xFFFF)))
    return isBigEndian ? high + low : low + high
  }
}
