internal import DICOMCore
internal import Foundation

/// What the re-read output is searched for: the harvest of a study in every form of bytes that it may have.
package struct SearchTokens: Sendable {
  /// How sure a hit is.
  enum Kind: Sendable {
    /// Part of a name: counts between characters that are no letters.
    case word
    /// Long enough to count wherever it stands in text.
    case name
    case identifier
    /// Digits alone: counts between characters that are no digits.
    case number
    case date
    /// Bytes of another character set.
    case source
  }

  struct Token: Sendable {
    let kind: Kind
    /// Bytes of the pattern that make up one character of ISO 646: two in UTF-16.
    let isWide: Bool
  }

  private(set) var tokens: [Token] = []
  /// For text: every pattern.
  let search: ByteSearch
  /// For numbers and pixels: patterns that are long enough not to be there by chance.
  let binarySearch: LongPatternSearch
  let uids: Set<String>
  let numbers: TellingNumbers

  package init(_ harvest: Harvest) {
    var collected = Collected()
    for name in harvest.names.flatMap(NameForms.all) { collected.add(name: name) }
    for text in harvest.texts { collected.add(text: text) }
    for date in harvest.dates { collected.add(date: date) }
    for source in harvest.sources { collected.add(source, .source, isWide: false) }
    let ordered = collected.tokens.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    tokens = ordered.map(\.value)
    search = ByteSearch(ordered.map(\.key))
    binarySearch = LongPatternSearch(ordered.map(\.key))
    uids = harvest.uids
    numbers = TellingNumbers(harvest)
  }

  /// What kind of token stands in text, the first that is found.
  func kind(in bytes: [UInt8]) -> Kind? {
    var kind: Kind?
    _ = search.search(bytes) { pattern, end in
      let token = tokens[pattern]
      guard Self.isWhole(token, bytes, end - search.patterns[pattern].count, end) else { return false }
      kind = token.kind
      return true
    }
    return kind
  }

  /// Whether a hit stands for itself, or is part of a longer word or number.
  private static func isWhole(_ token: Token, _ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    let before = start > 0 ? bytes[start - 1] : 0
    let after = end < bytes.count ? bytes[end] : 0
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) || byte >= 0x80 }
    switch token.kind {
    case _ where token.isWide: return true
    case .word: return ![before, after].contains { isLetter($0) || isDigit($0) }
    case .number, .date: return ![before, after].contains(where: isDigit)
    case .name, .identifier, .source: return true
    }
  }

  /// Patterns by their bytes; the first kind stays.
  private struct Collected {
    var tokens: [[UInt8]: Token] = [:]

    mutating func add(_ bytes: [UInt8], _ kind: Kind, isWide: Bool) {
      guard !bytes.isEmpty else { return }
      let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
      if tokens[lowered] == nil { tokens[lowered] = Token(kind: kind, isWide: isWide) }
    }

    mutating func add(_ text: String, _ kind: Kind) {
      for form in Set([text, text.lowercased(), text.uppercased(), text.precomposedStringWithCanonicalMapping]) {
        add(Array(form.utf8), kind, isWide: false)
        guard form.unicodeScalars.count >= 5 else { continue }
        let units = Array(form.utf16)
        add(units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }, kind, isWide: true)
        add(units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }, kind, isWide: true)
      }
    }

    mutating func add(name: String) {
      let parts = name.split { "^ ,.=-_'/\\".contains($0) }.map(String.init)
      for part in parts {
        let folded = FoldedText.fold(part)
        guard IdentityScrubber.standsAlone(folded) else { continue }
        add(part, part.utf8.count < 6 ? .word : .name)
        if folded.isASCII, !part.isASCII, folded.utf8.count >= 3 { add(folded, folded.utf8.count < 6 ? .word : .name) }
      }
      guard parts.count > 1 else { return }
      for pair in [[parts[0], parts[1]], [parts[1], parts[0]]] {
        guard pair.joined().utf8.count >= 6, pair.contains(where: { !Vocabulary.contains(FoldedText.fold($0)) }) else {
          continue
        }
        for separator in ["^", " ", "", ", ", ",", "_", "-", "."] { add(pair.joined(separator: separator), .name) }
      }
    }

    mutating func add(text: String) {
      let trimmed = text.trimmingPadding()
      let squashed = trimmed.filter { $0.isLetter || $0.isNumber }
      guard !squashed.isEmpty else { return }
      if squashed.isDigits {
        guard squashed.utf8.count >= 4 else { return }
        add(trimmed, .number)
        add(squashed, .number)
      } else {
        let kind = squashed.isASCII && squashed.utf8.count < 6 ? Kind.word : .identifier
        add(trimmed, kind)
        if squashed.utf8.count >= 6 { add(squashed, kind) }
      }
    }

    mutating func add(date: String) {
      let (year, month, day) = (date.prefix(4), date.dropFirst(4).prefix(2), date.suffix(2))
      add(date, .date)
      for separator in ["-", ".", "/"] {
        add([year, month, day].joined(separator: separator), .date)
        add([day, month, year].joined(separator: separator), .date)
        add([month, day, year].joined(separator: separator), .date)
      }
    }
  }
}
