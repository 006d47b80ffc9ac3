internal import Foundation

/// JSON as every file of a run is written: sorted keys, no escaped slashes, the same bytes for the same value.
enum JSONText {
  /// Without any white space, also what digests are taken over.
  static func compact(_ value: some Encodable) throws(ReportError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value))
    } catch EncodingError.invalidValue(_, let context) {
      throw ReportError.notEncodable(context.codingPath.map(\.stringValue).joined(separator: "."))
    } catch {
      throw ReportError.notEncodable("\(type(of: value))")
    }
  }

  /// Two spaces a level, one member a line, a newline at the end.
  static func indented(_ value: some Encodable) throws(ReportError) -> [UInt8] {
    var writer = IndentingWriter()
    for byte in try compact(value) { writer.append(byte) }
    return writer.bytes + [newline]
  }

  fileprivate static let newline = UInt8(ascii: "\n")
}

/// Spreads compact JSON over lines; numbers and strings pass through untouched.
private struct IndentingWriter {
  var bytes: [UInt8] = []
  private var depth = 0
  private var inString = false
  private var escaped = false

  mutating func append(_ byte: UInt8) {
    if inString { return appendInString(byte) }
    switch byte {
    case UInt8(ascii: "\""):
      breakAfterOpening()
      inString = true
      bytes.append(byte)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      breakAfterOpening()
      bytes.append(byte)
      depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      // An empty array or object stays on its line.
      if !endsWithOpening { breakLine() }
      bytes.append(byte)
    case UInt8(ascii: ","):
      bytes.append(byte)
      breakLine()
    case UInt8(ascii: ":"):
      bytes.append(byte)
      bytes.append(UInt8(ascii: " "))
    default:
      breakAfterOpening()
      bytes.append(byte)
    }
  }

  private mutating func appendInString(_ byte: UInt8) {
    bytes.append(byte)
    if escaped {
      escaped = false
    } else if byte == UInt8(ascii: "\\") {
      escaped = true
    } else if byte == UInt8(ascii: "\"") {
      inString = false
    }
  }

  private var endsWithOpening: Bool {
    bytes.last == UInt8(ascii: "{") || bytes.last == UInt8(ascii: "[")
  }

  private mutating func breakAfterOpening() {
    if endsWithOpening { breakLine() }
  }

  private mutating func breakLine() {
    bytes.append(JSONText.newline)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }
}
