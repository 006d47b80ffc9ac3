/// The problems found so far in one file. Reading goes on after a problem, so that one run names them all.
final class ProblemList {
  /// More than anyone mends in one go; the rest would only cost time and screen.
  static let maximum = 100

  let file: String
  private var problems: [(place: YAMLPlace, problem: DefinitionProblem)] = []

  init(file: String) {
    self.file = file
  }

  var isFull: Bool { problems.count >= Self.maximum }

  func add(_ place: YAMLPlace, _ found: String, expected: String, suggestion: String? = nil) {
    guard !isFull else { return }
    problems.append(
      (
        place,
        DefinitionProblem(
          file: file, line: place.line, column: place.column, found: found, expected: expected, suggestion: suggestion)
      ))
  }

  /// Throws everything found, in the order of the file, unless there is nothing.
  func throwIfAny() throws(DefinitionError) {
    guard !problems.isEmpty else { return }
    // Equal places keep the order in which they were found.
    let ordered = problems.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
    throw .invalid(ordered.map(\.element.problem))
  }
}

/// How to read one kind of value, and what to tell who wrote something else.
struct YAMLReader<Value> {
  /// Completes the sentence "expected …".
  let expected: String
  /// Gives `nil` after adding at least one problem to the list.
  let read: (YAMLNode, ProblemList) -> Value?

  init(_ expected: String, _ read: @escaping (YAMLNode, ProblemList) -> Value?) {
    self.expected = expected
    self.read = read
  }

  /// A reader for a scalar whose text `convert` understands.
  static func scalar(_ expected: String, _ convert: @escaping (String) -> Value?) -> YAMLReader {
    YAMLReader(expected) { node, problems in
      if case .text(let text) = node.content, let value = convert(text) { return value }
      problems.add(node.place, node.found, expected: expected)
      return nil
    }
  }

  /// A reader for a list with an element count in `count` and no repeated element.
  static func list<Element: Hashable>(
    _ expected: String, of element: YAMLReader<Element>, count: ClosedRange<Int>
  ) -> YAMLReader where Value == [Element] {
    YAMLReader(expected) { node, problems in
      guard case .list(let nodes) = node.content else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      guard count.contains(nodes.count) else {
        let found = nodes.isEmpty ? "found an empty list" : "found a list of \(nodes.count)"
        problems.add(node.place, found, expected: "\(expected), \(count.lowerBound) to \(count.upperBound) of them")
        return nil
      }
      var (values, seen, isComplete): ([Element], Set<Element>, Bool) = ([], [], true)
      for node in nodes {
        guard let value = element.read(node, problems) else {
          isComplete = false
          continue
        }
        if !seen.insert(value).inserted {
          problems.add(node.place, "\(node.found) a second time", expected: "each element once")
          isComplete = false
        }
        values.append(value)
      }
      return isComplete ? values : nil
    }
  }

  /// A reader for an enumeration, by raw value.
  static func choice(_ values: [Value]) -> YAMLReader where Value: RawRepresentable<String> {
    let names = values.map(\.rawValue)
    let expected = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    return YAMLReader(expected) { node, problems in
      guard case .text(let text) = node.content else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      if let value = values.first(where: { $0.rawValue == text }) { return value }
      problems.add(node.place, node.found, expected: expected, suggestion: Spelling.closest(to: text, among: names))
      return nil
    }
  }
}

extension YAMLReader where Value == String {
  /// Text of 1 to `limit` characters, surrounding white space dropped, line breaks folded to spaces.
  static func text(_ expected: String, upTo limit: Int = 200) -> YAMLReader {
    scalar(expected) { text in
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let isPrintable = words.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      return (1...limit).contains(words.count) && isPrintable ? words : nil
    }
  }

  /// Text that is exactly `value`: the schema line of a file.
  static func exactly(_ value: String) -> YAMLReader {
    scalar(value) { $0 == value ? $0 : nil }
  }

  /// Lower case letters, digits and single hyphens, starting with a letter.
  static func name(_ what: String) -> YAMLReader {
    scalar("\(what) in lower case letters, digits and hyphens, at most 40") { text in
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      let isWellFormed = parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
      }
      return isWellFormed && text.utf8.count <= 40 && text.first?.isLetter == true ? text : nil
    }
  }
}

extension YAMLReader where Value == Double {
  /// A decimal number in `range`, without units, `inf` or `nan`.
  static func number(in range: ClosedRange<Double>, unit: String = "") -> YAMLReader {
    scalar("a number from \(range.lowerBound.short) to \(range.upperBound.short)\(unit)") { text in
      guard text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }), let number = Double(text) else { return nil }
      return range.contains(number) ? number : nil
    }
  }
}

extension YAMLReader where Value == Int {
  static func integer(in range: ClosedRange<Int>) -> YAMLReader {
    scalar("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Double {
  /// Without a decimal point where it is a whole number.
  fileprivate var short: String { Int(exactly: self).map(String.init) ?? String(self) }
}
