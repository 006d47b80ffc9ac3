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
  package var description: String {
    let digits = Array("0123456789ABCDEF".utf8)
    let number = UInt32(group) << 16 | UInt32(element)
    var text: [UInt8] = [UInt8(ascii: "(")]
    for place in (0..<8).reversed() {
      text.append(digits[Int(number >> UInt32(4 * place) & 15)])
      if place == 4 { text.append(UInt8(ascii: ",")) }
    }
    text.append(UInt8(ascii: ")"))
    return String(decoding: text, as: UTF8.self)
  }
}
