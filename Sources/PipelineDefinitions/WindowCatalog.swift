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
