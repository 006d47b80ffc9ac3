internal import Foundation

/// The spellings in which a name may stand elsewhere in a study: in another script, or without the letters that only its own has.
enum NameForms {
  /// `name` and its other spellings; `name` alone where it is in letters of ISO 646.
  static func all(_ name: String) -> [String] {
    guard !name.isASCII else { return [name] }
    var forms = [name, replacing(germanic, in: name)]
    let wide = name.folding(options: .widthInsensitive, locale: nil)
    forms += [wide, replacing(germanic, in: wide)]
    if let latin = wide.applyingTransform(.toLatin, reverse: false), latin != wide {
      forms.append(latin)
      // Syllables that the script did not divide.
      forms.append(latin.filter { $0 != " " })
      if name.unicodeScalars.contains(where: { (0x400...0x52F).contains($0.value) }) {
        forms.append(replacing(cyrillic, in: latin))
      }
    }
    if wide.unicodeScalars.contains(where: { (0x3040...0x30FF).contains($0.value) }) {
      forms += [false, true].compactMap { wide.applyingTransform(.hiraganaToKatakana, reverse: $0) }
    }
    var known: Set<String> = []
    return forms.filter { known.insert($0).inserted }
  }

  private static func replacing(_ pairs: [Character: String], in text: String) -> String {
    let composed = text.lowercased().precomposedStringWithCanonicalMapping
    return composed.contains { pairs[$0] != nil } ? composed.reduce(into: "") { $0 += pairs[$1] ?? String($1) } : text
  }

  private static let germanic: [Character: String] = [
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe",
  ]

  /// From the letters of ISO 9 to those that English passports use.
  private static let cyrillic: [Character: String] = [
    "š": "sh", "č": "ch", "ž": "zh", "ŝ": "shch", "ë": "yo", "j": "y", "h": "kh", "c": "ts", "û": "yu", "â": "ya",
    "ʹ": "", "ʺ": "",
  ]
}

/// Identifiers of digits alone, which may stand in a number as well.
struct TellingNumbers: Sendable {
  private let numbers: Set<Substring>

  init(_ harvest: Harvest) {
    numbers = Set(harvest.texts.compactMap { $0.contains(where: \.isLetter) ? nil : Self.significant($0) })
  }

  /// Whether one of the values, which backslashes divide, is such an identifier, wherever its point stands.
  func contains(_ text: String) -> Bool {
    !numbers.isEmpty && text.split(separator: "\\").contains { Self.significant($0).map(numbers.contains) ?? false }
  }

  /// Whether there are digits enough in the bytes of a number for one that tells.
  static func mayStand(in bytes: [UInt8]) -> Bool { bytes.count { (0x30...0x39).contains($0) } >= telling }

  /// Fewer digits many numbers share.
  private static let telling = 5

  /// The digits before an exponent without zeros at either end; `nil` for too few to tell.
  private static func significant(_ text: some StringProtocol) -> Substring? {
    let mantissa = text.prefix { $0 != "E" && $0 != "e" }
    var digits = Substring(mantissa.filter(\.isNumber))
    while digits.last == "0" { digits.removeLast() }
    while digits.first == "0" { digits.removeFirst() }
    return digits.utf8.count >= telling ? digits : nil
  }
}
