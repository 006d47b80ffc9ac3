internal import DICOMCore

extension Planner {
  // MARK: - Attributes that Table E.1-1 does not list

  mutating func planUnlisted(_ element: RawElement, _ place: Int, _ context: Context) {
    if element.items != nil { return descend(element, place, .unlisted, context) }
    let (rule, edit) = unlisted(element, context)
    add(element, place, rule, edit)
  }

  private func unlisted(_ element: RawElement, _ context: Context) -> (Ledger.Rule, Ledger.Edit) {
    guard !element.isEmpty else { return (.unlisted, .keep) }
    guard element.vr.isText else { return binary(element) }
    switch element.vr {
    case .ui: return uid(element)
    case .pn: return (.unlistedName, .empty)
    case .da, .dt, .tm:
      if policy.options.contains(.retainFullDates) { return (.unlistedDate, retained(element)) }
      let isShifted = policy.options.contains(.retainModifiedDates)
      return (.unlistedDate, isShifted ? shifted(element, context) : .empty)
    case .ur: return (.unlistedText, .empty)
    // The one number without which a content item is none (PS3.3 C.18.1).
    case .ds where element.tag == Tag(0x0040, 0xA30A) && !isNumber(element):
      return (.invalidValue, dummied(element, context))
    case .as, .ds, .is, .cs:
      let edit = retained(element)
      return (edit == .empty ? .invalidValue : .unlisted, edit)
    default: return (.unlistedText, text(element, context))
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

  /// Codes, names of products and what a device calls its own settings are kept but for what was harvested; their digits are no
  /// telephone numbers.
  private static let codesAndSettings: Set<Tag> = [
    Tag(0x0008, 0x0100), Tag(0x0008, 0x0102), Tag(0x0008, 0x0103), Tag(0x0008, 0x0104), Tag(0x0008, 0x0105),
    Tag(0x0008, 0x0119), Tag(0x0008, 0x0120), Tag(0x0008, 0x0070), Tag(0x0008, 0x1090), Tag(0x0018, 0x1020),
    // Pulse sequence, coils, kernel, filter, grid, transducer, rescaling, reconstruction, correction, radiopharmaceutical, algorithm.
    Tag(0x0018, 0x0024), Tag(0x0018, 0x9005), Tag(0x0018, 0x1250), Tag(0x0018, 0x1251), Tag(0x0018, 0x1210),
    Tag(0x0018, 0x1160), Tag(0x0018, 0x1180), Tag(0x0018, 0x5010), Tag(0x0028, 0x1054), Tag(0x0054, 0x1103),
    Tag(0x0054, 0x1101), Tag(0x0054, 0x1105), Tag(0x0018, 0x0031), Tag(0x0066, 0x0036), Tag(0x0018, 0x1401),
  ]

  private static let codeMeaning = Tag(0x0008, 0x0104)
  private static let codeValues: Set<Tag> = [Tag(0x0008, 0x0100), Tag(0x0008, 0x0119), Tag(0x0008, 0x0120)]

  private func text(_ element: RawElement, _ context: Context) -> Ledger.Edit {
    let dummy = Ledger.Edit.replace(DummyValue.bytes(element.tag, element.vr), element.vr, .cleaned)
    let isStrict = policy.unlistedText != .scrub
    if Self.codesAndSettings.contains(element.tag) {
      return rewritten(element, orElse: dummy) { text in
        let scrubbed = scrubber.scrub(text)
        guard isStrict, context.hasLocalCode else { return scrubbed }
        // A site's own code may be called anything, and its meaning may say anything.
        if element.tag == Self.codeMeaning { return FreeText.vocabularyOnly(scrubbed) }
        return Self.codeValues.contains(element.tag) && FreeText.isWord(scrubbed) ? "" : scrubbed
      }
    }
    switch policy.unlistedText {
    case .remove: return .empty
    case .vocabulary: return rewritten(element, orElse: dummy) { clean($0) }
    case .scrub:
      let hasProse = element.vr != .sh && element.vr != .ae
      return rewritten(element, orElse: dummy) { text in
        let scrubbed = scrubber.scrub(text)
        return hasProse ? FreeText.withoutPatterns(scrubbed) : scrubbed
      }
    }
  }

  /// Words of radiology alone, and none that was harvested.
  func clean(_ text: String) -> String {
    scrubber.scrub(FreeText.vocabularyOnly(FreeText.withoutPatterns(scrubber.scrub(text))))
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
    "DCM", "SCT", "SRT", "SNM3", "99SDM", "LN", "UCUM", "RADLEX", "FMA", "NCIt", "UMLS", "RXNORM", "MDC", "BI", "ICDO3",
    "I9C",
    "I10", "I10C", "C4", "NEU", "ACR", "ISO639_1", "ISO639_2", "ISO3166_1", "RFC5646", "RFC3066", "IBSI", "PUBCHEM_CID",
  ]

  /// Whether a data set is a code of a scheme that is not one of the world's.
  static func hasLocalCode(_ dataSet: RawDataSet) -> Bool {
    dataSet[codeMeaning] != nil && !standardSchemes.contains(dataSet.text(Tag(0x0008, 0x0102)) ?? "")
  }

  private static func hasStandardConcept(_ element: RawElement) -> Bool {
    element.items?.allSatisfy { standardSchemes.contains($0.text(Tag(0x0008, 0x0102)) ?? "") } ?? false
  }
}
