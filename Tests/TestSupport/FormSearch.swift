/// Finds many byte strings of four bytes and more in one pass; nothing of the product's own search is in it.
package struct FormSearch {
  private var places: [UInt32: [(form: [UInt8], owner: Int)]] = [:]
  /// By the first two bytes, so that nearly every place is passed over at once.
  private var starts = [Bool](repeating: false, count: 1 << 16)

  /// - Parameter forms: Of each owner, by its number; shorter ones are left out.
  package init(_ forms: [[[UInt8]]]) {
    for (owner, list) in forms.enumerated() {
      for form in list where form.count >= 4 {
        places[Self.key(form, 0), default: []].append((form, owner))
        starts[Int(form[0]) << 8 | Int(form[1])] = true
      }
    }
  }

  /// The owners of what `bytes` holds.
  package func found(in bytes: [UInt8]) -> Set<Int> {
    var found: Set<Int> = []
    guard bytes.count >= 4 else { return found }
    for place in 0...bytes.count - 4 where starts[Int(bytes[place]) << 8 | Int(bytes[place + 1])] {
      for (form, owner) in places[Self.key(bytes, place)] ?? [] where !found.contains(owner) {
        if place + form.count <= bytes.count, bytes[place..<place + form.count].elementsEqual(form) {
          found.insert(owner)
        }
      }
    }
    return found
  }

  private static func key(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[place + $1]) }
  }

  /// Bytes of pairs of hexadecimal digits.
  package static func bytes(hexadecimal text: String) -> [UInt8] {
    var (result, high) = ([UInt8](), UInt8?.none)
    for digit in text.utf8 {
      let value = digit < 0x3A ? digit - 0x30 : digit - 0x57
      if let first = high {
        result.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return result
  }
}
