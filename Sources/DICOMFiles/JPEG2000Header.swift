internal import DICOMCore

/// The main header of a JPEG 2000 or HTJ2K code stream (ISO/IEC 15444-1 A.5.1), bare or in a JP2 file (annex I).
///
/// Read here before the decoder sees the stream, so that sizes which the attributes do not confirm cost no memory.
struct JPEG2000Header: Equatable {
  /// Where the code stream starts: 0, or behind the boxes of a JP2 file, which PS3.5 A.4.4 does not foresee and some
  /// writers keep.
  let start: Int
  let rows: Int
  let columns: Int
  let components: Int
  /// Bits a sample, the sign included; the same for all components.
  let precision: Int
  let isSigned: Bool
  /// The samples are luminance and chrominance: the JP2 file says so (EnumCS 18, sYCC), or components are subsampled.
  let isYCC: Bool
  let tileCount: Int
  /// All components have the precision and the sign of the first.
  let isUniform: Bool
  /// Bytes from `start` to the end.
  let length: Int

  /// - Returns: `nil` for bytes that do not start with SOC and a possible SIZ.
  init?(_ bytes: [UInt8]) {
    let boxes = JP2Boxes(bytes)
    start = boxes?.codeStream ?? 0
    length = bytes.count - start
    let siz = BigEndianBytes(bytes, from: start)
    guard siz.number(0, 4) == 0xFF4F_FF51, let size = siz.number(4, 2), let count = siz.number(40, 2),
      count >= 1, size == 38 + 3 * count, let endX = siz.number(8, 4), let endY = siz.number(12, 4),
      let startX = siz.number(16, 4), let startY = siz.number(20, 4), let tileWidth = siz.number(24, 4),
      let tileHeight = siz.number(28, 4), let tileX = siz.number(32, 4), let tileY = siz.number(36, 4),
      endX > startX, endY > startY, tileWidth > 0, tileHeight > 0, tileX <= startX, tileY <= startY,
      let first = siz.number(42, 1)
    else { return nil }
    var (isSubsampled, isUniform) = (false, true)
    for component in 0..<count {
      guard let kind = siz.number(42 + 3 * component, 1), let step = siz.number(43 + 3 * component, 2) else {
        return nil
      }
      if kind != first { isUniform = false }
      if step != 0x0101 { isSubsampled = true }
    }
    self.isUniform = isUniform
    isYCC = count == 3 && (isSubsampled || boxes?.enumeratedColourSpace == 18)
    (rows, columns, components) = (endY - startY, endX - startX, count)
    (precision, isSigned) = (first & 0x7F + 1, first & 0x80 != 0)
    let across = (endX - tileX + tileWidth - 1) / tileWidth
    let (tiles, overflow) = across.multipliedReportingOverflow(by: (endY - tileY + tileHeight - 1) / tileHeight)
    tileCount = overflow ? .max : tiles
  }

  /// A tile-part has a header of 12 bytes and a start-of-data marker (A.4.2, A.4.3).
  private static let smallestTile = 14

  /// - Throws: `codeStreamMismatch` when attributes and code stream contradict each other, `undecodableFrame` when the
  ///   code stream is too short for its tiles.
  func check(against format: ImageFormat, frame: Int) throws(DICOMFileError) {
    func same(_ tag: Tag, _ attribute: Int, _ codeStream: Int) throws(DICOMFileError) {
      guard attribute == codeStream else {
        throw .codeStreamMismatch(tag, attribute: attribute, codeStream: codeStream)
      }
    }
    try same(.rows, format.rows, rows)
    try same(.columns, format.columns, columns)
    try same(.samplesPerPixel, format.samplesPerPixel, components)
    guard precision <= format.bitsAllocated else {
      throw .codeStreamMismatch(.bitsAllocated, attribute: format.bitsAllocated, codeStream: precision)
    }
    guard isUniform else {
      throw .undecodableFrame(index: frame, detail: "components of different precision or sign")
    }
    guard tileCount <= length / Self.smallestTile else {
      throw .undecodableFrame(index: frame, detail: "\(tileCount) tiles in a code stream of \(length) bytes")
    }
  }
}

/// What matters of the boxes of a JP2 file (ISO/IEC 15444-1 I.4).
private struct JP2Boxes {
  private(set) var codeStream = 0
  private(set) var enumeratedColourSpace: Int?

  /// - Returns: `nil` for bytes that do not start with the signature box, or hold no code stream.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]) else { return nil }
    let all = BigEndianBytes(bytes, from: 0)
    var offset = 0
    while let stated = all.number(offset, 4), let type = all.number(offset + 4, 4) {
      // 1 announces a length of eight bytes, 0 means up to the end.
      let header = stated == 1 ? 16 : 8
      let size = stated == 1 ? all.number(offset + 8, 8) : stated == 0 ? bytes.count - offset : stated
      switch type {
      case 0x6A70_3263:  // jp2c
        codeStream = offset + header
        return
      case 0x6A70_3268:  // jp2h: its boxes follow as if they stood beside it
        offset += header
        continue
      case 0x636F_6C72 where all.number(offset + header, 1) == 1:  // colr, enumerated
        enumeratedColourSpace = all.number(offset + header + 3, 4)
      default: break
      }
      guard let size, size >= header, size <= bytes.count - offset else { return nil }
      offset += size
    }
    return nil
  }
}

/// Unsigned numbers, most significant byte first, at offsets that may lie beyond the end.
private struct BigEndianBytes {
  private let bytes: [UInt8]
  private let start: Int

  init(_ bytes: [UInt8], from start: Int) {
    (self.bytes, self.start) = (bytes, start)
  }

  /// `nil` beyond the end, and for eight bytes that no `Int` holds.
  func number(_ offset: Int, _ count: Int) -> Int? {
    let first = start + offset
    guard first >= 0, first <= bytes.count - count else { return nil }
    return Int(exactly: bytes[first..<first + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
