/// Text for a terminal that may hold names of files, which can be made to steer it.
enum TerminalText {
  /// With everything but line feeds and tabs that moves, colours, erases or reorders, as `\u001B`.
  ///
  /// JSON stays the same JSON: such characters can only stand in its strings, where this is their escape.
  static func safe(_ text: String) -> String {
    text.unicodeScalars.contains(where: isSteering) ? escape(text, where: isSteering) : text
  }

  /// The same on one line, so that a name does not look like a line of the program.
  static func line(_ text: String) -> String {
    escape(text) { isSteering($0) || ["\n", "\t", "\u{2028}", "\u{2029}"].contains($0) }
  }

  private static func escape(_ text: String, where isUnsafe: (Unicode.Scalar) -> Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard isUnsafe(scalar) else {
        result.append(scalar)
        continue
      }
      // None of them lies above U+FFFF.
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
    }
    return String(result)
  }

  /// The controls of ISO 6429 in both their ranges, and those that reverse the direction of writing (UAX #9).
  private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
