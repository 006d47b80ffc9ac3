internal import DICOMCore
package import Findings

extension LabelSet {
  static let schema = "bucky-labels/1"

  /// Loads a label set.
  ///
  /// Throws everything wrong in the file at once.
  package init(loading path: String) throws(DefinitionError) {
    let file = try DefinitionFile(reading: path)
    let root = try YAMLDocument(file).root
    let problems = ProblemList(file: path)
    let labelSet = LabelSet(root, file, problems)
    try problems.throwIfAny()
    // A nil value has added a problem, so that the line above has thrown.
    guard let labelSet else { throw .unreadable(path: path, reason: "incomplete") }
    self = labelSet
  }

  private init?(_ root: YAMLNode, _ file: DefinitionFile, _ problems: ProblemList) {
    let keys = ["schema", "id", "version", "title", "source", "threshold", "findings"]
    guard let map = YAMLMapping(root, "a label set", keys: keys, problems) else { return nil }
    let schema = map.required("schema", .exactly(Self.schema))
    let id = map.required("id", .name("a name"))
    let version = map.required("version", .text("a version such as 1.0.0", upTo: 40))
    let title = map.required("title", .text("a title of at most 100 characters", upTo: 100))
    let source = map.required("source", .text("where the prompts come from, at most 500 characters", upTo: 500))
    let threshold = map.optional("threshold", .optional(.threshold), default: nil)
    let findings = map.required("findings", .findings(defaultThreshold: threshold ?? nil))
    guard schema != nil, let id, let version, let title, let source, threshold != nil, let findings else { return nil }
    self.init(id: id, version: version, title: title, source: source, digest: file.digest, findings: findings)
  }
}

extension YAMLReader {
  /// The same reader for a value that may be left out.
  static func optional<Wrapped>(_ reader: YAMLReader<Wrapped>) -> YAMLReader where Value == Wrapped? {
    YAMLReader(reader.expected) { node, problems in reader.read(node, problems).map(Optional.some) }
  }
}

extension YAMLReader where Value == Threshold {
  /// `{on: softmax, value: 0.5, source: …}`.
  static var threshold: YAMLReader {
    YAMLReader("a threshold {on: softmax, value: 0.5, source: …}") { node, problems in
      guard let map = YAMLMapping(node, "a threshold", keys: ["on", "value", "source"], problems) else { return nil }
      let kind = map.required("on", .choice(ScoreKind.allCases))
      let value = map.required("value", .number(in: kind?.range ?? -1000...1000))
      let source = map.required("source", .text("how the value was chosen, at most 300 characters", upTo: 300))
      guard let kind, let value, let source else { return nil }
      return Threshold(on: kind, value: value, source: source)
    }
  }
}

extension YAMLReader where Value == [LabelSet.Label] {
  /// The findings of a label set, 1 to 200 with unique names.
  static func findings(defaultThreshold: Threshold?) -> YAMLReader {
    let expected = "a list of 1 to 200 findings"
    return YAMLReader(expected) { node, problems in
      guard case .list(let nodes) = node.content, (1...200).contains(nodes.count) else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      let label = YAMLReader<LabelSet.Label>.label(defaultThreshold)
      var names: Set<String> = []
      var meanings: [CodeIdentity: String] = [:]
      let labels = nodes.compactMap { node -> LabelSet.Label? in
        guard let label = label.read(node, problems) else { return nil }
        if !names.insert(label.name).inserted {
          problems.add(node.place, "found the finding \(label.name) a second time", expected: "each finding once")
        }
        for code in [label.code, label.site].compactMap(\.self) {
          let known = meanings.updateValue(code.meaning, forKey: CodeIdentity(code))
          guard let known, known != code.meaning else { continue }
          problems.add(
            node.place, "found the code \(code.value) \(code.scheme) as \(YAMLNode.quoted(code.meaning))",
            expected: "one meaning a code: above it is \(YAMLNode.quoted(known))")
        }
        return label
      }
      return labels.count == nodes.count ? labels : nil
    }
  }
}

/// What makes two codes the same, whatever they are called.
private struct CodeIdentity: Hashable {
  let value: String
  let scheme: String

  init(_ code: CodedConcept) { (value, scheme) = (code.value, code.scheme) }
}
