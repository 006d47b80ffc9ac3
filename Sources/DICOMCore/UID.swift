/// A DICOM unique identifier: dot-separated numbers, at most 64 characters (PS3.5 9).
package struct UID: Sendable, Hashable, Comparable, Codable {
  package let value: String

  /// Takes `text` as it stands after trailing NUL and space padding is dropped.
  ///
  /// - Returns: `nil` when `text` breaks the grammar of PS3.5 9.1: empty, longer than 64 characters, a component that is
  ///   empty or starts with a zero, or a character that is neither a digit nor a dot.
  package init?(_ text: String) {
    let trimmed = text.trimmingPadding()
    guard !trimmed.isEmpty, trimmed.utf8.count <= 64, trimmed.contains(".") else { return nil }
    for component in trimmed.split(separator: ".", omittingEmptySubsequences: false) {
      guard !component.isEmpty, component.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      guard component.utf8.count == 1 || component.utf8.first != 0x30 else { return nil }
    }
    self.value = trimmed
  }

  /// A UID known to be well formed: one of the constants of the standard.
  init(wellKnown value: String) {
    self.value = value
  }

  package static func < (lhs: UID, rhs: UID) -> Bool { lhs.value < rhs.value }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let uid = UID(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a DICOM UID")
    }
    self = uid
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

extension UID: CustomStringConvertible {
  package var description: String { value }
}

extension String {
  /// The text without the padding that DICOM allows at its end: spaces and NUL (PS3.5 6.2).
  package func trimmingPadding() -> String {
    var view = self[...]
    while let last = view.unicodeScalars.last, last == " " || last == "\0" { view.unicodeScalars.removeLast() }
    while let first = view.unicodeScalars.first, first == " " { view.unicodeScalars.removeFirst() }
    return String(view)
  }
}
