internal import DICOMCore
internal import Findings

extension YAMLReader where Value == CodedConcept {
  /// A code triple to compare with: well-formed, but of any scheme, since old files carry retired ones.
  static var plainCode: YAMLReader {
    YAMLReader("a code {value: …, scheme: …, meaning: …}") { node, problems in
      guard let map = YAMLMapping(node, "a code", keys: ["value", "scheme", "meaning"], problems) else { return nil }
      let value = map.required("value", .text("a code value of at most 16 characters", upTo: 16))
      let scheme = map.required("scheme", .text("a coding scheme such as SCT", upTo: 16))
      let meaning = map.required("meaning", .text("a code meaning of at most 64 characters", upTo: 64))
      guard let value, let scheme, let meaning else { return nil }
      return CodedConcept(value, scheme, meaning)
    }
  }

  /// A code that a report will assert: none that is malformed, retired or a known trap.
  static var assertedCode: YAMLReader {
    YAMLReader(plainCode.expected) { node, problems in
      guard let code = plainCode.read(node, problems) else { return nil }
      guard let problem = code.problemAsFinding else { return code }
      problems.add(
        node.place, "found the code \(code.value) \(code.scheme): \(problem)",
        expected: "a code that may be used for a finding or its site")
      return nil
    }
  }
}
