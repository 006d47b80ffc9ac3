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
  /// Native pixels of any kind: Float Pixel Data, Double Float Pixel Data, Pixel Data.
  static let pixelTags: Set<UInt32> = [0x7FE0_0008, 0x7FE0_0009, pixelData]
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
    let isBig = encoding == .explicitBigEndian
    let first = head.startIndex
    let tag = UInt32(Self.number(head, first, 2, isBig)) << 16 | UInt32(Self.number(head, first + 2, 2, isBig))
    if encoding == .implicitLittleEndian || tag >> 16 == 0xFFFE {
      return ElementHeader(tag: tag, vr: 0, length: Self.number(head, first + 4, 4, isBig), position: start)
    }
    let letters = (head[first + 4], head[first + 5])
    let vr = valueRepresentation(letters.0, letters.1)
    guard Self.hasLongLength(letters.0, letters.1) else {
      return ElementHeader(tag: tag, vr: vr, length: Self.number(head, first + 6, 2, isBig), position: start)
    }
    guard let tail = try read(4) else { return nil }
    return ElementHeader(tag: tag, vr: vr, length: Self.number(tail, tail.startIndex, 4, isBig), position: start)
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ start: Int, _ count: Int, _ isBig: Bool) -> Int {
    var number = 0
    for offset in 0..<count { number = number << 8 | Int(bytes[start + (isBig ? offset : count - 1 - offset)]) }
    return number
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
