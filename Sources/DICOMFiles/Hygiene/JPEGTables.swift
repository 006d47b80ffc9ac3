/// Quantization and Huffman tables of a JPEG stream (ISO/IEC 10918-1 B.2.4): those that no component refers to can hold anything.
struct JPEGTables {
  /// A DQT or DHT segment in the cleaned stream.
  private struct Segment {
    let marker: UInt8
    /// Of its marker.
    let start: Int
    let tables: [[UInt8]]

    var length: Int { 4 + tables.reduce(0) { $0 + $1.count } }
  }

  private let isLS: Bool
  private var segments: [Segment] = []
  private var isLossless = false
  /// The first bytes of the tables that are used: class or precision in the high half, number in the low one.
  private var quantization: Set<UInt8> = []
  private var direct: Set<UInt8> = []
  private var alternating: Set<UInt8> = []

  init(isLS: Bool) {
    self.isLS = isLS
  }

  /// - Parameter start: Where the segment begins in the cleaned stream.
  mutating func note(_ marker: UInt8, _ content: ArraySlice<UInt8>, at start: Int) {
    let bytes = Array(content)
    switch marker {
    case 0xDB, 0xC4:
      var tables: [[UInt8]] = []
      var place = 0
      while place < bytes.count {
        let length =
          marker == 0xDB
          ? (bytes[place] >> 4 == 0 ? 65 : 129) : 17 + bytes[place + 1..<place + 17].reduce(0) { $0 + Int($1) }
        tables.append(Array(bytes[place..<place + length]))
        place += length
      }
      segments.append(Segment(marker: marker, start: start, tables: tables))
    // Frame headers, but for DAC and the reserved marker among them.
    case 0xC0...0xC7, 0xC9...0xCB, 0xCD...0xCF:
      isLossless = isLossless || marker & 3 == 3
      for place in stride(from: 8, to: bytes.count, by: 3) { quantization.insert(bytes[place] & 15) }
    default: break
    }
  }

  mutating func noteScan(_ content: ArraySlice<UInt8>) {
    let bytes = Array(content)
    for component in 0..<Int(bytes.first ?? 0) where 2 + 2 * component < bytes.count {
      let selectors = bytes[2 + 2 * component]
      direct.insert(selectors >> 4)
      alternating.insert(selectors & 15)
    }
  }

  private func isUsed(_ marker: UInt8, _ table: [UInt8]) -> Bool {
    let (kind, number) = (table[0] >> 4, table[0] & 15)
    if isLS { return false }
    if marker == 0xDB { return !isLossless && quantization.contains(number) }
    return kind == 0 ? direct.contains(number) : !isLossless && alternating.contains(number)
  }

  /// `stream` without tables that nothing refers to.
  func withoutUnused(_ stream: [UInt8]) -> [UInt8] {
    var result = stream
    for segment in segments.reversed() {
      let used = segment.tables.filter { isUsed(segment.marker, $0) }
      guard used.count < segment.tables.count else { continue }
      let replacement = used.isEmpty ? [] : JPEGHygiene.segment(segment.marker, used.flatMap { $0 })
      result.replaceSubrange(segment.start..<segment.start + segment.length, with: replacement)
    }
    return result
  }
}
