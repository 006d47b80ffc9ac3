/// Takes what was harvested out of text that stays.
package struct IdentityScrubber: Sendable {
  /// Words, by their first: longest first.
  private var phrases: [String: [[String]]] = [:]
  private var uids: Set<String>
  /// Names in scripts that put no space between words.
  private var fragments: [String] = []

  package init(_ harvest: Harvest) {
    uids = harvest.uids
    for name in harvest.names { add(name: name) }
    for text in harvest.texts { add(phrase: FoldedText(text).words.map(\.text)) }
    for date in harvest.dates { add(date: date) }
    phrases = phrases.mapValues { Array(Set($0)).sorted { ($1.count, $0.joined()) < ($0.count, $1.joined()) } }
    fragments = Array(Set(fragments)).sorted { ($1.count, $0) < ($0.count, $1) }
  }

  private mutating func add(name: String) {
    let words = FoldedText(name).words.map(\.text)
    for word in words where Self.standsAlone(word) { add(phrase: [word]) }
    add(phrase: words)
    add(phrase: words.reversed())
    add(phrase: [words.joined()])
    add(phrase: [words.reversed().joined()])
    if words.count > 2 {
      add(phrase: Array(words.prefix(2)))
      add(phrase: words.prefix(2).reversed())
    }
    guard !name.isASCII else { return }
    fragments += name.split { $0 == "^" || $0 == " " }.map(String.init).filter { !$0.isASCII && $0.count >= 2 }
  }

  /// A part of a name that is one wherever it stands.
  static func standsAlone(_ word: String) -> Bool {
    word.unicodeScalars.count >= (word.isASCII ? 3 : word.isIdeographic ? 1 : 2) && !word.isDigits
      && !Vocabulary.contains(word)
  }

  private mutating func add(date: String) {
    let (year, month, day) = (String(date.prefix(4)), String(date.dropFirst(4).prefix(2)), String(date.suffix(2)))
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    let short = { (text: String) in text.hasPrefix("0") ? String(text.dropFirst()) : text }
    for (d, m) in [(day, month), (short(day), short(month))] {
      add(phrase: [year, m, d])
      add(phrase: [d, m, year])
      add(phrase: [m, d, year])
    }
    if let number = Int(month), (1...12).contains(number) {
      for d in [day, short(day)] {
        add(phrase: [d, names[number - 1], year])
        add(phrase: [names[number - 1], d, year])
      }
    }
    add(phrase: [date])
  }

  private mutating func add(phrase: [String]) {
    guard let first = phrase.first, first.isIdeographic || phrase.reduce(0, { $0 + $1.unicodeScalars.count }) >= 2
    else { return }
    guard phrase.count > 1 || !Vocabulary.contains(first) else { return }
    guard phrase.contains(where: { !Vocabulary.contains($0) }) || phrase.count > 2 else { return }
    phrases[first, default: []].append(phrase)
  }

  /// `text` without what was harvested; the same text when there is nothing of it.
  package func scrub(_ text: String) -> String {
    var ranges: [Range<String.Index>] = []
    let words = FoldedText(text).words
    var index = 0
    while index < words.count {
      let length = match(words, at: index)
      if length > 0 { ranges.append(words[index].range.lowerBound..<words[index + length - 1].range.upperBound) }
      index += max(1, length)
    }
    ranges += uidRanges(text)
    if !text.isASCII {
      for fragment in fragments { ranges += text.ranges(of: fragment) }
    }
    return ranges.isEmpty ? text : text.removing(ranges)
  }

  private func match(_ words: [FoldedText.Word], at index: Int) -> Int {
    guard let candidates = phrases[words[index].text] else { return 0 }
    for phrase in candidates where index + phrase.count <= words.count {
      if zip(phrase, words[index...]).allSatisfy({ $0 == $1.text }) { return phrase.count }
    }
    return 0
  }

  private func uidRanges(_ text: String) -> [Range<String.Index>] {
    guard text.contains(".") else { return [] }
    return text.split { !($0 == "." || ("0"..."9").contains($0)) }
      .filter { uids.contains($0.trimmingDots()) }.map { $0.startIndex..<$0.endIndex }
  }
}

extension Substring {
  func trimmingDots() -> String {
    var view = self
    while view.last == "." { view.removeLast() }
    while view.first == "." { view.removeFirst() }
    return String(view)
  }
}

extension String {
  /// Without the characters of `ranges`, with no more than one space where they were.
  func removing(_ ranges: [Range<Index>]) -> String {
    var result = ""
    var position = startIndex
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > position {
      if range.lowerBound > position { result += self[position..<range.lowerBound] }
      position = range.upperBound
    }
    result += self[position...]
    return result.split(separator: " ").joined(separator: " ")
  }
}
