internal import DICOMCore
package import Deidentification

extension DeviceCatalog {
  static let schema = "bucky-burned-in-regions/1"

  /// Loads a file of rules such as `Pipelines/burned-in-regions.yaml`.
  ///
  /// - Throws: Everything wrong in the file, with line and column.
  package init(loading path: String) throws(DefinitionError) {
    let file = try DefinitionFile(reading: path)
    let problems = ProblemList(file: file.path)
    let rules = YAMLReader<[Rule]>.ruleFile.read(try YAMLDocument(file).root, problems)
    try problems.throwIfAny()
    self.init(rules: rules ?? [], digests: [file.digest])
  }
}

extension YAMLReader where Value == [DeviceCatalog.Rule] {
  fileprivate static var ruleFile: YAMLReader {
    YAMLReader("rules for burned-in text") { node, problems in
      guard let map = YAMLMapping(node, "rules for burned-in text", keys: ["schema", "rules"], problems) else {
        return nil
      }
      _ = map.required("schema", .exactly(DeviceCatalog.schema))
      let list = YAMLReader<[YAMLNode]>("a list of at least one rule") { node, problems in
        if case .list(let nodes) = node.content, !nodes.isEmpty { return nodes }
        problems.add(node.place, node.found, expected: "a list of at least one rule")
        return nil
      }
      var names: Set<String> = []
      return map.required("rules", list)?.compactMap { node in
        guard let rule = YAMLReader<DeviceCatalog.Rule>.rule.read(node, problems) else { return nil }
        if !names.insert(rule.name).inserted {
          problems.add(node.place, "found the rule \(rule.name) a second time", expected: "each name once")
        }
        return rule
      }
    }
  }
}

extension YAMLReader where Value == DeviceCatalog.Rule {
  fileprivate static var rule: YAMLReader {
    YAMLReader("a rule") { node, problems in
      let keys = ["name", "source", "when", "blank", "clean", "withhold"]
      guard let map = YAMLMapping(node, "a rule", keys: keys, problems) else { return nil }
      let name = map.required("name", .name("a name"))
      let source = map.required("source", .text("where the rule comes from, at most 500 characters", upTo: 500))
      let conditions = map.required("when", .conditions)
      let effect = effect(of: map, problems)
      guard let name, let source, let conditions, let effect else { return nil }
      return DeviceCatalog.Rule(name: name, source: source, conditions: conditions, effect: effect)
    }
  }

  /// Exactly one of `blank`, `clean: true` and `withhold: true`.
  private static func effect(of map: YAMLMapping, _ problems: ProblemList) -> DeviceCatalog.Rule.Effect? {
    let given = ["blank", "clean", "withhold"].filter { map.node($0) != nil }
    guard given.count == 1 else {
      let found = given.isEmpty ? "found none of them" : "found \(given.joined(separator: " and "))"
      problems.add(map.place, found, expected: "one of blank, clean and withhold")
      return nil
    }
    if given == ["blank"] {
      let expected = "a list of rectangles such as [0, 0, 640, 40]: column, row, width and height"
      return map.required("blank", .list(expected, of: .rectangle, count: 1...20)).map { .regions($0) }
    }
    guard map.required(given[0], .exactly("true")) != nil else { return nil }
    return given == ["clean"] ? .clean : .withheld
  }
}

extension YAMLReader where Value == PixelRegion {
  fileprivate static var rectangle: YAMLReader {
    let expected = "column, row, width and height, such as [0, 0, 640, 40]"
    return YAMLReader(expected) { node, problems in
      guard case .list(let nodes) = node.content, nodes.count == 4 else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      let corner = YAMLReader<Int>.integer(in: 0...65535)
      let side = YAMLReader<Int>.integer(in: 1...65535)
      let values = nodes.enumerated().compactMap { ($0.offset < 2 ? corner : side).read($0.element, problems) }
      guard values.count == 4 else { return nil }
      return PixelRegion(column: values[0], row: values[1], width: values[2], height: values[3])
    }
  }
}

extension YAMLReader where Value == [DeviceCatalog.Condition] {
  fileprivate static var conditions: YAMLReader {
    let keys = ["modality", "manufacturer", "model", "series_description", "image_type", "rows", "columns"]
    return YAMLReader("conditions") { node, problems in
      guard let map = YAMLMapping(node, "conditions", keys: keys, problems) else { return nil }
      var conditions: [DeviceCatalog.Condition] = []
      func add<Found>(
        _ key: String, _ reader: YAMLReader<Found>, _ make: (Found) -> DeviceCatalog.Condition
      ) {
        guard map.node(key) != nil, let value = map.required(key, reader) else { return }
        conditions.append(make(value))
      }
      let patterns = YAMLReader<[TextPattern]>.list("a list of patterns", of: .devicePattern, count: 1...20)
      add("modality", .list("a list such as [US]", of: .modality, count: 1...20)) { .modality($0) }
      add("manufacturer", patterns) { .text(.manufacturer, $0) }
      add("model", patterns) { .text(.manufacturerModelName, $0) }
      add("series_description", patterns) { .text(.seriesDescription, $0) }
      add("image_type", .list("a list such as [DERIVED, SECONDARY]", of: .codeString, count: 1...10)) { .imageType($0) }
      add("rows", .integer(in: 1...65535)) { .rows($0...$0) }
      add("columns", .integer(in: 1...65535)) { .columns($0...$0) }
      guard !conditions.isEmpty else {
        problems.add(node.place, "found no condition", expected: "at least one of \(keys.joined(separator: ", "))")
        return nil
      }
      return conditions
    }
  }
}

extension YAMLReader where Value == TextPattern {
  fileprivate static var devicePattern: YAMLReader {
    scalar("text of at most 64 characters; * stands for any characters, ? for one") { text in
      text.count <= 64 ? TextPattern(text) : nil
    }
  }
}
