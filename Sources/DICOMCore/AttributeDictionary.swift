/// The VRs of the standard's attributes (PS3.6), for data sets that do not state them.
///
/// DCMTK's dictionary would be another source; version 3.6.7 knows none of the attributes of the last years.
package enum AttributeDictionary {
  /// What PS3.6 says of an attribute's VR.
  package enum Entry: Sendable, Equatable {
    case vr(VR)
    /// US or SS, as Pixel Representation (0028,0103) says.
    case unsignedOrSigned
  }

  /// `nil` for private attributes and those that PS3.6 does not list. Repeating groups 50xx and 60xx are as 5000 and 6000.
  package static func entry(_ tag: Tag) -> Entry? {
    if tag.isPrivate { return nil }
    if tag.element == 0 { return .vr(.ul) }
    let isRepeating = [0x50, 0x60].contains(tag.group >> 8) && tag.group & 0xFF <= 0x1E
    return entries[isRepeating ? Tag(tag.group & 0xFF00, tag.element) : tag]
  }

  /// The VR, US where it is US or SS.
  package static func vr(_ tag: Tag) -> VR? {
    switch entry(tag) {
    case .vr(let vr)?: vr
    case .unsignedOrSigned?: .us
    case nil: nil
    }
  }

  private static let entries: [Tag: Entry] = {
    var entries: [Tag: Entry] = [:]
    entries.reserveCapacity(6000)
    var current = Entry.vr(.un)
    for word in AttributeTable.text.split(whereSeparator: \.isWhitespace) {
      if word.last == ":" {
        current = VR(rawValue: String(word.dropLast())).map(Entry.vr) ?? .unsignedOrSigned
      } else if let tag = Tag(hexadecimal: word) {
        entries[tag] = current
      }
    }
    // Repeating groups, which PS3.6 lists once (5.5 and C.9.2 of PS3.3).
    for (element, vr): (UInt16, VR) in [
      (0x0010, .us), (0x0011, .us), (0x0015, .is), (0x0022, .lo), (0x0040, .cs), (0x0045, .lo), (0x0050, .ss),
      (0x0051, .us), (0x0100, .us), (0x0102, .us), (0x1001, .cs), (0x1500, .lo), (0x3000, .ow), (0x4000, .lt),
    ] { entries[Tag(0x6000, element)] = .vr(vr) }
    return entries
  }()
}

extension Tag {
  /// From eight hexadecimal digits, group and element.
  package init?(hexadecimal digits: some StringProtocol) {
    guard digits.utf8.count == 8, let number = UInt32(digits, radix: 16) else { return nil }
    self.init(UInt16(number >> 16), UInt16(truncatingIfNeeded: number))
  }
}
