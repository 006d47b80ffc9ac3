/// A pattern for free text such as Series Description: `*` stands for any characters, `?` for one.
///
/// Without either it matches text that contains it. Case does not matter, and runs of white space count as one space.
package struct TextPattern: Sendable, Hashable {
  package let text: String
  private let characters: [Character]

  /// `nil` for a pattern without anything but white space.
  package init?(_ text: String) {
    let comparable = Self.comparable(text)
    guard !comparable.isEmpty else { return nil }
    self.text = text
    let isContained = !comparable.contains { $0 == "*" || $0 == "?" }
    characters = Array(isContained ? "*\(comparable)*" : comparable)
  }

  /// - Complexity: O(pattern × text), without recursion: neither may be long in a bad way.
  package func matches(_ text: String) -> Bool {
    let text = Array(Self.comparable(text))
    var (i, j) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while j < text.count {
      if i < characters.count, characters[i] == "*" {
        star = (i, j)
        i += 1
      } else if i < characters.count, characters[i] == "?" || characters[i] == text[j] {
        (i, j) = (i + 1, j + 1)
      } else if let last = star {
        // The last star takes one character more.
        star = (last.pattern, last.text + 1)
        (i, j) = (last.pattern + 1, last.text + 1)
      } else {
        return false
      }
    }
    return characters[i...].allSatisfy { $0 == "*" }
  }

  private static func comparable(_ text: String) -> String {
    text.uppercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
