/// A pattern for the text of an attribute: `*` stands for any characters, `?` for one; without either the text must
/// contain it. Case does not matter, and runs of blanks count as one.
package struct DevicePattern: Sendable, Hashable {
  package let text: String
  private let characters: [Character]

  /// `nil` for a pattern without anything but blanks.
  package init?(_ text: String) {
    let comparable = Self.comparable(text)
    guard !comparable.isEmpty else { return nil }
    self.text = text
    let isWhole = comparable.contains { $0 == "*" || $0 == "?" }
    characters = Array(isWhole ? comparable : "*\(comparable)*")
  }

  /// - Complexity: O(pattern × text).
  package func matches(_ text: String) -> Bool {
    // Which lengths of the pattern match the text so far.
    var reached = [Bool](repeating: false, count: characters.count + 1)
    reached[0] = true
    for index in characters.indices where characters[index] == "*" && reached[index] { reached[index + 1] = true }
    for character in Self.comparable(text) {
      var next = [Bool](repeating: false, count: characters.count + 1)
      for index in characters.indices {
        if characters[index] == "*" {
          next[index + 1] = reached[index + 1] || reached[index] || next[index]
        } else if characters[index] == "?" || characters[index] == character {
          next[index + 1] = reached[index]
        }
      }
      reached = next
    }
    return reached[characters.count]
  }

  private static func comparable(_ text: String) -> String {
    text.uppercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
