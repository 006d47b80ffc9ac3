/// How the first bytes of a file look.
enum FileSignature: Equatable {
  /// The `DICM` prefix after a preamble of 128 bytes (PS3.10 7.1).
  case part10
  /// File meta information or a data set that starts at the first byte, as old archives and some tools write it.
  case bareDataSet
  /// A data element in Explicit VR Little Endian that starts `offset` bytes late.
  case displacedDataSet(offset: Int)
  case unknown

  /// Bytes needed for a decision.
  static let length = 132

  /// Classifies the start of a file; `bytes` may be shorter than ``length`` when the file is.
  init(_ bytes: [UInt8]) {
    if bytes.count >= 132, bytes[128..<132].elementsEqual("DICM".utf8) {
      self = .part10
    } else if Self.isElement(bytes[...]) {
      self = .bareDataSet
    } else if let offset = (1...8).first(where: { bytes.count > $0 + 8 && Self.isExplicitElement(bytes[$0...]) }) {
      self = .displacedDataSet(offset: offset)
    } else {
      self = .unknown
    }
  }

  private static func isElement(_ bytes: ArraySlice<UInt8>) -> Bool {
    isExplicitElement(bytes) || isBigEndianElement(bytes) || isImplicitElement(bytes)
  }

  /// An element of group 0002 or 0008 with one of the VRs that open those groups.
  private static func isExplicitElement(_ bytes: ArraySlice<UInt8>) -> Bool {
    let head = Array(bytes.prefix(8))
    guard head.count == 8, head[0] == 0x02 || head[0] == 0x08, head[1] == 0, head[3] == 0 else { return false }
    return isVR(head[4], head[5])
  }

  private static func isBigEndianElement(_ bytes: ArraySlice<UInt8>) -> Bool {
    let head = Array(bytes.prefix(8))
    guard head.count == 8, head[0] == 0, head[1] == 0x08, head[2] == 0 else { return false }
    return isVR(head[4], head[5])
  }

  /// The group length or an early element of group 0008, with a length such an element can have.
  private static func isImplicitElement(_ bytes: ArraySlice<UInt8>) -> Bool {
    let head = Array(bytes.prefix(8))
    guard head.count == 8, head[0] == 0x08, head[1] == 0, head[3] == 0 else { return false }
    let length = Int(head[4]) | Int(head[5]) << 8 | Int(head[6]) << 16 | Int(head[7]) << 24
    switch head[2] {
    case 0x00: return length == 4
    case 0x01, 0x05, 0x08, 0x12, 0x13, 0x14, 0x16, 0x18, 0x20: return length <= 256 && length % 2 == 0
    default: return false
    }
  }

  private static func isVR(_ first: UInt8, _ second: UInt8) -> Bool {
    ["UL", "OB", "UI", "SH", "CS", "DA", "TM", "AE", "LO", "PN", "UN", "SQ", "DT"].contains {
      $0.utf8.elementsEqual([first, second])
    }
  }
}
