package import DICOMCore

/// Decides what becomes of every element: a function of data set, policy, identities and harvest alone.
package struct Planner {
  let policy: DeidentificationPolicy
  let identities: IdentityMap
  let scrubber: IdentityScrubber
  let iod: IOD
  let patient: PatientIdentity
  let shift: Int
  var ledger = Ledger()
  /// What could not be decided.
  package private(set) var doubts: Set<Doubt> = []
  /// What was decided for other objects of the study.
  private let memory: PlanMemory?

  /// - Parameters:
  ///   - patient: Whom the whole object is about.
  ///   - iod: What its SOP Class asks for.
  ///   - memory: Of objects planned with the same policy, identities and scrubber; `nil` to decide about everything anew.
  package init(
    policy: DeidentificationPolicy, identities: IdentityMap, scrubber: IdentityScrubber, iod: IOD,
    patient: PatientIdentity, memory: PlanMemory? = nil
  ) {
    self.memory = memory
    (self.policy, self.identities, self.scrubber) = (policy, identities, scrubber)
    (self.iod, self.patient) = (iod, patient)
    shift = identities.dateShift(patient)
  }

  /// Where an element stands.
  struct Context {
    var place = -1
    /// The sequence that its item is in.
    var parent: Tag?
    var depth = 0
    /// Everything that says something becomes a dummy: what is left of a sequence that must not be empty.
    var isDummy = false
    /// Issuer of Patient ID of the data set, or of the one around it.
    var issuer = ""
    /// The data set is a code of a site's or a vendor's own scheme.
    var hasLocalCode = false
    /// The action for the value of the content item that the element belongs to.
    var content: ContentDecision?
  }

  /// The ledger for `dataSet`, one entry an element.
  package mutating func plan(_ dataSet: RawDataSet) -> Ledger {
    ledger = Ledger()
    doubts = []
    plan(dataSet, Context())
    return ledger
  }

  mutating func doubt(_ doubt: Doubt) { doubts.insert(doubt) }

  mutating func plan(_ dataSet: RawDataSet, _ outer: Context) {
    var context = outer
    if let issuer = dataSet.text(.issuerOfPatientID) { context.issuer = issuer }
    context.hasLocalCode = Self.hasLocalCode(dataSet)
    let creators = PrivateBlocks(dataSet)
    var last: [Tag: Int] = [:]
    for (index, element) in dataSet.elements.enumerated() { last[element.tag] = index }
    // Below the top a decision follows from more than is remembered.
    let circumstances =
      context.depth == 0 && memory != nil
      ? PlanMemory.Circumstances(
        iod: iod, patient: patient, issuer: context.issuer, hasLocalCode: context.hasLocalCode) : nil
    let known = circumstances.flatMap { memory?.decisions(under: $0) } ?? [:]
    var fresh: [Tag: PlanMemory.Decision] = [:]
    defer { if let circumstances { memory?.remember(fresh, under: circumstances) } }
    for (index, element) in dataSet.elements.enumerated() {
      let place = ledger.place(element.tag, below: context.place)
      if last[element.tag] != index {
        add(element, place, .duplicate, .remove)
      } else if element.tag.isPrivate {
        planPrivate(element, place, creators)
      } else if let decision = known[element.tag], decision.element == element {
        repeatDecision(decision, place)
      } else if circumstances != nil, element.weight <= PlanMemory.largestElement {
        fresh[element.tag] = decide(element, place, context)
      } else {
        plan(element, place, context)
      }
    }
  }

  /// Plans an element and says what was decided.
  private mutating func decide(_ element: RawElement, _ place: Int, _ context: Context) -> PlanMemory.Decision {
    let (first, before) = (ledger.entries.count, doubts)
    doubts = []
    plan(element, place, context)
    defer { doubts.formUnion(before) }
    return PlanMemory.Decision(
      element: element,
      entries: ledger.entries[first...].map { (ledger.tags(from: place, to: $0.place), $0.rule, $0.edit) },
      doubts: doubts)
  }

  private mutating func repeatDecision(_ decision: PlanMemory.Decision, _ place: Int) {
    for (path, rule, edit) in decision.entries {
      ledger.add(path.reduce(place) { ledger.place($1, below: $0) }, rule, edit)
    }
    doubts.formUnion(decision.doubts)
  }

  /// Adds the entry of an element and, where it goes with all that is in it, theirs.
  mutating func add(_ element: RawElement, _ place: Int, _ rule: Ledger.Rule, _ edit: Ledger.Edit) {
    ledger.add(place, rule, edit)
    for item in element.items ?? [] { addRemoved(item, below: place) }
  }

  mutating func addRemoved(_ dataSet: RawDataSet, below parent: Int) {
    for element in dataSet.elements {
      let place = ledger.place(element.tag, below: parent)
      ledger.add(place, .within, .remove)
      for item in element.items ?? [] { addRemoved(item, below: place) }
    }
  }

  mutating func descend(
    _ element: RawElement, _ place: Int, _ rule: Ledger.Rule, _ context: Context, asDummy: Bool = false
  ) {
    let items = element.items ?? []
    // Of what only has to be there, one item is enough.
    let dropped = asDummy && !context.isDummy ? Set(items.indices.dropFirst()) : []
    ledger.add(place, rule, .descend(dropping: dropped, asDummy ? .dummied : .kept))
    var inner = context
    inner.place = place
    inner.parent = element.tag
    inner.depth += 1
    inner.isDummy = context.isDummy || asDummy
    inner.content = nil
    for item in items { plan(item, inner) }
  }

  // MARK: - Standard attributes

  private mutating func plan(_ element: RawElement, _ place: Int, _ context: Context) {
    if let (rule, edit) = structural(element, context) { return add(element, place, rule, edit) }
    if context.isDummy { return planInDummy(element, place, context) }
    if element.tag == Self.contentSequence || element.tag == Self.acquisitionContextSequence {
      if planContent(element, place, context) { return }
    }
    if let decision = context.content, planValue(of: element, decision, place, context) { return }
    if let override = policy.overrides[element.tag] {
      return apply(Self.action(override.action, element), .policy, element, place, context)
    }
    guard let rule = ProfileRules.rule(element.tag) else { return planUnlisted(element, place, context) }
    if let (option, exception) = rule.exception(under: policy.options) {
      // What an option keeps has to be what the option is about: a patient is told of in numbers and words of the vocabulary,
      // a moment in dates and times. Anything else may tell who it is.
      let isOfItsKind =
        switch option {
        case .retainPatientCharacteristics: !(element.vr.hasCharacterSet || [.cs, .ur].contains(element.vr))
        case .retainFullDates: element.items != nil || [.da, .dt, .tm].contains(element.vr)
        default: true
        }
      let action: Action = exception == .keep && isOfItsKind ? .retain : .clean(option)
      return apply(action, exception == .keep ? .retained : .cleaned, element, place, context)
    }
    // The committee's name, which becomes a dummy, is allowed with its approval number alone (PS3.3 C.7.1.3).
    let type = element.tag == Tag(0x0012, 0x0082) ? .one : iod.type(of: element.tag, in: context.parent)
    let (action, name) = Self.resolve(rule.basic, type)
    apply(action, name, element, place, context)
  }

  /// What goes or stays whatever the tables say.
  private func structural(_ element: RawElement, _ context: Context) -> (Ledger.Rule, Ledger.Edit)? {
    let tag = element.tag
    if tag.element == 0 { return (.groupLength, .remove) }
    switch (tag.group, tag.element) {
    case (0xFFFC, _): return (.padding, .remove)
    case (0x0000...0x0004, _): return (.directory, .remove)
    case (0x5000...0x50FF, _), (0x6000...0x60FF, _): return (.overlayOrCurve, .remove)
    case (0x0088, 0x0200), (0x0009, 0x1110): return (.icon, .remove)
    case (0x0008, 0x0005): return (.characterSet, .remove)
    case (0x0012, 0x0062), (0x0012, 0x0063), (0x0012, 0x0064), (0x0028, 0x0303): return (.marker, .remove)
    // Objects made of a document come here only where the policy wants them without it; elsewhere it has no business.
    case (0x0042, 0x0011): return (.document, .replace([0, 0], .ob, .dummied))
    case (0x7FE0, _): return (.pixelData, context.depth == 0 ? .keep : .remove)
    default: break
    }
    if case .fragments = element.value { return (.unknownVR, .remove) }
    if element.vr == .un { return (.unknownVR, .remove) }
    if AttributeDictionary.entry(tag) == nil { return (.unknownAttribute, .remove) }
    return nil
  }

  // MARK: - Compound actions

  /// What can be done with an element.
  enum Action: Equatable {
    case remove, empty, dummy, mapUID
    /// Kept, as far as its value is what its VR allows.
    case retain
    case clean(ProfileOption?)
    /// A sequence kept for the UIDs in it.
    case mapUIDsInside
  }

  /// The action for an attribute of this Type (PS3.15 E.1.1, note on compound actions).
  static func resolve(_ basic: ProfileRule.Basic, _ type: AttributeType) -> (Action, Ledger.Rule) {
    let isOne = type <= .oneConditional
    let isTwo = type == .two || type == .twoConditional
    switch basic {
    case .remove:
      // The table says X; an attribute that the IOD must have is not removed all the same.
      // Nobody can tell here whether the condition of a conditional one holds; where it is there, it does.
      return isOne ? (.dummy, .requiredByIOD) : isTwo ? (.empty, .requiredByIOD) : (.remove, .remove)
    case .empty: return type == .one ? (.dummy, .requiredByIOD) : (.empty, .empty)
    case .dummy: return (.dummy, .dummy)
    case .mapUID: return (.mapUID, .mapUID)
    case .removeOrEmpty: return isOne ? (.dummy, .requiredByIOD) : (isTwo ? .empty : .remove, .removeOrEmpty)
    case .removeOrDummy: return (isOne ? .dummy : isTwo ? .empty : .remove, .removeOrDummy)
    case .emptyOrDummy: return (isOne ? .dummy : .empty, .emptyOrDummy)
    case .removeEmptyOrDummy: return (isOne ? .dummy : isTwo ? .empty : .remove, .removeEmptyOrDummy)
    case .removeEmptyOrMapUIDs: return (.mapUIDsInside, .removeEmptyOrMapUIDs)
    }
  }

  private static func action(_ action: DeidentificationPolicy.Override.Action, _ element: RawElement) -> Action {
    switch action {
    case .keep: .retain
    case .remove: .remove
    case .empty: .empty
    case .dummy: .dummy
    case .clean: .clean(.cleanDescriptors)
    }
  }

  mutating func apply(
    _ action: Action, _ rule: Ledger.Rule, _ element: RawElement, _ place: Int, _ context: Context
  ) {
    if let items = element.items {
      switch action {
      case .remove: add(element, place, rule, .remove)
      case .empty: add(element, place, rule, .empty)
      case .dummy where !items.isEmpty:
        descend(element, place, rule, context, asDummy: true)
      default: descend(element, place, rule, context)
      }
      return
    }
    switch action {
    case .remove: add(element, place, rule, .remove)
    case .empty: add(element, place, rule, emptied(element, context))
    case .dummy: add(element, place, rule, dummied(element, context))
    case .mapUID, .mapUIDsInside: add(element, place, rule, mapped(element))
    case .retain:
      let edit = retained(element)
      add(element, place, edit == .empty && !element.isEmpty ? .invalidValue : rule, edit)
    case .clean(let option): add(element, place, rule, cleaned(element, option, context))
    }
  }
}

/// Why an object cannot be released; the raw value is the reason in every record.
package enum Doubt: String, Error, Sendable, CaseIterable {
  // The object as a whole.
  case unknownSOPClass = "sop-class-unknown"
  case withheldSOPClass = "sop-class-withheld"
  case encapsulatedDocument = "encapsulated-document"
  case missingIdentity = "missing-attribute"
  case conflictingInstance = "conflicting-instance"
  case recognizableFeatures = "recognizable-features"
  /// References from one content item to another, where items had to go.
  case contentReferences = "sr-references"
  case unsupportedTransferSyntax = "unsupported-transfer-syntax"
  // The pixels.
  case burnedInText = "burned-in-text"
  case pixelsUndecided = "pixels-undecided"
  // The re-read output.
  case unreadableOutput = "verify-unreadable"
  case nameFound = "verify-name"
  case identifierFound = "verify-identifier"
  case dateFound = "verify-date"
  case uidFound = "verify-uid"
  case privateFound = "verify-private"
  case markersMissing = "verify-markers"
  case unaccounted = "verify-unaccounted"
}
