internal import Deidentification
internal import Findings
internal import Foundation
internal import PixelTransforms

/// The `preprocess` part of a pipeline.
struct Preprocessing {
  var window = PipelineWindow()
  var preset = ResizePreset.tfBilinearPadded
}

extension YAMLReader where Value == Preprocessing {
  static func preprocessing(_ windows: [NamedWindow]) -> YAMLReader {
    YAMLReader("a mapping with the keys window and preset") { node, problems in
      guard let map = YAMLMapping(node, "preprocessing", keys: ["window", "preset"], problems) else { return nil }
      // An encoder input is square: the preset that keeps the image's own size is for export only.
      let presets = ResizePreset.allCases.filter { $0 != .ownSize }
      let window = map.optional("window", .pipelineWindow(windows), default: PipelineWindow())
      let preset = map.optional("preset", .choice(presets), default: .tfBilinearPadded)
      guard let window, let preset else { return nil }
      if preset.hasOwnWindows, window.choice != .automatic {
        let place = map.node("window")?.place ?? map.place
        problems.add(
          place, "found a window beside the preset \(preset.rawValue), which has its own",
          expected: "automatic, or another preset")
        return nil
      }
      return Preprocessing(window: window, preset: preset)
    }
  }
}

/// The `deidentify` part of a pipeline as it was written.
struct DeidentificationPart {
  /// Relative to the pipeline.
  var policy: String
  var keepsObjects: Bool

  func loaded(beside pipeline: String) throws(DefinitionError) -> InputDeidentification {
    let folder = URL(filePath: pipeline).deletingLastPathComponent()
    let policy = try DeidentificationPolicy(loading: folder.appending(path: policy).relativePath)
    return InputDeidentification(policy: policy, keepsObjects: keepsObjects)
  }
}

extension YAMLReader where Value == DeidentificationPart {
  static var deidentification: YAMLReader {
    YAMLReader("a mapping with the keys policy and objects") { node, problems in
      guard let map = YAMLMapping(node, "de-identification", keys: ["policy", "objects"], problems) else { return nil }
      let policy = map.required("policy", .relativePath)
      let objects = map.optional("objects", .choice(ObjectFate.allCases), default: .discard)
      guard let policy, let objects else { return nil }
      return DeidentificationPart(policy: policy, keepsObjects: objects == .keep)
    }
  }
}

/// What becomes of released objects after a run.
private enum ObjectFate: String, CaseIterable {
  case keep, discard
}

extension YAMLReader where Value == StudyAggregation {
  /// `max`, `mean`, `noisy-or`, or `{method: top-k-mean, k: 3}`.
  static var aggregation: YAMLReader {
    let expected = "max, mean, noisy-or or {method: top-k-mean, k: 3}"
    let simple: [StudyAggregation] = [.max, .mean, .noisyOr]
    return YAMLReader(expected) { node, problems in
      if case .text(let text) = node.content {
        if let aggregation = simple.first(where: { $0.name == text }) { return aggregation }
        let suggestion = Spelling.closest(to: text, among: simple.map(\.name))
        problems.add(node.place, node.found, expected: expected, suggestion: suggestion)
        return nil
      }
      guard let map = YAMLMapping(node, expected, keys: ["method", "k"], problems) else { return nil }
      let method = map.required("method", .exactly("top-k-mean"))
      let k = map.required("k", .integer(in: 1...1000))
      return method == nil ? nil : k.map { .topKMean(k: $0) }
    }
  }
}

extension YAMLReader where Value == PriorityLevel {
  /// From the most urgent down.
  static var priorityLevel: YAMLReader { .choice([.high, .medium, .low, .none]) }
}

extension YAMLReader where Value == [(name: String, level: PriorityLevel, place: YAMLPlace)] {
  /// The `priority` part of a pipeline: levels by finding that replace those of the label set.
  static var priorityLevels: YAMLReader {
    YAMLReader("a mapping with the keys rule and levels") { node, problems in
      guard let map = YAMLMapping(node, "a priority rule", keys: ["rule", "levels"], problems) else { return nil }
      let rule = map.optional("rule", .exactly(PriorityRule.id), default: PriorityRule.id)
      guard let levels = map.node("levels") else { return rule == nil ? nil : [] }
      guard case .mapping(let pairs) = levels.content else {
        problems.add(levels.place, levels.found, expected: "a mapping from findings to high, medium, low or none")
        return nil
      }
      let entries = pairs.compactMap { pair -> Value.Element? in
        let name = YAMLReader<String>.name("the name of a finding").read(pair.key, problems)
        guard let level = YAMLReader<PriorityLevel>.priorityLevel.read(pair.value, problems), let name else {
          return nil
        }
        return (name, level, pair.key.place)
      }
      return entries.count == pairs.count && rule != nil ? entries : nil
    }
  }
}

extension YAMLReader where Value == String {
  /// A path to a file beside or below the one that names it: a pipeline folder can be moved as a whole, and a pipeline
  /// cannot make the program read files elsewhere.
  static var relativePath: YAMLReader {
    scalar("a path relative to this file, without .., such as labels/chexpert-13.yaml") { text in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let isInside = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.hasPrefix("~") }
      let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\\" && $0.value != 0x7F }
      return isInside && isPrintable && text.utf8.count <= 200 ? text : nil
    }
  }
}
