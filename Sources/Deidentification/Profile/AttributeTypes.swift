package import DICOMCore

/// The Type of an attribute in an IOD (PS3.5 7.4).
package enum AttributeType: String, Sendable, Comparable {
  case one = "1"
  case oneConditional = "1C"
  case two = "2"
  case twoConditional = "2C"
  case three = "3"

  /// The stricter one is smaller.
  package static func < (lhs: AttributeType, rhs: AttributeType) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The composite IODs of PS3.3, as far as they decide what may be taken away.
package struct IOD: Sendable, Hashable {
  let number: Int

  /// `nil` for a SOP Class that PS3.4 does not list, such as a vendor's own: nothing is known of its attributes then.
  package init?(sopClass: UID) {
    guard sopClass.value.hasPrefix(Self.root),
      let number = Self.numbers[String(sopClass.value.dropFirst(Self.root.count))]
    else { return nil }
    self.number = number
  }

  static func isStorageClass(_ text: String) -> Bool {
    text.hasPrefix(root) && numbers[String(text.dropFirst(root.count))] != nil
  }

  /// The Type of an attribute of Table E.1-1; 3 where the IOD does not have it.
  ///
  /// - Parameter parent: The sequence it is directly in; `nil` at the top level.
  package func type(of tag: Tag, in parent: Tag?) -> AttributeType {
    guard let entries = Self.types[Place(tag: tag, parent: parent)] else { return .three }
    return entries.first { $0.holds(for: number) }?.type ?? .three
  }

  // MARK: - Tables

  private struct Place: Hashable {
    let tag: Tag
    let parent: Tag?
  }

  private struct Entry {
    let type: AttributeType
    /// Bits by the number of the IOD, lowest first; empty for all.
    let iods: [Bool]

    func holds(for number: Int) -> Bool { iods.isEmpty || (number < iods.count && iods[number]) }
  }

  private static let root = "1.2.840.10008."

  private static let numbers: [String: Int] = Dictionary(
    StorageClassTable.text.tableWords.compactMap { word -> (String, Int)? in
      let parts = word.split(separator: "=")
      guard parts.count == 2, let number = Int(parts[1]) else { return nil }
      return (String(parts[0]), number)
    }
  ) { first, _ in first }

  private static let types: [Place: [Entry]] = {
    var types: [Place: [Entry]] = [:]
    for word in AttributeTypeTable.text.tableWords {
      let parts = word.split(separator: "=")
      guard parts.count == 2 else { continue }
      let place = parts[0].split(separator: "<")
      let value = parts[1].split(separator: "@")
      guard let tag = Tag(hexadecimal: place[0]), let type = AttributeType(rawValue: String(value[0])) else { continue }
      let parent = place.count > 1 ? Tag(hexadecimal: place[1]) : nil
      types[Place(tag: tag, parent: parent), default: []].append(
        Entry(type: type, iods: value.count > 1 ? bits(value[1]) : []))
    }
    return types
  }()

  private static func bits(_ digits: Substring) -> [Bool] {
    digits.reversed().flatMap { digit -> [Bool] in
      let value = digit.hexDigitValue ?? 0
      return (0..<4).map { value >> $0 & 1 == 1 }
    }
  }
}
