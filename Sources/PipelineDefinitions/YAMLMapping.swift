/// A mapping of a definition file, checked against the keys its schema knows.
struct YAMLMapping {
  private let entries: [String: YAMLNode]
  private let problems: ProblemList
  let place: YAMLPlace

  /// Reports what is no mapping and every key that is not among `keys`.
  init?(_ node: YAMLNode, _ what: String, keys: [String], _ problems: ProblemList) {
    guard case .mapping(let pairs) = node.content else {
      problems.add(node.place, node.found, expected: "\(what), a mapping with the keys \(keys.joined(separator: ", "))")
      return nil
    }
    var entries: [String: YAMLNode] = [:]
    for pair in pairs where !problems.isFull {
      guard case .text(let key) = pair.key.content, keys.contains(key) else {
        var suggestion: String?
        if case .text(let key) = pair.key.content { suggestion = Spelling.closest(to: key, among: keys) }
        let found = pair.key.found.replacing("found ", with: "found the unknown key ", maxReplacements: 1)
        let expected = keys.count == 1 ? "the key \(keys[0])" : "one of the keys \(keys.joined(separator: ", "))"
        problems.add(pair.key.place, found, expected: expected, suggestion: suggestion)
        continue
      }
      entries[key] = pair.value
    }
    self.entries = entries
    self.problems = problems
    self.place = node.place
  }

  /// The node under `key`; `nil` when the key is absent.
  func node(_ key: String) -> YAMLNode? { entries[key] }

  /// The value under `key`, which must be there.
  func required<Value>(_ key: String, _ reader: YAMLReader<Value>) -> Value? {
    guard let node = entries[key] else {
      problems.add(place, "the key \(key) is missing", expected: reader.expected)
      return nil
    }
    return reader.read(node, problems)
  }

  /// The value under `key`, or `fallback` when the key is absent; `nil` only after a problem.
  func optional<Value>(_ key: String, _ reader: YAMLReader<Value>, default fallback: Value) -> Value? {
    guard let node = entries[key] else { return fallback }
    return reader.read(node, problems)
  }
}
