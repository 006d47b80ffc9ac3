/// The tag of a data element: group and element number (PS3.5 7.1).
package struct Tag: Sendable, Hashable, Comparable {
  package let group: UInt16
  package let element: UInt16

  package init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }

  /// Odd groups belong to private creators (PS3.5 7.8).
  package var isPrivate: Bool { group % 2 == 1 }

  package static func < (lhs: Tag, rhs: Tag) -> Bool {
    (lhs.group, lhs.element) < (rhs.group, rhs.element)
  }
}

extension Tag: CustomStringConvertible {
  /// The standard's spelling, such as `(0028,0010)`.
  package var description: String { "(\(hex(group)),\(hex(element)))" }

  private func hex(_ value: UInt16) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
