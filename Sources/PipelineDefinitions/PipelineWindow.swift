internal import Findings
internal import PixelTransforms

/// The window of a pipeline as it was written: one for all images, or one a modality.
struct PipelineWindow {
  struct Entry {
    let choice: WindowChoice
    let place: YAMLPlace
  }

  /// The modality of an entry and where its key stands.
  struct ModalityEntry {
    let modality: String
    let place: YAMLPlace
    let window: Entry
  }

  enum Form {
    case one(Entry)
    case byModality([ModalityEntry])
  }

  var form = Form.one(Entry(choice: .automatic, place: .start))

  var choice: WindowChoice {
    switch form {
    case .one(let entry): entry.choice
    case .byModality(let entries):
      WindowChoice(
        byModality: Dictionary(entries.map { ($0.modality, $0.window.choice) }, uniquingKeysWith: { first, _ in first })
      )
    }
  }

  /// Reports a named window that is not meant for a modality it would be applied to, where it would fail on each image,
  /// and a modality that the pipeline does not select.
  func check(against modalities: [String], _ problems: ProblemList) {
    switch form {
    case .one(let entry): Self.check(entry, for: modalities, problems)
    case .byModality(let entries):
      for entry in entries {
        guard modalities.contains(entry.modality) else {
          problems.add(
            entry.place, "found a window for \(entry.modality)",
            expected: "one of the modalities selected: \(modalities.joined(separator: ", "))")
          continue
        }
        Self.check(entry.window, for: [entry.modality], problems)
      }
    }
  }

  private static func check(_ entry: Entry, for modalities: [String], _ problems: ProblemList) {
    guard case .named(let window) = entry.choice else { return }
    let missing = modalities.filter { !window.modalities.contains($0) }
    guard !missing.isEmpty else { return }
    problems.add(
      entry.place, "found the window \(window.name), which is for \(window.modalities.joined(separator: ", "))",
      expected: "a window for \(missing.joined(separator: ", ")) too")
  }
}

extension YAMLReader where Value == PipelineWindow {
  /// A window, or a mapping such as `{CT: ct-lung, MR: series-percentile}`.
  static func pipelineWindow(_ windows: [NamedWindow]) -> YAMLReader {
    YAMLReader(WindowChoice.expected) { node, problems in
      let entry = YAMLReader<PipelineWindow.Entry>.windowEntry(windows)
      guard case .mapping(let pairs) = node.content else {
        return entry.read(node, problems).map { PipelineWindow(form: .one($0)) }
      }
      let entries = pairs.compactMap { pair -> PipelineWindow.ModalityEntry? in
        let modality = YAMLReader<String>.modality.read(pair.key, problems)
        guard let window = entry.read(pair.value, problems), let modality else { return nil }
        return PipelineWindow.ModalityEntry(modality: modality, place: pair.key.place, window: window)
      }
      guard entries.count == pairs.count, !pairs.isEmpty else {
        if pairs.isEmpty { problems.add(node.place, "found an empty mapping", expected: WindowChoice.expected) }
        return nil
      }
      return PipelineWindow(form: .byModality(entries))
    }
  }
}

extension YAMLReader where Value == PipelineWindow.Entry {
  fileprivate static func windowEntry(_ windows: [NamedWindow]) -> YAMLReader {
    YAMLReader(WindowChoice.expected) { node, problems in
      if case .text(let text) = node.content {
        if let choice = WindowChoice(spelling: text, windows: windows) {
          return PipelineWindow.Entry(choice: choice, place: node.place)
        }
        let names = WindowChoice.builtInNames + windows.map(\.name).sorted()
        problems.add(
          node.place, node.found, expected: WindowChoice.expected,
          suggestion: Spelling.closest(to: text, among: names))
      } else {
        problems.add(node.place, node.found, expected: WindowChoice.expected)
      }
      return nil
    }
  }
}
