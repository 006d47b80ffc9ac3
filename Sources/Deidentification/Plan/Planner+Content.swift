internal import DICOMCore

/// What becomes of the value of a content item (PS3.15 E.3.4).
enum ContentDecision: Equatable {
  case drop(Ledger.Rule)
  case keep(Ledger.Rule)
  case dummy
  case clean(ProfileOption)
}

extension Planner {
  static let contentSequence = Tag(0x0040, 0xA730)
  static let acquisitionContextSequence = Tag(0x0040, 0x0555)
  static let conceptNameCodeSequence = Tag(0x0040, 0xA043)
  private static let valueType = Tag(0x0040, 0xA040)
  private static let referencedContentItem = Tag(0x0040, 0xDB73)

  /// Text, person name, date-time, date, time and UID of a content item.
  private static let values: Set<Tag> = [
    Tag(0x0040, 0xA160), Tag(0x0040, 0xA123), Tag(0x0040, 0xA120), Tag(0x0040, 0xA121), Tag(0x0040, 0xA122),
    Tag(0x0040, 0xA124),
  ]

  /// Items of a content tree, or of an acquisition context, one by one by their concept.
  ///
  /// - Returns: Whether this is how the policy wants them treated.
  mutating func planContent(_ element: RawElement, _ place: Int, _ context: Context) -> Bool {
    guard policy.options.contains(.cleanStructuredContent), let items = element.items, !items.isEmpty else {
      return false
    }
    let decisions = items.map(decision)
    let dropped = decisions.indices.filter { if case .drop = decisions[$0] { true } else { false } }
    if !dropped.isEmpty, items.contains(where: Self.hasReference) { doubt(.contentReferences) }
    guard dropped.count < items.count else {
      let isAcquisition = element.tag == Self.acquisitionContextSequence
      add(element, place, .contentItem, isAcquisition ? .empty : .remove)
      return true
    }
    ledger.add(place, .cleaned, .descend(dropping: Set(dropped), dropped.isEmpty ? .kept : .cleaned))
    for (item, decision) in zip(items, decisions) {
      if case .drop(let rule) = decision {
        for part in item.elements { add(part, ledger.place(part.tag, below: place), rule, .remove) }
        continue
      }
      var inner = context
      inner.place = place
      inner.parent = element.tag
      inner.depth += 1
      inner.content = decision
      plan(item, inner)
    }
    return true
  }

  private static func hasReference(_ dataSet: RawDataSet) -> Bool {
    dataSet.elements.contains { element in
      element.tag == referencedContentItem || (element.items ?? []).contains(where: hasReference)
    }
  }

  private func decision(_ item: RawDataSet) -> ContentDecision {
    let concept = item[Self.conceptNameCodeSequence]?.items?.first ?? RawDataSet()
    let code =
      concept.text(Tag(0x0008, 0x0100)) ?? concept.text(Tag(0x0008, 0x0119)) ?? concept.text(Tag(0x0008, 0x0120)) ?? ""
    let scheme = concept.text(Tag(0x0008, 0x0102)) ?? ""
    let type = item.text(Self.valueType) ?? ""
    if let rule = ContentItemRules.rules[.init(code: code, scheme: scheme, valueType: type)] {
      if let (option, exception) = rule.exception(under: policy.options) {
        return exception == .keep ? .keep(.retained) : .clean(option)
      }
      // Which items a template must have is not known: an item that may be removed is.
      return rule.basic == .dummy || rule.basic == .mapUID ? .dummy : .drop(.contentItem)
    }
    let options = policy.options
    switch type {
    case "TEXT": return options.contains(.cleanDescriptors) ? .clean(.cleanDescriptors) : .drop(.contentItemUnlisted)
    case "DATE", "TIME", "DATETIME":
      if options.contains(.retainFullDates) { return .keep(.contentItemUnlisted) }
      return options.contains(.retainModifiedDates) ? .clean(.retainModifiedDates) : .drop(.contentItemUnlisted)
    case "PNAME": return .drop(.contentItemUnlisted)
    default: return .keep(.contentItemKept)
    }
  }

  /// - Returns: Whether the element is the value of its content item.
  mutating func planValue(
    of element: RawElement, _ decision: ContentDecision, _ place: Int, _ context: Context
  ) -> Bool {
    guard Self.values.contains(element.tag), element.items == nil else { return false }
    // UIDs are mapped whatever the item, unless UIDs are retained.
    if element.vr == .ui {
      let keeps = policy.options.contains(.retainUIDs)
      add(element, place, .contentItem, keeps ? retained(element) : mapped(element))
      return true
    }
    // Numbers, codes and references have no such value; what stands there all the same is of no known concept.
    if decision == .keep(.contentItemKept) {
      let edit =
        policy.options.contains(.cleanDescriptors)
        ? cleaned(element, .cleanDescriptors, context) : dummied(element, context)
      add(element, place, .contentItemUnlisted, edit == .remove || edit == .empty ? dummied(element, context) : edit)
      return true
    }
    switch decision {
    case .drop: return false
    case .keep(let rule): add(element, place, rule, element.vr == .pn ? dummied(element, context) : retained(element))
    case .dummy: add(element, place, .contentItem, dummied(element, context))
    case .clean(let option):
      let edit = cleaned(element, option, context)
      // The value of an item that stays must be there.
      add(element, place, .cleaned, edit == .remove || edit == .empty ? dummied(element, context) : edit)
    }
    return true
  }
}
