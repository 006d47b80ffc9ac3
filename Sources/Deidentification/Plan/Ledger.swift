package import DICOMCore

/// What becomes of every element of a data set, in the order in which they stand, those below sequences after their sequence.
package struct Ledger: Sendable {
  package struct Entry: Sendable {
    /// Index in ``places``.
    let place: Int
    package let rule: Rule
    package let edit: Edit
  }

  /// Why; the raw value is what the audit says.
  package enum Rule: String, Sendable, CaseIterable {
    case remove = "E.1-1 X"
    case empty = "E.1-1 Z"
    case dummy = "E.1-1 D"
    case mapUID = "E.1-1 U"
    case removeOrEmpty = "E.1-1 X/Z"
    case removeOrDummy = "E.1-1 X/D"
    case emptyOrDummy = "E.1-1 Z/D"
    case removeEmptyOrDummy = "E.1-1 X/Z/D"
    case removeEmptyOrMapUIDs = "E.1-1 X/Z/U*"
    /// The profile would remove it, the IOD must have it.
    case requiredByIOD = "E.1-1 against Type 1"
    case retained = "option retains"
    case cleaned = "option cleans"
    case policy = "policy"
    case contentItem = "E.3.4-1"
    case contentItemUnlisted = "E.3.4-1 unlisted"
    case contentItemKept = "content item kept"
    case unlisted
    case unlistedText = "unlisted text"
    case unlistedUID = "unlisted UID"
    case unlistedName = "unlisted name"
    case unlistedDate = "unlisted date"
    case wellKnownUID = "well-known UID"
    case unknownAttribute = "unknown attribute"
    case unknownVR = "unknown VR"
    case invalidValue = "invalid value"
    case privateAttribute = "private"
    case safePrivate = "safe private"
    case within = "within a removed sequence"
    case duplicate
    case groupLength = "group length"
    case padding = "trailing padding"
    case directory = "group 0004"
    case overlayOrCurve = "overlay or curve"
    case icon = "icon image"
    case characterSet = "character set"
    case marker = "de-identification marker"
    case pseudonym
    case pixelData = "pixel data"
    case document = "encapsulated document"
  }

  /// What is done.
  package enum Edit: Sendable, Equatable {
    case keep
    case remove
    case empty
    /// The value becomes this, under the VR given.
    case replace([UInt8], VR, Disposition)
    /// A sequence that stays without the items of these numbers, from 0; what is below it has entries of its own.
    case descend(dropping: Set<Int>, Disposition)

    package var disposition: Disposition {
      switch self {
      case .keep: .kept
      case .remove: .removed
      case .empty: .emptied
      case .replace(_, _, let disposition), .descend(_, let disposition): disposition
      }
    }

    /// A sequence that stays with all of its items.
    static let descend = Edit.descend(dropping: [], .kept)

    var isDescent: Bool { if case .descend = self { true } else { false } }
  }

  /// The one word for what became of an element.
  package enum Disposition: String, Sendable, CaseIterable {
    case kept, removed, emptied, dummied, mapped, shifted, capped, cleaned, pseudonymised
  }

  package private(set) var entries: [Entry] = []
  private(set) var places: [(parent: Int, tag: Tag)] = []
  private var known: [PlaceKey: Int] = [:]

  private struct PlaceKey: Hashable {
    let parent: Int
    let tag: Tag
  }

  package init() {}

  /// The index of the place of `tag` below the place `parent`; -1 is the top.
  mutating func place(_ tag: Tag, below parent: Int) -> Int {
    let key = PlaceKey(parent: parent, tag: tag)
    if let place = known[key] { return place }
    places.append((parent, tag))
    known[key] = places.count - 1
    return places.count - 1
  }

  /// The tags below `place` down to a place under it.
  func tags(from place: Int, to lower: Int) -> [Tag] {
    var (tags, current) = ([Tag](), lower)
    while current != place, current >= 0 {
      tags.append(places[current].tag)
      current = places[current].parent
    }
    return tags.reversed()
  }

  mutating func add(_ place: Int, _ rule: Rule, _ edit: Edit) {
    entries.append(Entry(place: place, rule: rule, edit: edit))
  }

  /// Such as `(0040,A730)[].(0040,A160)`: all items of a sequence have one path.
  func path(_ place: Int) -> String {
    let (parent, tag) = places[place]
    return parent < 0 ? tag.description : path(parent) + "[]." + tag.description
  }

  /// What was done under one rule: how often at each path.
  package struct Group: Sendable {
    package let rule: Rule
    package let disposition: Disposition
    package fileprivate(set) var counts: [(path: String, count: Int)]
  }

  /// Every entry, counted by rule, disposition and path, in the order of first appearance.
  package var summary: [Group] {
    struct Key: Hashable {
      let rule: Rule
      let disposition: Disposition
    }
    var groups: [Group] = []
    var places: [Key: Int] = [:]
    // By group and place: where in the group the path stands.
    var known: [[Int: Int]] = []
    for entry in entries {
      let key = Key(rule: entry.rule, disposition: entry.edit.disposition)
      let group: Int
      if let place = places[key] {
        group = place
      } else {
        group = groups.count
        places[key] = group
        groups.append(Group(rule: key.rule, disposition: key.disposition, counts: []))
        known.append([:])
      }
      if let index = known[group][entry.place] {
        groups[group].counts[index].count += 1
      } else {
        known[group][entry.place] = groups[group].counts.count
        groups[group].counts.append((path(entry.place), 1))
      }
    }
    return groups
  }
}

extension Ledger {
  /// The data set that the edits make of `dataSet`, the one that this ledger was planned for.
  package func apply(to dataSet: RawDataSet) -> RawDataSet {
    var index = 0
    return apply(to: dataSet, &index)
  }

  private func apply(to dataSet: RawDataSet, _ index: inout Int) -> RawDataSet {
    var result: [RawElement] = []
    result.reserveCapacity(dataSet.elements.count)
    for element in dataSet.elements {
      let edit = entries[index].edit
      index += 1
      var edited = element
      switch edit {
      case .keep: break
      case .remove, .empty:
        index += (element.items ?? []).reduce(0) { $0 + $1.elementCount }
        if edit == .remove { continue }
        edited.value = element.vr == .sq || element.items != nil ? .items([]) : .bytes([])
        if edited.vr == .un { edited.vr = AttributeDictionary.vr(element.tag) ?? .un }
      case .replace(let bytes, let vr, _):
        index += (element.items ?? []).reduce(0) { $0 + $1.elementCount }
        (edited.value, edited.vr) = (.bytes(bytes), vr)
      case .descend(let dropped, _):
        let items = (element.items ?? []).map { apply(to: $0, &index) }
        edited.value = .items(items.enumerated().filter { !dropped.contains($0.offset) }.map(\.element))
      }
      edited.source = nil
      result.append(edited)
    }
    return RawDataSet(result)
  }
}
