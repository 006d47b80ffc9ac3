/// Something planted in one place of the corpus, with every form of bytes in which it would be found again.
package struct CorpusMarker: Sendable, Encodable {
  package enum Kind: String, Sendable, Encodable {
    case text, date, uid, `private`, un, meta, preamble, padding, path, sr, document, overlay, codestream, pixels
  }

  package let marker: String
  /// The file that holds it, relative to the folder of the inputs.
  package let input: String
  /// Tags from the outermost sequence in, as the audit writes them, or words where there are none.
  package let place: String
  package let kind: Kind
  /// Hexadecimal; none for text in pixels, which is leaked where the decoded region equals the source's.
  package let bytes: [String]
  /// Counted from 0.
  package let frame: Int?
  /// Column and row of the top left pixel, from 0, then width and height.
  package let region: [Int]?
}

extension CorpusMarker {
  /// The UTF-8 of `text` as it is, in either case, and in UTF-16.
  static func forms(of text: String) -> [[UInt8]] {
    let plain = [text, text.lowercased(), text.uppercased()].map { Array($0.utf8) }
    let units = Array(text.utf16)
    let wide = [
      units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] },
      units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] },
    ]
    return (plain + wide).reduce(into: []) { forms, form in
      if !forms.contains(form) { forms.append(form) }
    }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
