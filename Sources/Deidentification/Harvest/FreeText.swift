/// What can be told of free text without knowing whose it is.
enum FreeText {
  /// Only words of the vocabulary and small numbers with their units.
  static func vocabularyOnly(_ text: String) -> String {
    let kept = FoldedText(text).words.filter { Vocabulary.contains($0.text) || isMeasure($0.text) }
    return kept.map { String(text[$0.range]) }.joined(separator: " ")
  }

  /// Up to three digits, such as 5, T2, 3d, 5mm, b800.
  private static func isMeasure(_ word: String) -> Bool {
    let digits = word.filter(\.isNumber)
    guard digits.isDigits, digits.utf8.count <= 3 else { return false }
    let letters = word.filter(\.isLetter)
    let pieces = word.split { !$0.isNumber }
    return pieces.count == 1 && (letters.isEmpty || (letters.utf8.count <= 2 && Vocabulary.contains(letters)))
  }

  /// Letters alone, and no word of the vocabulary.
  static func isWord(_ text: String) -> Bool {
    text.count > 3 && text.allSatisfy(\.isLetter) && !Vocabulary.contains(FoldedText.fold(text))
  }

  /// Without dates, telephone numbers, e-mail and web addresses, and the names that follow titles.
  static func withoutPatterns(_ text: String) -> String {
    var ranges: [Range<String.Index>] = []
    let words = FoldedText(text).words
    for (index, word) in words.enumerated() {
      if titles.contains(word.text), index + 1 < words.count,
        isJoined(text, word, words[index + 1], by: [". ", " ", "."])
      {
        // A title, the name behind it, and one more where that is capitalised too.
        var last = index + 1
        if last + 1 < words.count, isJoined(text, words[last], words[last + 1], by: [" ", ". ", ", "]),
          text[words[last + 1].range].first?.isUppercase == true, !Vocabulary.contains(words[last + 1].text)
        {
          last += 1
        }
        if !Vocabulary.contains(words[index + 1].text) {
          ranges.append(word.range.lowerBound..<words[last].range.upperBound)
        }
      }
      if isDate(words, at: index, text) { ranges.append(word.range.lowerBound..<words[index + 2].range.upperBound) }
    }
    ranges += numbers(text)
    ranges += text.split(whereSeparator: \.isWhitespace).filter { $0.contains("@") || $0.contains("://") }
      .map { $0.startIndex..<$0.endIndex }
    return ranges.isEmpty ? text : text.removing(ranges)
  }

  private static let titles: Set<String> = [
    "dr", "mr", "mrs", "ms", "prof", "professor", "herr", "frau", "sr", "sra", "mme", "mlle", "dott", "miss",
  ]

  private static func isJoined(
    _ text: String, _ first: FoldedText.Word, _ second: FoldedText.Word, by separators: [String]
  ) -> Bool {
    separators.contains(String(text[first.range.upperBound..<second.range.lowerBound]))
  }

  /// Three numbers with dots, slashes or hyphens between, one of them a year; or two numbers and the name of a month.
  private static func isDate(_ words: [FoldedText.Word], at index: Int, _ text: String) -> Bool {
    guard index + 2 < words.count else { return false }
    let part = words[index...index + 2].map(\.text)
    if part.count(where: DateForms.isMonth) == 1, part.count(where: \.isDigits) == 2 {
      return part.contains { $0.isDigits && $0.utf8.count == 4 }
    }
    guard part.allSatisfy({ $0.isDigits && [1, 2, 4].contains($0.utf8.count) }) else { return false }
    guard part.contains(where: { $0.utf8.count == 4 }) else {
      // Two digits for the year, behind slashes.
      return part[2].utf8.count == 2 && isJoined(text, words[index], words[index + 1], by: ["/"])
        && isJoined(text, words[index + 1], words[index + 2], by: ["/"])
    }
    return isJoined(text, words[index], words[index + 1], by: [".", "/", "-"])
      && isJoined(text, words[index + 1], words[index + 2], by: [".", "/", "-"])
  }

  /// Runs of digits, spaces, slashes, brackets and hyphens with seven digits or more: telephone numbers, identifiers, dates.
  private static func numbers(_ text: String) -> [Range<String.Index>] {
    let allowed: Set<Character> = [" ", "-", "/", "(", ")", "+"]
    return text.split { !$0.isNumber && !allowed.contains($0) }
      .filter { $0.count(where: \.isNumber) >= 7 }.map { $0.startIndex..<$0.endIndex }
  }
}
