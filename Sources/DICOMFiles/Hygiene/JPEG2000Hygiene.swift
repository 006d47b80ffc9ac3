/// JPEG 2000 and High-Throughput JPEG 2000 code streams (ISO/IEC 15444-1 annex A): everything but comments and lists of packet
/// lengths stays.
///
/// A tile-part that loses a comment becomes shorter, so its length is corrected in its own header and in the TLM segments
/// of the main header. Boxes of a JP2 file, which PS3.5 A.4.4 does not foresee, go too.
enum JPEG2000Hygiene {
  /// COM, and PLM and PLT, which only repeat how long packets are (A.7.2, A.7.3).
  private static let dispensable: Set<Int> = [0xFF64, 0xFF57, 0xFF58]
  private static let startOfTile = 0xFF90
  private static let startOfData = 0xFF93
  private static let tileLengths = 0xFF55

  static func cleaned(_ bytes: [UInt8]) throws(CodeStreamDamage) -> [UInt8] {
    guard let header = JPEG2000Header(bytes) else { throw .noStart }
    guard header.start == 0 || !header.isYCC else { throw .colourInBoxes }
    var place = header.start + 2
    var result: [UInt8] = [0xFF, 0x4F]
    result.reserveCapacity(bytes.count)
    // Where TLM segments begin in the result.
    var lengthTables: [Int] = []
    while true {
      let marker = try Self.marker(bytes, place)
      if marker == startOfTile { break }
      let end = try segmentEnd(bytes, place, marker)
      if marker == tileLengths { lengthTables.append(result.count) }
      if !dispensable.contains(marker) { result += bytes[place..<end] }
      place = end
    }
    var shortened: [(tile: Int, old: Int, new: Int)] = []
    while place + 1 < bytes.count, try Self.marker(bytes, place) == startOfTile {
      let part = try tilePart(bytes, place, into: &result)
      shortened.append((part.tile, part.end - place, part.length))
      place = part.end
    }
    // What stands behind the last tile-part must be the end, or nothing.
    if place + 1 < bytes.count, try Self.marker(bytes, place) != 0xFFD9 {
      throw .unexpectedMarker(UInt16(try Self.marker(bytes, place)), at: place)
    }
    try correct(lengthTables, in: &result, shortened)
    return result + [0xFF, 0xD9]
  }

  /// Copies a tile-part without its comments.
  ///
  /// - Returns: The index of its tile, where it ends in `bytes`, and how long it has become.
  private static func tilePart(
    _ bytes: [UInt8], _ start: Int, into result: inout [UInt8]
  ) throws(CodeStreamDamage) -> (tile: Int, end: Int, length: Int) {
    guard start + 12 <= bytes.count else { throw .cutShort(at: start) }
    guard number(bytes, start + 2, 2) == 10 else { throw .wrongLength(marker: 0xFF90, at: start) }
    let stated = number(bytes, start + 6, 4)
    // Length 0 stands for all that is left, of which the end marker and padding are no part.
    let end = stated == 0 ? try lastEnd(bytes, after: start) : start + stated
    guard end <= bytes.count, end >= start + 14 else { throw .cutShort(at: start) }
    let first = result.count
    result += bytes[start..<start + 12]
    var place = start + 12
    while true {
      let marker = try Self.marker(bytes, place)
      if marker == startOfData { break }
      let next = try segmentEnd(bytes, place, marker)
      guard next + 2 <= end else { throw .cutShort(at: place) }
      if !dispensable.contains(marker) { result += bytes[place..<next] }
      place = next
    }
    result += bytes[place..<end]
    let length = result.count - first
    if stated != 0 { put(length, 4, at: first + 6, in: &result) }
    return (number(bytes, start + 4, 2), end, length)
  }

  /// The last end marker, behind which only padding stands.
  private static func lastEnd(_ bytes: [UInt8], after start: Int) throws(CodeStreamDamage) -> Int {
    var place = bytes.count - 2
    while place > start {
      if bytes[place] == 0xFF, bytes[place + 1] == 0xD9 { return place }
      place -= 1
    }
    return bytes.count
  }

  /// Puts the new lengths where TLM states the old ones (A.7.1).
  private static func correct(
    _ tables: [Int], in result: inout [UInt8], _ parts: [(tile: Int, old: Int, new: Int)]
  ) throws(CodeStreamDamage) {
    var next = 0
    for table in tables {
      let length = number(result, table + 2, 2)
      guard length >= 4 else { throw .wrongLength(marker: 0xFF55, at: table) }
      let kind = Int(result[table + 5])
      let (indexBytes, lengthBytes) = (kind >> 4 & 3, kind & 0x40 == 0 ? 2 : 4)
      let entry = indexBytes + lengthBytes
      guard indexBytes <= 2, (length - 4) % entry == 0 else { throw .wrongLength(marker: 0xFF55, at: table) }
      for index in 0..<(length - 4) / entry {
        let place = table + 6 + index * entry + indexBytes
        guard next < parts.count, number(result, place, lengthBytes) == parts[next].old else {
          throw .wrongLength(marker: 0xFF55, at: table)
        }
        put(parts[next].new, lengthBytes, at: place, in: &result)
        next += 1
      }
    }
  }

  private static func marker(_ bytes: [UInt8], _ place: Int) throws(CodeStreamDamage) -> Int {
    guard place + 2 <= bytes.count else { throw .cutShort(at: place) }
    let marker = number(bytes, place, 2)
    guard marker >= 0xFF00 else { throw .unexpectedMarker(UInt16(marker), at: place) }
    return marker
  }

  private static func segmentEnd(_ bytes: [UInt8], _ place: Int, _ marker: Int) throws(CodeStreamDamage) -> Int {
    // FF30 to FF3F have no content; the delimiters have no place in a header.
    if (0xFF30...0xFF3F).contains(marker) { return place + 2 }
    guard (0xFF50...0xFF78).contains(marker) else { throw .unexpectedMarker(UInt16(marker), at: place) }
    guard place + 4 <= bytes.count else { throw .cutShort(at: place) }
    let length = number(bytes, place + 2, 2)
    guard length >= 2 else { throw .wrongLength(marker: UInt16(marker), at: place) }
    guard place + 2 + length <= bytes.count else { throw .cutShort(at: place) }
    return place + 2 + length
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func put(_ value: Int, _ count: Int, at place: Int, in bytes: inout [UInt8]) {
    for index in 0..<count { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - index))) }
  }
}
