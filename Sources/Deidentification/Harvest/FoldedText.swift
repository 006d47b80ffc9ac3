internal import Foundation

/// Text as words that compare equal however they were written: lower case, without accents.
struct FoldedText {
  struct Word {
    let text: String
    /// Where it stands in the text that was given.
    let range: Range<String.Index>
  }

  let words: [Word]

  init(_ text: String) {
    var words: [Word] = []
    var start: String.Index?
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      let next = text.index(after: index)
      if character.isLetter || character.isNumber {
        start = start ?? index
      } else if let begin = start {
        words.append(Word(text: Self.fold(text[begin..<index]), range: begin..<index))
        start = nil
      }
      index = next
    }
    if let begin = start { words.append(Word(text: Self.fold(text[begin...]), range: begin..<text.endIndex)) }
    self.words = words
  }

  static func fold(_ text: some StringProtocol) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text.lowercased() }
    return String(text).folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
  }
}

extension String {
  /// Chinese characters and Hangul: one of them may be a family name.
  var isIdeographic: Bool {
    !isEmpty
      && unicodeScalars.allSatisfy { (0x4E00...0x9FFF).contains($0.value) || (0xAC00...0xD7A3).contains($0.value) }
  }

  var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
  var isDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
