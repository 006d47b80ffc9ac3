/// Text operations with the results Python's `str` gives, on which the reference tokenizer is built.
///
/// Swift's own differ: `lowercased()` looks at neighbours (final sigma) and follows a newer Unicode version, and
/// `isWhitespace` leaves out the separators U+001C to U+001F.
package enum PythonText {
  /// `character.lower()` for each character on its own, so that Σ is never a final sigma.
  ///
  /// Case mappings of characters younger than Unicode 14, the version of Python 3.11, are not applied.
  package static func lowercased(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    for scalar in text {
      if let age = scalar.properties.age, age.major <= 14 {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  /// `str.isspace()`, which is also `\s` in a pattern.
  package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// `string.punctuation`: the 32 printable ASCII characters that are neither letter, digit nor space.
  package static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  /// `text.strip()`, at one end or at both.
  static func stripped(
    _ text: String.UnicodeScalarView.SubSequence, leading: Bool = true, trailing: Bool = true
  ) -> String.UnicodeScalarView.SubSequence {
    var text = text
    if leading { text = text.drop(while: isSpace) }
    while trailing, let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }
}
