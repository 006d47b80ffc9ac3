package import DICOMCore

/// Private attributes that hold no identity, by creator and place within the creator's block (PS3.15 E.3.10).
package enum SafePrivate {
  /// The VR of a safe attribute; UN where the list has none. `nil` for an attribute that is not known to be safe.
  ///
  /// - Parameters:
  ///   - creator: The value of the Private Creator that reserves the attribute's block.
  ///   - tag: In whatever block the file has put it (PS3.5 7.8.1).
  package static func vr(creator: String, _ tag: Tag) -> VR? {
    table[Key(creator: creator, group: tag.group, element: UInt8(tag.element & 0xFF))]
  }

  /// Every creator of the list.
  package static let creators = Set(table.keys.map(\.creator))

  private struct Key: Hashable {
    let creator: String
    let group: UInt16
    let element: UInt8
  }

  private static let table: [Key: VR] = {
    var table: [Key: VR] = [:]
    for line in SafePrivateTable.text.split(separator: "\n") {
      let parts = line.split(separator: "|")
      let places = parts.last?.split(separator: ":") ?? []
      guard parts.count == 2, places.count == 2, let group = UInt16(places[0], radix: 16) else { continue }
      for word in places[1].split(separator: " ") {
        guard let element = UInt8(word.prefix(2), radix: 16), let vr = VR(rawValue: String(word.dropFirst(2))) else {
          continue
        }
        table[Key(creator: String(parts[0]), group: group, element: element)] = vr
      }
    }
    return table
  }()
}
