internal import DICOMCore

extension Planner {
  // MARK: - Attributes that Table E.1-1 does not list

  mutating func planUnlisted(_ element: RawElement, _ place: Int, _ context: Context) {
    if element.items != nil { return descend(element, place, .unlisted, context) }
    let (rule, edit) = unlisted(element, context)
    add(element, place, rule, edit)
  }

  private func unlisted(_ element: RawElement, _ context: Context) -> (Ledger.Rule, Ledger.Edit) {
    guard element.vr.isText, !element.isEmpty else { return (.unlisted, .keep) }
    switch element.vr {
    case .ui: return uid(element)
    case .pn: return (.unlistedName, .empty)
    case .da, .dt, .tm:
      if policy.options.contains(.retainFullDates) { return (.unlistedDate, retained(element)) }
      let isShifted = policy.options.contains(.retainModifiedDates)
      return (.unlistedDate, isShifted ? shifted(element, context) : .empty)
    case .ur: return (.unlistedText, .empty)
    case .as, .ds, .is, .cs:
      let edit = retained(element)
      return (edit == .empty ? .invalidValue : .unlisted, edit)
    default: return (.unlistedText, text(element))
    }
  }

  /// UIDs of the standard and of registered coding schemes name no instance.
  private func uid(_ element: RawElement) -> (Ledger.Rule, Ledger.Edit) {
    let isKnown = element.texts.allSatisfy { text in
      IdentityMap.isWellKnown(text) || (element.tag == Tag(0x0008, 0x010C) && text.hasPrefix("2.16.840.1.113883.6."))
    }
    if isKnown { return (.wellKnownUID, .keep) }
    if policy.options.contains(.retainUIDs) { return (.unlistedUID, retained(element)) }
    return (.unlistedUID, mapped(element))
  }

  /// Codes and names of products are kept but for what was harvested; their digits are no telephone numbers.
  private static let codesAndProducts: Set<Tag> = [
    Tag(0x0008, 0x0100), Tag(0x0008, 0x0102), Tag(0x0008, 0x0103), Tag(0x0008, 0x0104), Tag(0x0008, 0x0105),
    Tag(0x0008, 0x0119), Tag(0x0008, 0x0120), Tag(0x0008, 0x0070), Tag(0x0008, 0x1090), Tag(0x0018, 0x1020),
  ]

  private func text(_ element: RawElement) -> Ledger.Edit {
    let dummy = Ledger.Edit.replace(DummyValue.bytes(element.tag, element.vr), element.vr, .cleaned)
    if Self.codesAndProducts.contains(element.tag) {
      return rewritten(element, orElse: dummy) { scrubber.scrub($0) }
    }
    switch policy.unlistedText {
    case .remove: return .empty
    case .vocabulary: return rewritten(element, orElse: .empty) { FreeText.vocabularyOnly(scrubber.scrub($0)) }
    case .scrub:
      let hasProse = element.vr != .sh && element.vr != .ae
      return rewritten(element, orElse: dummy) { text in
        let scrubbed = scrubber.scrub(text)
        return hasProse ? FreeText.withoutPatterns(scrubbed) : scrubbed
      }
    }
  }

  // MARK: - What is left of sequences that must not be empty

  /// Numbers and code strings say how a thing is built and stay; all else becomes a dummy.
  mutating func planInDummy(_ element: RawElement, _ place: Int, _ context: Context) {
    if element.items != nil {
      let isConcept = element.tag == Self.conceptNameCodeSequence && Self.hasStandardConcept(element)
      var inner = context
      inner.isDummy = !isConcept
      return descend(element, place, .dummy, inner, asDummy: !isConcept)
    }
    switch element.vr {
    case .cs, .us, .ss, .ul, .sl, .uv, .sv, .fl, .fd, .at: add(element, place, .dummy, retained(element))
    case .ui where element.texts.allSatisfy(IdentityMap.isWellKnown): add(element, place, .wellKnownUID, .keep)
    default: add(element, place, .dummy, element.isEmpty ? .keep : dummied(element, context))
    }
  }

  private static let standardSchemes: Set<String> = [
    "DCM", "SCT", "SRT", "LN", "UCUM", "RADLEX", "FMA", "NCIt", "UMLS",
  ]

  private static func hasStandardConcept(_ element: RawElement) -> Bool {
    element.items?.allSatisfy { standardSchemes.contains($0.text(Tag(0x0008, 0x0102)) ?? "") } ?? false
  }

  // MARK: - Private attributes

  mutating func planPrivate(_ element: RawElement, _ place: Int, _ blocks: PrivateBlocks) {
    guard policy.options.contains(.retainSafePrivate) else { return add(element, place, .privateAttribute, .remove) }
    if PrivateBlocks.isCreator(element.tag) {
      let isNeeded = blocks.needed.contains(element.tag)
      return add(element, place, isNeeded ? .safePrivate : .privateAttribute, isNeeded ? .keep : .remove)
    }
    guard let known = blocks.safeVR(element.tag) else { return add(element, place, .privateAttribute, .remove) }
    let vr = element.vr == .un ? known : element.vr
    guard vr != .un, vr != .sq, let bytes = element.bytes else { return add(element, place, .unknownVR, .remove) }
    let edit = safe(RawElement(element.tag, vr, .bytes(bytes), source: element.source))
    if edit == .keep, vr != element.vr { return add(element, place, .safePrivate, .replace(bytes, vr, .kept)) }
    add(element, place, .safePrivate, edit)
  }

  /// A safe attribute is safe with the kind of value it should have.
  private func safe(_ element: RawElement) -> Ledger.Edit {
    switch element.vr {
    case .ds, .is: isNumber(element) ? .keep : .remove
    case .pn, .da, .dt, .tm, .as, .ur, .ui: .remove
    case .ob, .ow, .un: (element.bytes ?? []).contains { $0 >= 0x20 && $0 < 0x7F } ? .remove : .keep
    case .cs: code(element)
    case let vr where vr.isText: rewritten(element, orElse: .remove) { FreeText.withoutPatterns(scrubber.scrub($0)) }
    default: .keep
    }
  }
}
