internal import DICOMCore

extension Planner {
  // MARK: - Private attributes

  mutating func planPrivate(_ element: RawElement, _ place: Int, _ blocks: PrivateBlocks) {
    guard policy.options.contains(.retainSafePrivate) else { return add(element, place, .privateAttribute, .remove) }
    if PrivateBlocks.isCreator(element.tag) {
      let isNeeded = blocks.needed.contains(element.tag)
      return add(element, place, isNeeded ? .safePrivate : .privateAttribute, isNeeded ? .keep : .remove)
    }
    guard let known = blocks.safeVR(element.tag) else { return add(element, place, .privateAttribute, .remove) }
    // What is known to be a number is none under another VR.
    let vr = known == .un || (known.isText && element.vr.isText && !Self.isStrict(known)) ? element.vr : known
    guard vr != .un, vr != .sq, let bytes = element.bytes, vr.isText == element.vr.isText || element.vr == .un,
      bytes.count % vr.unit == 0
    else { return add(element, place, .unknownVR, .remove) }
    let edit = safe(RawElement(element.tag, vr, .bytes(bytes), source: element.source))
    if edit == .keep, vr != element.vr { return add(element, place, .safePrivate, .replace(bytes, vr, .kept)) }
    add(element, place, .safePrivate, edit)
  }

  private static func isStrict(_ vr: VR) -> Bool { [.ds, .is, .cs, .as, .da, .dt, .tm, .ui].contains(vr) }

  /// A safe attribute is safe with the kind of value it should have.
  private func safe(_ element: RawElement) -> Ledger.Edit {
    switch element.vr {
    case .ds, .is: isNumber(element) ? .keep : .remove
    case .pn, .da, .dt, .tm, .as, .ur, .ui: .remove
    case .cs: rewritten(element, orElse: .remove) { clean($0) }
    case let vr where vr.isText:
      rewritten(element, orElse: .remove) { text in
        policy.unlistedText == .scrub ? FreeText.withoutPatterns(scrubber.scrub(text)) : clean(text)
      }
    default: Self.isWritten(element.bytes ?? []) ? .remove : .keep
    }
  }

  // MARK: - Binary values of attributes that Table E.1-1 does not list

  /// Numbers stay. Bytes that are text do not, nor keys, certificates and whatever else is long and of no known kind.
  func binary(_ element: RawElement) -> (Ledger.Rule, Ledger.Edit) {
    if element.tag == Self.iccProfile { return (.invalidValue, profile(element)) }
    switch element.vr {
    case .ob, .un:
      guard !Self.samples.contains(element.tag) else { return (.unlisted, .keep) }
      guard let bytes = element.bytes, element.tag.group != 0x0400, !Self.holdsWord(bytes) else {
        return (.invalidValue, .empty)
      }
      return (.unlisted, .keep)
    case .ow, .of, .od, .ol, .ov, .fl, .fd:
      return Self.isWritten(element.bytes ?? []) ? (.invalidValue, .empty) : (.unlisted, .keep)
    default: return (.unlisted, .keep)
    }
  }

  /// Waveforms, which may be 8 bits wide.
  private static let samples: Set<Tag> = [Tag(0x5400, 0x1010), Tag(0x5400, 0x0110), Tag(0x5400, 0x0112)]
  private static let iccProfile = Tag(0x0028, 0x2000)

  private func profile(_ element: RawElement) -> Ledger.Edit {
    guard let bytes = element.bytes, let cleaned = ColorProfile.withoutText(bytes) else { return .empty }
    return cleaned == bytes ? .keep : .replace(cleaned, element.vr, .cleaned)
  }

  /// Eight bytes and more, nearly all of them printable: no numbers look like that.
  static func isWritten(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 8 && bytes.count { (0x20..<0x7F).contains($0) } * 10 >= bytes.count * 9
  }

  /// Six letters or digits in a row.
  private static func holdsWord(_ bytes: [UInt8]) -> Bool {
    var run = 0
    for byte in bytes {
      run = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) ? run + 1 : 0
      if run == 6 { return true }
    }
    return false
  }
}
