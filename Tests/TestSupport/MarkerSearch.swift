/// Finds many texts in bytes at once, whatever their case; nothing of the product's own search is in it.
package enum MarkerSearch {
  /// Those of `markers`, ASCII and each of four characters or more, that `bytes` holds.
  package static func found(_ markers: some Sequence<String>, in bytes: [UInt8]) -> Set<String> {
    let folded = bytes.map(lowered)
    var found: Set<String> = []
    for (length, group) in Dictionary(grouping: Set(markers), by: \.utf8.count) where length <= folded.count {
      let patterns = Dictionary(group.map { ($0.utf8.map(lowered), $0) }) { first, _ in first }
      let starts = Set(patterns.keys.map { start(of: $0, at: 0) })
      for place in 0...folded.count - length where starts.contains(start(of: folded, at: place)) {
        if let marker = patterns[Array(folded[place..<place + length])] { found.insert(marker) }
      }
    }
    return found
  }

  private static func start(of bytes: [UInt8], at place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[place + $1]) }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
}
