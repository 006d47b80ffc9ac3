internal import CDCMTK

/// A coded character set of PS3.3 C.12.1.1.2, as it is designated to one half of the code table (PS3.5 6.1.2).
enum CharacterRepertoire: Equatable {
  /// ISO 646, and the Roman half of JIS X 0201, in which DICOM's delimiters keep their meaning.
  case ascii
  /// The upper half of an ISO 8859 part or of TIS 620, by its name in the C library.
  case upperHalf(String)
  /// The half-width katakana of JIS X 0201.
  case katakana
  case jisX0208
  case jisX0212
  case ksX1001
  case gb2312

  /// Bytes a character.
  var width: Int {
    switch self {
    case .ascii, .upperHalf, .katakana: 1
    case .jisX0208, .jisX0212, .ksX1001, .gb2312: 2
    }
  }

  /// The number of a defined term, as in `ISO_IR 100` and `ISO 2022 IR 100` (PS3.3 tables C.12-2 to C.12-4).
  init?(registration: String) {
    switch registration {
    case "6": self = .ascii
    case "13": self = .katakana
    case "87": self = .jisX0208
    case "159": self = .jisX0212
    case "149": self = .ksX1001
    case "58": self = .gb2312
    case "166": self = .upperHalf("TIS-620")
    default:
      guard let part = Self.latinParts[registration] else { return nil }
      self = .upperHalf("ISO-8859-\(part)")
    }
  }

  private static let latinParts: [String: Int] = [
    "100": 1, "101": 2, "109": 3, "110": 4, "144": 5, "127": 6, "126": 7, "138": 8, "148": 9, "203": 15,
  ]

  /// Every encoding of the C library that a text may need.
  static var encodings: [String] {
    latinParts.values.sorted().map { "ISO-8859-\($0)" }
      + ["TIS-620", "EUC-JP", "EUC-KR", "GB2312", "GB18030", "GBK"]
  }

  /// Whether it stands in the lower half (G0) when designated.
  var isLowerHalf: Bool { [.ascii, .jisX0208, .jisX0212].contains(self) }

  /// What an escape sequence designates, and its length after ESC (PS3.3 tables C.12-3 and C.12-4).
  static func designated(by bytes: ArraySlice<UInt8>) -> (repertoire: CharacterRepertoire, length: Int)? {
    let sequence = String(decoding: bytes.prefix(3), as: UTF8.self)
    return escapes.first { sequence.hasPrefix($0.sequence) }.map { ($0.repertoire, $0.sequence.utf8.count) }
  }

  private static let escapes: [(sequence: String, repertoire: CharacterRepertoire)] = [
    ("$)C", .ksX1001), ("$)A", .gb2312), ("$(D", .jisX0212), ("$B", .jisX0208), ("$@", .jisX0208),
    ("(B", .ascii), ("(J", .ascii), (")I", .katakana),
    ("-A", .upperHalf("ISO-8859-1")), ("-B", .upperHalf("ISO-8859-2")), ("-C", .upperHalf("ISO-8859-3")),
    ("-D", .upperHalf("ISO-8859-4")), ("-L", .upperHalf("ISO-8859-5")), ("-G", .upperHalf("ISO-8859-6")),
    ("-F", .upperHalf("ISO-8859-7")), ("-H", .upperHalf("ISO-8859-8")), ("-M", .upperHalf("ISO-8859-9")),
    ("-b", .upperHalf("ISO-8859-15")), ("-T", .upperHalf("TIS-620")),
  ]

  /// One character to Unicode; U+FFFD when there is none with this code.
  func decode(_ code: ArraySlice<UInt8>) -> String {
    let converted: String? =
      switch self {
      case .ascii: String(decoding: code, as: UTF8.self)
      case .upperHalf(let encoding): Unicoding.text(Array(code), encoding)
      // EUC-JP holds the three Japanese sets at once: by single shift 2, as they are, and by single shift 3.
      case .katakana: Unicoding.text([0x8E] + code, "EUC-JP")
      case .jisX0208: Unicoding.text(code.map { $0 | 0x80 }, "EUC-JP")
      case .jisX0212: Unicoding.text([0x8F] + code.map { $0 | 0x80 }, "EUC-JP")
      case .ksX1001: Unicoding.text(Array(code), "EUC-KR")
      case .gb2312: Unicoding.text(Array(code), "GB2312")
      }
    return converted ?? "\u{FFFD}"
  }
}

/// The conversions of the C library, through DCMTK.
enum Unicoding {
  /// `nil` when the bytes do not fit the encoding.
  static func text(_ bytes: [UInt8], _ encoding: String) -> String? {
    var error = cdcmtk_error()
    guard let buffer = unsafe cdcmtk_text_to_utf8(encoding, bytes, bytes.count, &error) else { return nil }
    defer { unsafe cdcmtk_buffer_free(buffer) }
    let converted = unsafe UnsafeBufferPointer(
      start: cdcmtk_buffer_bytes(buffer), count: cdcmtk_buffer_length(buffer))
    return unsafe String(decoding: converted, as: UTF8.self)
  }
}
