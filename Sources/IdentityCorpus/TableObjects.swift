internal import DICOMCore
internal import Deidentification

/// Every attribute of Table E.1-1, at the top and nested, in objects of many IODs.
extension CorpusBuilder {
  static let doe = CorpusPatient(
    number: 1, name: "Quillfeather^Ottoline^Zsazsa", id: "MRN-4711-88", birthDate: "19310314", studyDate: "20090716")
  static let roe = CorpusPatient(
    number: 2, name: "Brambleworth^Peregrine", id: "48151623", birthDate: "19440620", studyDate: "20220413")

  private static let kinds: [(ObjectKind, Draft.Encoding)] = [
    (.cr, .explicit), (.dx, .implicit), (.ct, .implicit), (.mr, .bigEndian), (.pt, .explicit), (.us, .explicit),
    (.mg, .explicit), (.nm, .bigEndian), (.xa, .implicit), (.sc, .explicit), (.enhancedCT, .explicit),
    (.enhancedMR, .implicit), (.segmentation, .explicit), (.structureSet, .implicit), (.plan, .explicit),
    (.dose, .explicit), (.presentationState, .bigEndian), (.keyObjects, .explicit), (.waveform, .implicit),
    (.rawData, .explicit),
  ]

  mutating func addTableObjects() {
    for (index, (kind, encoding)) in Self.kinds.enumerated() {
      let patient = index % 5 == 4 ? Self.roe : Self.doe
      var object = object("table/\(kind.rawValue).dcm", kind, of: patient)
      let fixed = Set(object.elements.keys)
      // One level below the top, or two, or three.
      let depth = index % 3 + 1
      for (tag, element) in tableElements(nil, besides: fixed) { object.set(tag, element) }
      nest(into: &object, depth: depth, hasLengths: index % 2 == 0)
      add(object, kind, Draft.Envelope(encoding: encoding))
    }
  }

  /// Sequences that the table does not list, in each other, with the whole table in the innermost.
  private mutating func nest(into object: inout Draft, depth: Int, hasLengths: Bool) {
    let path: [UInt32] = [0x0008_2218, 0x0008_2220, 0x0040_0440]
    var inner = Draft()
    let place = path.prefix(depth).map { Self.place($0) }.joined(separator: "[].")
    for (tag, element) in tableElements(place) { inner.set(tag, element) }
    for tag in path.prefix(depth).reversed().dropLast() {
      var outer = Draft()
      outer.set(tag, items: [inner], hasLengths: hasLengths)
      inner = outer
    }
    object.set(path[0], items: [inner], hasLengths: !hasLengths)
  }

  private mutating func tableElements(
    _ parent: String?, besides fixed: Set<UInt32> = []
  ) -> [(UInt32, Draft.Element)] {
    ProfileRules.rules.keys.sorted().compactMap { tag in
      let number = UInt32(tag.group) << 16 | UInt32(tag.element)
      guard tag.group >= 0x0008, tag.group < 0x6000, !fixed.contains(number), let vr = AttributeDictionary.vr(tag)
      else {
        return nil
      }
      let place = (parent.map { $0 + "[]." } ?? "") + tag.description
      return element(vr, place).map { (number, $0) }
    }
  }

  /// A value with a marker for an attribute of this VR; `nil` where the VR is a number and the tag says too little about people.
  mutating func element(_ vr: VR, _ place: String, _ kind: CorpusMarker.Kind = .text) -> Draft.Element? {
    var draft = Draft()
    switch vr {
    case .sq:
      var item = Draft()
      item.set(0x0008_0080, "LO", planted(place + "[].(0008,0080)", kind))
      item.set(0x0010_0010, "PN", planted(place + "[].(0010,0010)", kind))
      item.set(0x0008_1155, "UI", noted(uid(), place + "[].(0008,1155)", .uid))
      item.set(0x0040_A160, "UT", planted(place + "[].(0040,A160)", kind))
      draft.set(0, items: [item])
    case .pn: draft.set(0, "PN", planted(place, kind) + "^" + planted(place, kind))
    case .ui: draft.set(0, "UI", noted(uid(), place, .uid))
    case .da, .dt:
      let moment = dateTime()
      note(moment, place, .date, forms: [Array(moment.prefix(8).utf8)])
      draft.set(0, vr.rawValue, vr == .da ? String(moment.prefix(8)) : moment)
    case .ur: draft.set(0, "UR", "https://" + planted(place, kind) + ".example/" + planted(place, kind))
    case .lo, .st, .lt, .ut, .uc:
      draft.set(0, vr.rawValue, "Chest of " + planted(place, kind) + ", seen by " + planted(place, kind))
    case .us, .ss, .ul, .sl, .fl, .fd, .at, .uv, .sv: return nil
    default: draft.set(0, vr.rawValue, planted(place, kind))
    }
    return draft.elements[0]
  }

  mutating func noted(_ text: String, _ place: String, _ kind: CorpusMarker.Kind) -> String {
    note(text, place, kind)
    return text
  }
}
