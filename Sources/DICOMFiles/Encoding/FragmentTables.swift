/// Where the frames of encapsulated pixel data start, one fragment a frame (PS3.5 A.4, PS3.3 C.7.6.3.1.8).
///
/// Lengths are all that is needed, so frames can be written one after the other and the tables put in front afterwards:
/// their size follows from the number of frames.
package struct FragmentTables: Sendable, Equatable {
  /// The value of the Basic Offset Table: little endian 32-bit offsets; empty when one of them needs more bits.
  package let basic: [UInt8]
  /// Values of Extended Offset Table (7FE0,0001) and Extended Offset Table Lengths (7FE0,0002): 64-bit numbers, present
  /// only when the Basic Offset Table is empty.
  package let extended: (offsets: [UInt8], lengths: [UInt8])?

  /// - Parameter lengths: Of the code streams, without padding. Each fragment is padded to an even length with one 0.
  package init(lengths: [Int]) {
    var offsets: [Int] = []
    var place = 0
    for length in lengths {
      offsets.append(place)
      // Item tag and length stand before each fragment.
      place += 8 + length + length % 2
    }
    func bytes(_ values: [Int], _ width: Int) -> [UInt8] {
      values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }
    if (offsets.last ?? 0) <= Int(UInt32.max) {
      (basic, extended) = (bytes(offsets, 4), nil)
    } else {
      (basic, extended) = ([], (bytes(offsets, 8), bytes(lengths, 8)))
    }
  }

  package static func == (a: FragmentTables, b: FragmentTables) -> Bool {
    a.basic == b.basic && a.extended?.offsets == b.extended?.offsets && a.extended?.lengths == b.extended?.lengths
  }

  /// An item with a code stream: tag, length, bytes, padding. The longest fragment has 4 GiB less two bytes.
  package static func item(_ stream: [UInt8]) -> [UInt8] {
    let length = stream.count + stream.count % 2
    var item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0]
    item.reserveCapacity(8 + length)
    for byte in 0..<4 { item.append(UInt8(truncatingIfNeeded: length >> (8 * byte))) }
    item += stream
    if stream.count % 2 != 0 { item.append(0) }
    return item
  }
}
