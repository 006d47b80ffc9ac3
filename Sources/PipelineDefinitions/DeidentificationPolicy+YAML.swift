internal import DICOMCore
package import Deidentification

extension DeidentificationPolicy {
  static let schema = "bucky-deidentification/1"

  /// Loads a policy.
  ///
  /// - Throws: Everything wrong in it, with line and column.
  package init(loading path: String) throws(DefinitionError) {
    let file = try DefinitionFile(reading: path)
    let root = try YAMLDocument(file).root
    let problems = ProblemList(file: path)
    let policy = YAMLReader<DeidentificationPolicy>.policy.read(root, problems)
    try problems.throwIfAny()
    guard var policy else { throw .unreadable(path: path, reason: "incomplete") }
    policy.digest = file.digest
    self = policy
  }

  /// Puts the options of a command line in place of the policy's own; the digest says so.
  ///
  /// - Throws: A definition error at no place, for a name that is none and for options that exclude each other.
  package mutating func replaceOptions(_ names: [String]) throws(DefinitionError) {
    let problems = ProblemList(file: "--options")
    var chosen: Set<ProfileOption> = []
    for name in names where name != "none" {
      guard let option = ProfileOption(rawValue: name) else {
        problems.add(
          .start, "found \(YAMLNode.quoted(name))", expected: "one of \(ProfileOption.names)",
          suggestion: Spelling.closest(to: name, among: ProfileOption.allCases.map(\.rawValue)))
        continue
      }
      chosen.insert(option)
    }
    Self.check(chosen, .start, problems)
    try problems.throwIfAny()
    options = chosen
    digest = ContentDigest(ofText: "\(digest) \(chosen.sorted().map(\.code).joined(separator: " "))")
  }

  fileprivate static func check(_ options: Set<ProfileOption>, _ place: YAMLPlace, _ problems: ProblemList) {
    guard options.isSuperset(of: [.retainFullDates, .retainModifiedDates]) else { return }
    problems.add(place, "found full dates beside modified dates", expected: "one of the two")
  }
}

extension ProfileOption {
  fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension YAMLReader where Value == DeidentificationPolicy {
  private static let keys = [
    "schema", "id", "version", "title", "profile", "options", "unlisted_text", "encapsulated_documents", "dates",
    "age_cap", "pseudonym_prefix", "withheld_sop_classes", "attributes",
  ]

  fileprivate static var policy: YAMLReader {
    YAMLReader("a policy") { node, problems in
      guard let map = YAMLMapping(node, "a policy", keys: keys, problems) else { return nil }
      _ = map.required("schema", .exactly(DeidentificationPolicy.schema))
      _ = map.required("profile", .exactly("basic"))
      var policy = DeidentificationPolicy()
      var isComplete = true
      func set<Field>(
        _ path: WritableKeyPath<DeidentificationPolicy, Field>, _ value: Field?
      ) {
        if let value { policy[keyPath: path] = value } else { isComplete = false }
      }
      set(\.id, map.required("id", .name("a name")))
      set(\.version, map.required("version", .text("a version such as 1.0.0", upTo: 40)))
      set(\.title, map.required("title", .text("a title of at most 100 characters", upTo: 100)))
      let options = map.optional(
        "options", .list("a list of options", of: .choice(ProfileOption.allCases), count: 0...12), default: [])
      set(\.options, options.map(Set.init))
      set(\.unlistedText, map.optional("unlisted_text", .choice(Value.UnlistedText.allCases), default: .scrub))
      set(
        \.encapsulatedDocuments,
        map.optional("encapsulated_documents", .choice(Value.EncapsulatedDocuments.allCases), default: .quarantine))
      set(\.ageCap, map.optional("age_cap", .integer(in: 1...130), default: policy.ageCap))
      set(\.pseudonymPrefix, map.optional("pseudonym_prefix", .pseudonymPrefix, default: policy.pseudonymPrefix))
      let withheld = map.optional(
        "withheld_sop_classes", .list("a list of SOP Class UIDs", of: .uid, count: 1...200), default: [])
      set(\.withheldClasses, withheld.map(Set.init))
      if let dates = map.optional("dates", .dates, default: DateRules()) {
        (policy.maximumShiftDays, policy.keepsWeekday) = (dates.maximumShiftDays, dates.keepsWeekday)
      } else {
        isComplete = false
      }
      if let node = map.node("attributes") { set(\.overrides, overrides(node, problems)) }
      DeidentificationPolicy.check(policy.options, map.node("options")?.place ?? map.place, problems)
      return isComplete ? policy : nil
    }
  }

  private static func overrides(
    _ node: YAMLNode, _ problems: ProblemList
  ) -> [Tag: DeidentificationPolicy.Override]? {
    let list = YAMLReader<[DeidentificationPolicy.Override]>.list(
      "a list such as [{tag: \"00181000\", action: keep, reason: phantom scanner}]", of: .override, count: 1...500)
    guard let entries = list.read(node, problems) else { return nil }
    var overrides: [Tag: DeidentificationPolicy.Override] = [:]
    for entry in entries where overrides.updateValue(entry, forKey: entry.tag) != nil {
      problems.add(node.place, "found \(entry.tag) a second time", expected: "each attribute once")
      return nil
    }
    return overrides
  }
}

/// The `dates` part of a policy.
private struct DateRules {
  var maximumShiftDays = DeidentificationPolicy().maximumShiftDays
  var keepsWeekday = false
}

extension YAMLReader where Value == DateRules {
  fileprivate static var dates: YAMLReader {
    YAMLReader("a mapping such as {maximum_shift_days: 3652, keep_weekday: true}") { node, problems in
      let keys = ["maximum_shift_days", "keep_weekday"]
      guard let map = YAMLMapping(node, "the dates", keys: keys, problems) else { return nil }
      let days = map.optional("maximum_shift_days", .integer(in: 30...36_524), default: DateRules().maximumShiftDays)
      let weekday = map.optional("keep_weekday", .truth, default: false)
      guard let days, let weekday else { return nil }
      return DateRules(maximumShiftDays: days, keepsWeekday: weekday)
    }
  }
}

extension YAMLReader where Value == Bool {
  /// `true` or `false`; the many other words of YAML 1.1 are mistakes here.
  static var truth: YAMLReader {
    scalar("true or false") { text in text == "true" ? true : text == "false" ? false : nil }
  }
}

extension YAMLReader where Value == String {
  fileprivate static var pseudonymPrefix: YAMLReader {
    scalar("1 to 16 capitals, digits and hyphens") { text in
      let isPlain = text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
      return isPlain && (1...16).contains(text.utf8.count) ? text : nil
    }
  }
}

extension DeidentificationPolicy.Override: Hashable {
  package func hash(into hasher: inout Hasher) { hasher.combine(tag) }
}

extension YAMLReader where Value == DeidentificationPolicy.Override {
  fileprivate static var override: YAMLReader {
    let expected = "a mapping with tag, action and reason"
    return YAMLReader(expected) { node, problems in
      guard let map = YAMLMapping(node, expected, keys: ["tag", "action", "reason"], problems) else { return nil }
      let tag = map.required("tag", .standardTag)
      let action = map.required("action", .choice(Value.Action.allCases))
      let reason = map.required("reason", .text("the reason, at most 200 characters"))
      guard let tag, let action, let reason else { return nil }
      return Value(tag: tag, action: action, reason: reason)
    }
  }
}

extension YAMLReader where Value == Tag {
  fileprivate static var standardTag: YAMLReader {
    scalar("a standard attribute as eight hexadecimal digits in quotation marks, such as \"00181000\"") { text in
      guard let tag = Tag(hexadecimal: text), AttributeDictionary.entry(tag) != nil, tag.group >= 0x0008 else {
        return nil
      }
      return tag
    }
  }
}
