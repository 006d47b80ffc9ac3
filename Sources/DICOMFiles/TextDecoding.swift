internal import DICOMCore

/// From bytes in the character sets of a data set to Unicode (PS3.5 6.1). Nothing is refused: what cannot be decoded
/// becomes U+FFFD, so that a wrong character never costs an image.
///
/// Code extensions are followed here: DCMTK 3.6.7 as Debian builds it has no converter for ISO 2022 IR 87 and 159.
struct TextDecoding: Equatable {
  /// How bytes make characters.
  private enum Scheme: Equatable {
    case utf8
    /// GB18030 and GBK: the byte of a backslash may be part of a character.
    case chinese(String)
    /// PS3.5 6.1.2.4 and 6.1.2.5: two halves of a code table, with or without escape sequences.
    case halves(upper: CharacterRepertoire?)
  }

  private let scheme: Scheme

  /// - Parameter characterSets: The value of Specific Character Set (0008,0005) as it stands in the file.
  init(characterSets: String) {
    let terms = characterSets.split(separator: "\\", omittingEmptySubsequences: false)
      .map { Self.normalized(String($0).trimmingPadding()) }
    switch terms.first {
    case "192"?: scheme = .utf8
    case "GB18030"?, "GBK"?: scheme = .chinese(terms[0])
    default:
      // The first value counts; where it has no upper half, one that is declared is a better guess than none.
      let upper = terms.lazy.compactMap(CharacterRepertoire.init(registration:)).first { !$0.isLowerHalf }
      scheme = .halves(upper: upper)
    }
  }

  /// The values of an element, still with their padding; one value for VRs in which a backslash divides nothing.
  func values(_ bytes: [UInt8], _ vr: VR) -> [String] {
    let text = decode(bytes, vr)
    if vr.isSingleText || !text.utf8.contains(0x5C) { return [text] }
    return text.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
  }

  private func decode(_ bytes: [UInt8], _ vr: VR) -> String {
    let hasOnlyASCII = bytes.allSatisfy { $0 < 0x80 && $0 != 0x1B }
    guard Self.isAffected(vr), !hasOnlyASCII else { return Self.ascii(bytes) }
    switch scheme {
    case .utf8: return String(decoding: bytes, as: UTF8.self)
    case .chinese(let encoding): return Unicoding.text(bytes, encoding) ?? Self.ascii(bytes)
    case .halves(let upper): return decode(bytes[...], upper: upper, isName: vr == .pn, isSingle: vr.isSingleText)
    }
  }

  /// Follows escape sequences; at a delimiter the initial sets are active again (PS3.5 6.1.2.5.3).
  private func decode(
    _ bytes: ArraySlice<UInt8>, upper initial: CharacterRepertoire?, isName: Bool, isSingle: Bool
  ) -> String {
    var text = ""
    var (lower, upper) = (CharacterRepertoire.ascii, initial)
    var rest = bytes
    while let byte = rest.first {
      if byte == 0x1B {
        rest = rest.dropFirst()
        guard let found = CharacterRepertoire.designated(by: rest) else {
          text += "\u{FFFD}"
          continue
        }
        if found.repertoire.isLowerHalf { lower = found.repertoire } else { upper = found.repertoire }
        rest = rest.dropFirst(found.length)
        continue
      }
      // Control characters are no part of any set.
      let repertoire = byte < 0x20 ? .ascii : byte < 0x80 ? lower : upper
      guard let repertoire, rest.count >= repertoire.width else {
        text += "\u{FFFD}"
        rest = rest.dropFirst()
        continue
      }
      text += repertoire.decode(rest.prefix(repertoire.width))
      rest = rest.dropFirst(repertoire.width)
      if repertoire == .ascii, Self.isDelimiter(byte, isName: isName, isSingle: isSingle) {
        lower = .ascii
        upper = initial ?? upper
      }
    }
    return text
  }

  private static func isDelimiter(_ byte: UInt8, isName: Bool, isSingle: Bool) -> Bool {
    switch byte {
    case 0x09, 0x0A, 0x0C, 0x0D: true
    case UInt8(ascii: "\\"): !isSingle
    case UInt8(ascii: "^"), UInt8(ascii: "="): isName
    default: false
    }
  }

  /// Bytes as ISO 646, anything else as U+FFFD.
  private static func ascii(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(byte < 0x80 && byte != 0x1B ? Unicode.Scalar(byte) : "\u{FFFD}") }
    return String(text)
  }

  /// VRs whose text is in the character sets of Specific Character Set (PS3.5 6.1.2.2).
  static func isAffected(_ vr: VR) -> Bool {
    switch vr {
    case .sh, .lo, .uc, .st, .lt, .ut, .pn: true
    default: false
    }
  }

  /// The registration number of a defined term, or the term itself; `ISO-IR 100`, `ISO_IR_100` and `utf-8` are seen in
  /// the field.
  private static func normalized(_ term: String) -> String {
    let upper = term.uppercased()
    if upper == "UTF-8" || upper == "UTF8" { return "192" }
    guard upper.hasPrefix("ISO"), upper.contains("IR") else { return upper }
    return String(upper.reversed().prefix { $0.isNumber }.reversed())
  }
}
