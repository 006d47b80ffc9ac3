internal import Yams

/// The one YAML document of a definition file.
///
/// A definition needs plain YAML only. Anchors, aliases and tags are refused: they make a file harder to read, and
/// aliases can make a small file expand without bound.
struct YAMLDocument {
  /// Deeper than any definition goes.
  static let maximumDepth = 16
  /// Words starting with `*` outside of comments, each of which could be an alias.
  static let maximumAsterisks = 4

  let root: YAMLNode

  init(_ file: DefinitionFile) throws(DefinitionError) {
    func fail(_ place: YAMLPlace, _ found: String, _ expected: String) -> DefinitionError {
      .invalid([.init(file: file.path, line: place.line, column: place.column, found: found, expected: expected)])
    }
    guard file.bytes.count <= DefinitionFile.maximumSize else {
      throw fail(.start, "the file is larger than 1 MiB", "a definition of at most 1 MiB")
    }
    let bytes = file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? file.bytes.dropFirst(3) : file.bytes[...]
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fail(Self.firstInvalidByte(in: bytes), "found a byte that is not UTF-8", "text in UTF-8")
    }
    // Yams resolves aliases while it parses; a bound on their number bounds what they can expand to.
    guard Self.possibleAliases(in: text) <= Self.maximumAsterisks else {
      throw fail(.start, "found more than \(Self.maximumAsterisks) words that start with *", "no aliases")
    }
    do {
      // Anchors are held weakly by the nodes, strongly by the parser: it has to outlive the conversion.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      let node = try parser.singleRoot()
      self.root = try withExtendedLifetime(parser) {
        try node.map { try YAMLNode($0, depth: 0) } ?? YAMLNode(content: .nothing, place: .start)
      }
    } catch let error as YAMLRefusal {
      throw fail(error.place, error.found, error.expected)
    } catch let error as YamlError {
      let (place, found, expected) = Self.explain(error, in: text)
      throw fail(place, found, expected)
    } catch {
      throw fail(.start, "the file cannot be parsed", "YAML")
    }
  }

  /// Where decoding with repair first differs from the bytes.
  private static func firstInvalidByte(in bytes: ArraySlice<UInt8>) -> YAMLPlace {
    var (line, column, position) = (1, 1, bytes.startIndex)
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      guard bytes[position...].starts(with: scalar.utf8) else { break }
      position += scalar.utf8.count
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return YAMLPlace(line: line, column: column)
  }

  /// Counts the asterisks that start a word outside of comment lines. Lines end where YAML 1.1 ends them, which is at
  /// more characters than a line feed.
  private static func possibleAliases(in text: String) -> Int {
    let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    let before: Set<Unicode.Scalar> = [" ", "\t", "[", "]", "{", "}", ",", ":", "-", "?", "!"]
    return text.unicodeScalars.split(whereSeparator: breaks.contains).reduce(0) { count, line in
      guard line.contains("*"), line.first(where: { $0 != " " && $0 != "\t" }) != "#" else { return count }
      return count + zip([" "] + line, line).count { $1 == "*" && before.contains($0) }
    }
  }
}

/// Something YAML allows and a definition does not.
private struct YAMLRefusal: Error {
  let place: YAMLPlace
  let found: String
  let expected: String
}

extension YAMLNode {
  /// Converts what Yams parsed.
  fileprivate init(_ node: Node, depth: Int) throws {
    let place = YAMLPlace(node.mark)
    guard node.anchor == nil, node.alias == nil else {
      throw YAMLRefusal(place: place, found: "found an anchor", expected: "no anchors and aliases")
    }
    guard depth <= YAMLDocument.maximumDepth else {
      throw YAMLRefusal(
        place: place, found: "found more than \(YAMLDocument.maximumDepth) nested levels", expected: "fewer levels")
    }
    let tag = node.tag.description
    guard ["str", "seq", "map"].contains(where: { tag == "tag:yaml.org,2002:\($0)" }) else {
      throw YAMLRefusal(place: place, found: "found the tag \(Self.quoted(tag))", expected: "no tags")
    }
    switch node {
    case .scalar(let scalar):
      let isNothing = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      self.init(content: isNothing ? .nothing : .text(scalar.string), place: place)
    case .sequence(let nodes):
      self.init(content: .list(try nodes.map { try YAMLNode($0, depth: depth + 1) }), place: place)
    case .mapping(let pairs):
      let entries = try pairs.map {
        (key: try YAMLNode($0.key, depth: depth + 1), value: try YAMLNode($0.value, depth: depth + 1))
      }
      self.init(content: .mapping(entries), place: place)
    case .alias:
      self.init(content: .nothing, place: place)
    }
  }
}

extension YAMLPlace {
  fileprivate init(_ mark: Mark?) {
    self.init(line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1))
  }
}

extension YAMLDocument {
  /// The place and wording of an error of the YAML parser.
  private static func explain(_ error: YamlError, in text: String) -> (YAMLPlace, found: String, expected: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let during = context.map { " \($0.text)" } ?? ""
      return (YAMLPlace(mark), "the YAML parser reports: \(problem)\(during)", "well-formed YAML")
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.count { $0.isNewline } + 1
      let column = before.reversed().prefix { !$0.isNewline }.count + 1
      return (
        YAMLPlace(line: line, column: column), "the YAML parser reports: \(problem)", "text without control characters"
      )
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map(YAMLNode.quoted).joined(separator: ", ")
      return (YAMLPlace(context.mark), "the key \(names) appears more than once in this mapping", "each key once")
    case .memory:
      return (.start, "the file is nested too deeply", "at most \(maximumDepth) nested levels")
    default:
      return (.start, "the file cannot be parsed", "well-formed YAML")
    }
  }
}
