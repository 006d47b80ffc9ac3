internal import DICOMCore

extension Planner {
  // MARK: - The actions on a value

  func mapped(_ element: RawElement) -> Ledger.Edit {
    // What Table E.1-1 maps is a UID by its tag; another VR in the file is a mistake of the file.
    let texts = element.vr.isText ? element.texts : []
    guard !texts.isEmpty else { return .empty }
    return .replace(Array(texts.map(identities.uid).joined(separator: "\\").utf8), .ui, .mapped)
  }

  func emptied(_ element: RawElement, _ context: Context) -> Ledger.Edit {
    guard element.tag == .patientName || element.tag == .patientID else { return .empty }
    return pseudonymised(element, context)
  }

  /// Patient's Name and Patient ID: at the top level whom the object is about, below whoever is named there.
  private func pseudonymised(_ element: RawElement, _ context: Context) -> Ledger.Edit {
    var subject = patient
    if context.depth > 0, element.tag == .patientID, let id = element.texts.first, !id.isEmpty {
      subject = PatientIdentity(issuer: context.issuer, id: id)
    }
    return .replace(Array(identities.pseudonym(subject).utf8), element.vr, .pseudonymised)
  }

  func dummied(_ element: RawElement, _ context: Context) -> Ledger.Edit {
    if element.tag == .patientName || element.tag == .patientID { return pseudonymised(element, context) }
    if element.vr == .ui, !element.isEmpty { return mapped(element) }
    return .replace(DummyValue.bytes(element.tag, element.vr), element.vr, .dummied)
  }

  /// Kept as far as it is what its VR allows: in a number or a code there is no room for anything else.
  func retained(_ element: RawElement) -> Ledger.Edit {
    guard element.vr.isText, !element.isEmpty else { return .keep }
    switch element.vr {
    case .ds, .is: return isNumber(element) ? .keep : .empty
    case .as: return capped(element)
    case .da: return valid(element) { CalendarShift.date($0, days: 0) != nil }
    case .dt: return valid(element) { CalendarShift.dateTime($0, days: 0) != nil }
    case .tm: return valid(element) { CalendarShift.isTime($0) }
    case .ui: return element.texts.allSatisfy { UID($0) != nil } ? .keep : mapped(element)
    case .cs: return code(element)
    default:
      return rewritten(element, orElse: .replace(DummyValue.bytes(element.tag, element.vr), element.vr, .cleaned)) {
        scrubber.scrub($0)
      }
    }
  }

  /// What an option leaves of a value.
  func cleaned(_ element: RawElement, _ option: ProfileOption?, _ context: Context) -> Ledger.Edit {
    guard !element.isEmpty else { return .keep }
    if option == .retainModifiedDates { return shifted(element, context) }
    if option == .retainFullDates {
      return element.vr.isText && element.texts.allSatisfy(CalendarShift.isOffsetFromUTC)
        ? .keep : fallback(element, context)
    }
    switch element.vr {
    case .ui: return mapped(element)
    case .as, .ds, .is: return retained(element)
    case .sh, .lo, .st, .lt, .ut, .uc, .cs:
      return rewritten(element, orElse: fallback(element, context)) {
        scrubber.scrub(FreeText.vocabularyOnly($0))
      }
    case .us, .ss, .ul, .sl, .uv, .sv, .fl, .fd, .at: return .keep
    default: return fallback(element, context)
    }
  }

  /// The basic action, for what an option cannot clean.
  private func fallback(_ element: RawElement, _ context: Context) -> Ledger.Edit {
    switch iod.type(of: element.tag, in: context.parent) {
    case .one, .oneConditional: dummied(element, context)
    case .two, .twoConditional: .empty
    case .three: .remove
    }
  }

  // MARK: - Dates and ages

  func shifted(_ element: RawElement, _ context: Context) -> Ledger.Edit {
    switch element.vr {
    case .da: return dates(element, context) { CalendarShift.date($0, days: shift) }
    case .dt: return dates(element, context) { CalendarShift.dateTime($0, days: shift) }
    // Whole days: times stay, as far as they are times.
    case .tm:
      return element.texts.allSatisfy { $0.isEmpty || CalendarShift.isTime($0) } ? .keep : fallback(element, context)
    default: return fallback(element, context)
    }
  }

  private func dates(_ element: RawElement, _ context: Context, _ move: (String) -> String?) -> Ledger.Edit {
    var moved: [String] = []
    for text in element.texts {
      guard let value = text.isEmpty ? "" : move(text) else { return fallback(element, context) }
      moved.append(value)
    }
    return .replace(Array(moved.joined(separator: "\\").utf8), element.vr, .shifted)
  }

  /// `nnnD`, `nnnW`, `nnnM` or `nnnY`; 90 years and more are one category (45 CFR 164.514(b)(2)(i)(C)).
  func capped(_ element: RawElement) -> Ledger.Edit {
    var ages: [String] = []
    for text in element.texts {
      guard text.utf8.count == 4, let number = Int(text.prefix(3)), let unit = text.last, "DWMY".contains(unit) else {
        return .empty
      }
      let days: [Character: Int] = ["D": 1, "W": 7, "M": 30, "Y": 365]
      let isOld = number * (days[unit] ?? 0) >= policy.ageCap * 365
      let cap = String(policy.ageCap)
      ages.append(isOld ? String(repeating: "0", count: max(0, 3 - cap.utf8.count)) + cap + "Y" : text)
    }
    let value = ages.joined(separator: "\\")
    return value == element.text ? .keep : .replace(Array(value.utf8), .as, .capped)
  }

  // MARK: - Text

  private func valid(_ element: RawElement, _ isValid: (String) -> Bool) -> Ledger.Edit {
    element.texts.allSatisfy { $0.isEmpty || isValid($0) } ? .keep : .empty
  }

  /// Digits, signs, points and exponents alone, and no identifier of the patient's.
  func isNumber(_ element: RawElement) -> Bool {
    (element.bytes ?? []).allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x20, 0x2B, 0x2D, 0x2E, 0x45, 0x65, 0x5C, 0x00].contains(byte)
    } && !scrubber.isIdentifier(element.text)
  }

  /// A code string is at most 16 characters of ISO 646; what is not harvested stays.
  func code(_ element: RawElement) -> Ledger.Edit {
    rewritten(element, orElse: .empty) { text in
      guard text.utf8.count <= 16, text.isASCII else {
        return String(FreeText.vocabularyOnly(text).uppercased().prefix(16)).trimmingPadding()
      }
      return scrubber.scrub(text)
    }
  }

  /// The values after `change`, which are kept where nothing changes.
  func rewritten(_ element: RawElement, orElse empty: Ledger.Edit, _ change: (String) -> String) -> Ledger.Edit {
    let texts = element.texts
    let changed = texts.map(change)
    if changed == texts { return .keep }
    guard changed.contains(where: { text in text.contains { $0.isLetter || $0.isNumber } }) else { return empty }
    return .replace(Array(changed.joined(separator: "\\").utf8), element.vr, .cleaned)
  }
}
