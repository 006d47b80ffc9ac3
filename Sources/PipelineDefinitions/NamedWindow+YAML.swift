internal import PixelTransforms

extension YAMLReader where Value == NamedWindow {
  static var namedWindow: YAMLReader {
    YAMLReader("a window") { node, problems in
      let keys = ["name", "modalities", "unit", "source", "channels", "percentiles"]
      guard let map = YAMLMapping(node, "a window", keys: keys, problems) else { return nil }
      let name = map.required("name", .windowName)
      let modalities = map.required("modalities", .list("a list such as [CT]", of: .modality, count: 1...20))
      let unit = map.required("unit", .text("the unit of center and width, such as HU", upTo: 16))
      let source = map.required("source", .text("where the values come from, at most 500 characters", upTo: 500))
      let values = values(of: map, problems)
      guard let name, let modalities, let unit, let source, let values else { return nil }
      return NamedWindow(name: name, modalities: modalities, unit: unit, values: values, source: source)
    }
  }
}

extension YAMLReader where Value == NamedWindow {
  /// Either `channels` or `percentiles`.
  private static func values(of map: YAMLMapping, _ problems: ProblemList) -> NamedWindow.Values? {
    guard let percentiles = map.node("percentiles") else {
      return map.required("channels", .channels).map { .windows($0) }
    }
    if map.node("channels") != nil {
      problems.add(percentiles.place, "found channels and percentiles", expected: "one of the two")
    }
    return YAMLReader<PercentileRange>.percentileRange.read(percentiles, problems).map { .percentiles($0) }
  }
}

extension YAMLReader where Value == PercentileRange {
  /// `{lower: 0.5, upper: 99.5, of: series}`.
  fileprivate static var percentileRange: YAMLReader {
    let expected = "percentiles such as {lower: 0.5, upper: 99.5, of: series}"
    return YAMLReader(expected) { node, problems in
      guard let map = YAMLMapping(node, expected, keys: ["lower", "upper", "of"], problems) else { return nil }
      let lower = map.required("lower", .number(in: 0...100))
      let upper = map.required("upper", .number(in: 0...100))
      let scope = map.optional("of", .choice(PercentileRange.Scope.allCases), default: .series)
      guard let lower, let upper, let scope else { return nil }
      guard lower < upper else {
        problems.add(node.place, "found a lower percentile that is not below the upper one", expected: expected)
        return nil
      }
      return PercentileRange(lower: lower, upper: upper, scope: scope)
    }
  }
}

extension YAMLReader where Value == String {
  /// A name for a window that is none of the built-in choices.
  fileprivate static var windowName: YAMLReader {
    let expected = "a name other than \(WindowChoice.builtInNames.joined(separator: ", "))"
    return YAMLReader(expected) { node, problems in
      guard let name = name("a name").read(node, problems) else { return nil }
      guard !WindowChoice.builtInNames.contains(name) else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      return name
    }
  }
}

extension YAMLReader where Value == [VOIWindow] {
  /// One window, or three for red, green and blue.
  fileprivate static var channels: YAMLReader {
    let expected = "a list of 1 or 3 windows {center: 40, width: 350, function: LINEAR}"
    return YAMLReader(expected) { node, problems in
      guard case .list(let nodes) = node.content, nodes.count == 1 || nodes.count == 3 else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      let windows = nodes.compactMap { YAMLReader<VOIWindow>.voiWindow.read($0, problems) }
      return windows.count == nodes.count ? windows : nil
    }
  }
}

extension YAMLReader where Value == VOIWindow {
  /// LINEAR needs a width of at least 1, the other functions one above 0 (PS3.3 C.11.2.1.2.1, C.11.2.1.3).
  fileprivate static var voiWindow: YAMLReader {
    YAMLReader("a window {center: 40, width: 350, function: LINEAR}") { node, problems in
      let keys = ["center", "width", "function"]
      guard let map = YAMLMapping(node, "a window", keys: keys, problems) else { return nil }
      let function = map.optional("function", .choice(VOILUTFunction.allCases), default: .linear)
      let center = map.required("center", .number(in: -1_000_000...1_000_000))
      let width = map.required("width", .number(in: (function == .linear ? 1 : 0.001)...1_000_000))
      guard let function, let center, let width else { return nil }
      return VOIWindow(center: center, width: width, function: function)
    }
  }
}
