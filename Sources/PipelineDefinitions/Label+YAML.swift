internal import DICOMCore
internal import Findings

extension YAMLReader where Value == LabelSet.Label {
  private static let keys = ["name", "title", "code", "site", "priority", "threshold", "present", "absent"]

  /// One finding of a label set.
  static func label(_ defaultThreshold: Threshold?) -> YAMLReader {
    YAMLReader("a finding") { node, problems in
      guard let map = YAMLMapping(node, "a finding", keys: keys, problems) else { return nil }
      let name = map.required("name", .name("a name"))
      let title = map.required("title", .text("a title of at most 64 characters", upTo: 64))
      let code = map.required("code", .assertedCode)
      let site = map.optional("site", .optional(.assertedCode), default: nil)
      let priority = map.required("priority", .priorityLevel)
      let threshold =
        map.node("threshold") == nil && defaultThreshold != nil
        ? defaultThreshold : map.required("threshold", .threshold)
      let present = map.required("present", .prompts)
      let absent = map.optional("absent", .prompts, default: [])
      refuseNormality(map, name, title, code, problems)
      refuseContradiction(map, present ?? [], absent ?? [], problems)
      if let threshold, let absent, absent.isEmpty, threshold.on == .softmax {
        problems.add(
          map.place, "found a threshold on softmax and no absent prompts",
          expected: "absent prompts, or a threshold on another score")
      }
      guard let name, let title, let code, let site, let priority, let threshold, let present, let absent else {
        return nil
      }
      return LabelSet.Label(
        name: name, title: title, code: code, site: site, present: present, absent: absent, threshold: threshold,
        priority: priority)
    }
  }

  /// A finding is something seen. "No finding" and "normal" are claims that no output makes.
  private static func refuseNormality(
    _ map: YAMLMapping, _ name: String?, _ title: String?, _ code: CodedConcept?, _ problems: ProblemList
  ) {
    for (key, text) in [("name", name), ("title", title), ("code", code?.meaning)] {
      guard let text else { continue }
      let words = text.lowercased().split { !$0.isLetter }.map(String.init)
      let isNoFinding = words.first == "no" && words.dropFirst().first?.hasPrefix("finding") == true
      guard isNoFinding || words.contains("normal") else { continue }
      problems.add(
        map.node(key)?.place ?? map.place, "found \(YAMLNode.quoted(text)) as a finding",
        expected: "something that can be seen: no output claims a normal study")
    }
  }

  private static func refuseContradiction(
    _ map: YAMLMapping, _ present: [String], _ absent: [String], _ problems: ProblemList
  ) {
    for prompt in present where absent.contains(prompt) {
      problems.add(
        map.node("absent")?.place ?? map.place, "found the prompt \(YAMLNode.quoted(prompt)) under present too",
        expected: "a prompt on one side only")
    }
  }
}

extension YAMLReader where Value == [String] {
  /// 1 to 100 prompts. The tokenizer cuts after 64 tokens; 300 characters are more than fit.
  static var prompts: YAMLReader {
    .list("a list of prompts", of: .text("a prompt of at most 300 characters", upTo: 300), count: 1...100)
  }
}
