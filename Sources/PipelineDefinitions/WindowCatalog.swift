package import DICOMCore
internal import Foundation
package import PixelTransforms

/// The named windows of a `Windowing/` directory.
package struct WindowCatalog: Sendable, Equatable {
  static let schema = "bucky-windowing/1"

  /// Sorted by name; names are unique.
  package let windows: [NamedWindow]
  /// SHA-256 of each file by its name.
  package let digests: [String: ContentDigest]

  /// Loads every `.yaml` and `.yml` file of `directory`, in the order of their names.
  ///
  /// Throws everything wrong in the first file that is not good, or a name that two files give.
  package init(loading directory: String) throws(DefinitionError) {
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw .unreadable(path: directory, reason: "not a directory that can be read")
    }
    var (windows, digests): ([NamedWindow], [String: ContentDigest]) = ([], [:])
    var origins: [String: String] = [:]
    for entry in entries.sorted() where entry.hasSuffix(".yaml") || entry.hasSuffix(".yml") {
      let file = try DefinitionFile(reading: "\(directory)/\(entry)")
      let root = try YAMLDocument(file).root
      let problems = ProblemList(file: file.path)
      let found = YAMLReader.windowFile.read(root, problems) ?? []
      for (window, place) in found {
        if let origin = origins.updateValue(entry, forKey: window.name) {
          problems.add(
            place, "found the window \(window.name), which \(origin) defines too", expected: "each name once")
        }
        windows.append(window)
      }
      try problems.throwIfAny()
      digests[entry] = file.digest
    }
    self.windows = windows.sorted { $0.name < $1.name }
    self.digests = digests
  }

  /// The window of that name.
  package func window(named name: String) -> NamedWindow? { windows.first { $0.name == name } }
}

extension YAMLReader where Value == [(window: NamedWindow, place: YAMLPlace)] {
  /// A file of named windows.
  fileprivate static var windowFile: YAMLReader {
    YAMLReader("named windows") { node, problems in
      guard let map = YAMLMapping(node, "named windows", keys: ["schema", "windows"], problems) else { return nil }
      _ = map.required("schema", .exactly(WindowCatalog.schema))
      let list = YAMLReader<[YAMLNode]>("a list of at least one window") { node, problems in
        if case .list(let nodes) = node.content, !nodes.isEmpty { return nodes }
        problems.add(node.place, node.found, expected: "a list of at least one window")
        return nil
      }
      return map.required("windows", list)?.compactMap { node in
        YAMLReader<NamedWindow>.namedWindow.read(node, problems).map { ($0, node.place) }
      }
    }
  }
}

extension YAMLReader where Value == NamedWindow {
  fileprivate static var namedWindow: YAMLReader {
    YAMLReader("a window") { node, problems in
      let keys = ["name", "modalities", "unit", "source", "channels"]
      guard let map = YAMLMapping(node, "a window", keys: keys, problems) else { return nil }
      let name = map.required("name", .windowName)
      let modalities = map.required("modalities", .list("a list such as [CT]", of: .modality, count: 1...20))
      let unit = map.required("unit", .text("the unit of center and width, such as HU", upTo: 16))
      let source = map.required("source", .text("where the values come from, at most 500 characters", upTo: 500))
      let channels = map.required("channels", .channels)
      guard let name, let modalities, let unit, let source, let channels else { return nil }
      return NamedWindow(name: name, modalities: modalities, unit: unit, channels: channels, source: source)
    }
  }
}

extension YAMLReader where Value == String {
  /// A name for a window that is none of the built-in choices.
  fileprivate static var windowName: YAMLReader {
    YAMLReader("a name other than automatic, file, min-max") { node, problems in
      guard let name = name("a name").read(node, problems) else { return nil }
      guard !["automatic", "file", "min-max"].contains(name) else {
        problems.add(node.place, node.found, expected: "a name other than automatic, file, min-max")
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
