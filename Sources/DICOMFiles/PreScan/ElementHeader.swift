/// How data elements are encoded (PS3.5 7.1).
enum ElementEncoding: Equatable {
  case implicitLittleEndian, explicitLittleEndian, explicitBigEndian
}

/// The tag, VR and length in front of a value.
struct ElementHeader: Equatable {
  static let undefinedLength = 0xFFFF_FFFF

  let tag: UInt32
  /// Both letters in one number; 0 where the encoding has no VR, and for items and delimiters.
  let vr: UInt16
  /// In bytes; ``undefinedLength`` when delimiters tell.
  let length: Int
  /// Where the header starts.
  let position: Int

  var isDelimiter: Bool { tag >> 16 == 0xFFFE }
  var hasUndefinedLength: Bool { length == Self.undefinedLength }

  static let item: UInt32 = 0xFFFE_E000
  static let itemDelimitation: UInt32 = 0xFFFE_E00D
  static let sequenceDelimitation: UInt32 = 0xFFFE_E0DD
  static let pixelData: UInt32 = 0x7FE0_0010
}

/// Two letters as a number.
func valueRepresentation(_ first: UInt8, _ second: UInt8) -> UInt16 { UInt16(first) << 8 | UInt16(second) }

extension UInt16 {
  static let sq = valueRepresentation(UInt8(ascii: "S"), UInt8(ascii: "Q"))
  static let un = valueRepresentation(UInt8(ascii: "U"), UInt8(ascii: "N"))
  static let ob = valueRepresentation(UInt8(ascii: "O"), UInt8(ascii: "B"))
  static let ow = valueRepresentation(UInt8(ascii: "O"), UInt8(ascii: "W"))
}

extension ScanInput {
  /// Reads the next header; `nil` when the input ends before it or inside it.
  mutating func readHeader(_ encoding: ElementEncoding) throws(ScanFailure) -> ElementHeader? {
    let start = position
    guard let head = try read(8) else { return nil }
    let bytes = Array(head)
    let isBig = encoding == .explicitBigEndian
    func number(_ index: Int, _ count: Int) -> Int {
      let part = bytes[index..<index + count]
      return (isBig ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    let tag = UInt32(number(0, 2)) << 16 | UInt32(number(2, 2))
    if encoding == .implicitLittleEndian || tag >> 16 == 0xFFFE {
      return ElementHeader(tag: tag, vr: 0, length: number(4, 4), position: start)
    }
    let vr = valueRepresentation(bytes[4], bytes[5])
    guard Self.hasLongLength(bytes[4], bytes[5]) else {
      return ElementHeader(tag: tag, vr: vr, length: number(6, 2), position: start)
    }
    guard let tail = try read(4) else { return nil }
    let length = (isBig ? Array(tail) : tail.reversed()).reduce(0) { $0 << 8 | Int($1) }
    return ElementHeader(tag: tag, vr: vr, length: length, position: start)
  }

  /// Two reserved bytes and four of length (PS3.5 7.1.2); a VR that the standard does not know is read the same way, as it
  /// asks for, unless its letters are none at all.
  private static func hasLongLength(_ first: UInt8, _ second: UInt8) -> Bool {
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard letters.contains(first), letters.contains(second) else { return false }
    return !shortRepresentations.contains(valueRepresentation(first, second))
  }

  private static let shortRepresentations = Set(
    [
      "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI",
      "UL", "US",
    ].map { valueRepresentation($0.utf8.first ?? 0, $0.utf8.last ?? 0) })
}
