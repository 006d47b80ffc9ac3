package import DICOMCore

/// Everything in a study by which somebody could be told: gathered from all of its files before the first of them is changed.
package struct Harvest: Sendable, Equatable {
  /// Names of persons, in full, components as they stand.
  package private(set) var names: Set<String> = []
  /// Identifiers and other text that the profile takes away.
  package private(set) var texts: Set<String> = []
  /// Eight digits each.
  package private(set) var dates: Set<String> = []
  package private(set) var uids: Set<String> = []
  /// Text as the file had it, in its own character set.
  package private(set) var sources: Set<[UInt8]> = []

  package init() {}

  package mutating func formUnion(_ other: Harvest) {
    names.formUnion(other.names)
    texts.formUnion(other.texts)
    dates.formUnion(other.dates)
    uids.formUnion(other.uids)
    sources.formUnion(other.sources)
  }

  /// Adds what `dataSet` holds at every depth, known private sequences included.
  package mutating func add(_ dataSet: RawDataSet, policy: DeidentificationPolicy) {
    for element in dataSet.elements {
      if let items = element.items {
        for item in items { add(item, policy: policy) }
      } else if element.vr.isText {
        add(element, policy)
      }
    }
  }

  private mutating func add(_ element: RawElement, _ policy: DeidentificationPolicy) {
    switch element.vr {
    case .pn: for name in element.texts { add(name: name, element) }
    case .ui where isKept(element.tag, policy): return
    case .ui: for uid in element.texts where !IdentityMap.isWellKnown(uid) && uid.utf8.count >= 6 { uids.insert(uid) }
    case .da, .dt:
      guard ProfileRules.rule(element.tag) != nil else { return }
      for text in element.texts {
        let digits = String(text.replacing(".", with: "").prefix(8))
        if digits.isDigits, digits.utf8.count == 8 { dates.insert(digits) }
      }
    case .sh, .lo, .st, .lt, .ut, .uc, .ae, .ur:
      guard ProfileRules.rule(element.tag) != nil, !isKept(element.tag, policy) else { return }
      for text in element.texts where Self.isTelling(text, isIdentifier: Self.identifiers.contains(element.tag)) {
        insert(text, element)
      }
    default: return
    }
  }

  /// Whether an option keeps the attribute on purpose, such as the UID of a device.
  private func isKept(_ tag: Tag, _ policy: DeidentificationPolicy) -> Bool {
    ProfileRules.rule(tag)?.exception(under: policy.options)?.exception == .keep
  }

  private mutating func add(name: String, _ element: RawElement) {
    // Latin, ideographic and phonetic forms are three names.
    for group in name.split(separator: "=") where group.contains(where: \.isLetter) {
      names.insert(String(group))
      if let source = element.source { sources.insert(contentsOf: Self.components(source)) }
    }
  }

  private mutating func insert(_ text: String, _ element: RawElement) {
    texts.insert(text)
    if let source = element.source { sources.insert(contentsOf: Self.components(source)) }
  }

  /// The components of a value in its own character set, as far as they are long enough to be told from chance.
  private static func components(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split { [0x5C, 0x5E, 0x3D, 0x20, 0x00].contains($0) }.map(Array.init).filter {
      $0.count >= 4 && $0.contains { $0 >= 0x80 || $0 == 0x1B }
    }
  }

  /// Attributes whose value is an identifier, however short it is.
  private static let identifiers: Set<Tag> = [
    .patientID, .accessionNumber, .studyID, Tag(0x0010, 0x1000), Tag(0x0010, 0x1001), Tag(0x0038, 0x0010),
    Tag(0x0040, 0x1001), Tag(0x0040, 0x0009), Tag(0x0040, 0x0253), Tag(0x0040, 0x2016), Tag(0x0040, 0x2017),
    Tag(0x0018, 0x1000), Tag(0x0010, 0x2154), Tag(0x0010, 0x1040), Tag(0x0008, 0x0080), Tag(0x0008, 0x0081),
  ]

  /// Not what half of all studies hold: identifiers of four characters, other text of six that is not all vocabulary.
  private static func isTelling(_ text: String, isIdentifier: Bool) -> Bool {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return false }
    let length = text.unicodeScalars.count
    let isShort = text.isASCII ? length < (isIdentifier ? 4 : 6) : length < 2
    if isShort { return false }
    return FoldedText(text).words.contains {
      !Vocabulary.contains($0.text) && !($0.text.isDigits && $0.text.utf8.count < 4)
    }
  }
}

extension Set {
  fileprivate mutating func insert(contentsOf others: [Element]) {
    for element in others { insert(element) }
  }
}
