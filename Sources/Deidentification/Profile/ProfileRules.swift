package import DICOMCore

/// What Table E.1-1 says of one attribute, or Table E.3.4-1 of one content item.
package struct ProfileRule: Sendable, Equatable {
  /// The actions of the Basic Profile; the compound ones depend on the attribute's Type.
  package enum Basic: String, Sendable, CaseIterable {
    case remove = "X"
    case empty = "Z"
    case dummy = "D"
    case mapUID = "U"
    case removeOrEmpty = "X/Z"
    case removeOrDummy = "X/D"
    case emptyOrDummy = "Z/D"
    case removeEmptyOrDummy = "X/Z/D"
    /// X unless Z, or replacement of the UIDs inside, is needed.
    case removeEmptyOrMapUIDs = "X/Z/U*"
  }

  /// What an option does instead of the basic action.
  package enum Exception: String, Sendable {
    case keep = "K"
    case clean = "C"
  }

  package let basic: Basic
  package let options: [ProfileOption: Exception]
  /// The same in the order of `ProfileOption`.
  private let ordered: [Choice]

  private struct Choice: Sendable, Equatable {
    let option: ProfileOption
    let exception: Exception
  }

  /// From `X/Z:Fm`: an upper case letter keeps, a lower case letter cleans.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard let first = parts.first, let basic = Basic(rawValue: String(first)) else { return nil }
    var options: [ProfileOption: Exception] = [:]
    for letter in parts.count > 1 ? String(parts[1]) : "" {
      guard let option = ProfileOption(letter: Character(letter.uppercased())) else { return nil }
      options[option] = letter.isUppercase ? .keep : .clean
    }
    self.basic = basic
    self.options = options
    ordered = ProfileOption.allCases.compactMap { option in
      options[option].map { Choice(option: option, exception: $0) }
    }
  }

  /// The exception that holds under `selected`, with its option. To keep comes before to clean: who retains an attribute on
  /// purpose does not want it cleaned by another option.
  func exception(under selected: Set<ProfileOption>) -> (option: ProfileOption, exception: Exception)? {
    var cleaning: ProfileOption?
    for choice in ordered where selected.contains(choice.option) {
      if choice.exception == .keep { return (choice.option, .keep) }
      cleaning = cleaning ?? choice.option
    }
    return cleaning.map { ($0, .clean) }
  }
}

/// Table E.1-1 of PS3.15.
package enum ProfileRules {
  /// The edition of PS3.15 that the tables are of.
  package static let edition = "2026d"

  /// SHA-256 over all tables that decide.
  package static let digest = ContentDigest(
    ofText: [
      ProfileTable.text, ContentItemTable.text, AttributeTypeTable.text, StorageClassTable.text, SafePrivateTable.text,
      StandardUIDTable.text,
    ]
    .joined(separator: "\n"))

  /// Every row with one tag.
  package static let rules: [Tag: ProfileRule] = {
    var rules: [Tag: ProfileRule] = [:]
    for (place, rule) in rows { if let tag = Tag(hexadecimal: place) { rules[tag] = rule } }
    return rules
  }()

  /// The rows that stand for many attributes: `50XXXXXX`, `60XX3000`, `60XX4000` and `PRIVATE`.
  package static let wildcards: [String: ProfileRule] = {
    Dictionary(rows.filter { Tag(hexadecimal: $0.place) == nil }.map { (String($0.place), $0.rule) }) { first, _ in
      first
    }
  }()

  /// The rule for a standard attribute; `nil` for one that the table does not list.
  static func rule(_ tag: Tag) -> ProfileRule? { rules[tag] }

  private static let rows: [(place: Substring, rule: ProfileRule)] = ProfileTable.text
    .tableWords.compactMap { word in
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let rule = ProfileRule(parts[1]) else { return nil }
      return (parts[0], rule)
    }
}

/// Table E.3.4-1 of PS3.15: what becomes of a content item.
package enum ContentItemRules {
  package struct Key: Sendable, Hashable {
    package let code: String
    package let scheme: String
    package let valueType: String

    package init(code: String, scheme: String, valueType: String) {
      (self.code, self.scheme, self.valueType) = (code, scheme, valueType)
    }
  }

  package static let rules: [Key: ProfileRule] = {
    var rules: [Key: ProfileRule] = [:]
    for line in ContentItemTable.text.tableWords {
      let parts = line.split(separator: "=", maxSplits: 1)
      let key = parts.first?.split(separator: "@") ?? []
      guard parts.count == 2, key.count == 3, let rule = ProfileRule(parts[1]) else { continue }
      let scheme = String(key[1]).replacing("_", with: " ")
      rules[Key(code: String(key[0]), scheme: scheme, valueType: String(key[2]))] = rule
    }
    return rules
  }()
}
