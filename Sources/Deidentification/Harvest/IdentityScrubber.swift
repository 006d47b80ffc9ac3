/// Takes what was harvested out of text that stays.
package struct IdentityScrubber: Sendable {
  /// Words, by their first: longest first.
  private var phrases: [String: [[String]]] = [:]
  private var uids: Set<String>
  /// Names in scripts that put no space between words.
  private var fragments: [String] = []
  /// What counts inside a longer word too.
  private let parts: ByteSearch
  private let numbers: TellingNumbers
  /// What the output will be searched for: text that would not pass is not kept at all.
  private let residue: SearchTokens?

  package init(_ harvest: Harvest, residue: SearchTokens? = nil) {
    uids = harvest.uids
    numbers = TellingNumbers(harvest)
    self.residue = residue
    var long: Set<String> = []
    let names = harvest.names.flatMap(NameForms.all)
    for name in names { long.formUnion(FoldedText(name).words.map(\.text).filter(Self.standsAlone)) }
    for text in harvest.texts {
      let words = FoldedText(text).words.map(\.text)
      if words.count <= 4, words.contains(where: { !Vocabulary.contains($0) }) { long.insert(words.joined()) }
    }
    parts = ByteSearch(long.filter { $0.utf8.count >= 6 }.sorted().map { Array($0.utf8) })
    for name in names { add(name: name) }
    for text in harvest.texts {
      let words = FoldedText(text).words.map(\.text)
      add(phrase: words)
      if words.count <= 4 { add(phrase: [words.joined()]) }
    }
    for date in harvest.dates {
      for phrase in DateForms.phrases(date) { add(phrase: phrase) }
    }
    phrases = phrases.mapValues { Array(Set($0)).sorted { ($1.count, $0.joined()) < ($0.count, $1.joined()) } }
    fragments = Array(Set(fragments)).sorted { ($1.count, $0) < ($0.count, $1) }
  }

  private mutating func add(name: String) {
    let words = FoldedText(name).words.map(\.text)
    // Two letters are enough for a name here, where a word that is lost is no loss; not where an object would be withheld.
    for word in words where Self.standsAlone(word) || (word.utf8.count == 2 && word.isASCII && !word.isDigits) {
      add(phrase: [word])
    }
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

  /// Whether a value of DS or IS is an identifier of digits.
  func isIdentifier(_ number: String) -> Bool { numbers.contains(number) }

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
      var length = match(words, at: index)
      if length == 0, parts.search(Array(words[index].text.utf8), { _, _ in true }) { length = 1 }
      if length > 0 { ranges.append(words[index].range.lowerBound..<words[index + length - 1].range.upperBound) }
      index += max(1, length)
    }
    ranges += uidRanges(text)
    if !text.isASCII {
      for fragment in fragments { ranges += text.ranges(of: fragment) }
    }
    let scrubbed = ranges.isEmpty ? text : text.removing(ranges)
    return residue?.kind(in: Array(scrubbed.utf8)) == nil ? scrubbed : ""
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
