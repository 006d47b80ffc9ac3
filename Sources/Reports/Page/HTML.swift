internal import DICOMCore

/// Markup that is put together by interpolation: what is written in the source is markup, what is interpolated is text and
/// escaped, unless it is `HTML` itself.
///
/// No text of a file, a pipeline or a label set can so become markup by being forgotten.
struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
  private(set) var source: String

  init(stringLiteral value: String) { source = value }
  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  struct Interpolation: StringInterpolationProtocol {
    var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { source += literal }
    mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { source += String(number) }
    mutating func appendInterpolation(_ html: HTML?) { source += html?.source ?? "" }
    mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { source += part.source } }
    /// Markup or base64 that the caller answers for.
    mutating func appendInterpolation(trusted text: String) { source += text }
  }

  static func += (lhs: inout HTML, rhs: HTML) { lhs.source += rhs.source }

  /// `text` for element content and quoted attribute values.
  ///
  /// Control characters, which no page may hold, and those that turn the direction of what follows become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result += " "
      case _ where scalar.isControl || scalar.turnsDirection: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var turnsDirection: Bool {
    (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) || [0x061C, 0x200E, 0x200F].contains(value)
  }
}

extension String {
  /// As HTML, escaped.
  var html: HTML { "\(self)" }
}
