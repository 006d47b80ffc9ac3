/// Suggestions for misspelt words.
enum Spelling {
  /// The candidate that takes the fewest edits to reach, the earlier of two equal ones.
  ///
  /// Gives `nil` when even that takes more than one edit and more than a third of the word.
  static func closest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let distances = candidates.map { (candidate: $0, edits: edits(from: word.lowercased(), to: $0.lowercased())) }
    guard let best = distances.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= max(1, word.count / 3) ? best.candidate : nil
  }

  /// The Levenshtein distance: insertions, deletions and substitutions, each counted 1.
  static func edits(from source: String, to target: String) -> Int {
    let target = Array(target)
    var row = Array(0...target.count)
    for (i, character) in source.enumerated() {
      let previous = row
      row[0] = i + 1
      for (j, other) in target.enumerated() {
        row[j + 1] = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (character == other ? 0 : 1))
      }
    }
    return row[target.count]
  }
}
