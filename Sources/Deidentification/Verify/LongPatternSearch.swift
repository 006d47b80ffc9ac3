/// Looks for patterns of eight bytes and more without reading every byte: the last two of eight say how far the next match is
/// at least (Wu and Manber, 1994). Letters of ISO 646 match in either case.
struct LongPatternSearch: Sendable {
  /// Patterns shorter than this are not looked for.
  static let window = 8
  /// Of longer patterns as much is compared; pieces of a stream have to overlap by one less.
  static let longest = 64

  private var shifts = [UInt8](repeating: UInt8(window - 1), count: 1 << 16)
  /// Patterns by the last two of their first eight bytes.
  private var candidates: [UInt16: [Int]] = [:]
  private let patterns: [[UInt8]]
  private let folded: [UInt8]

  init(_ patterns: [[UInt8]]) {
    folded = (0..<256).map { (0x41...0x5A).contains($0) ? UInt8($0) + 0x20 : UInt8($0) }
    self.patterns = patterns.map { pattern in
      pattern.prefix(Self.longest).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
    for (index, pattern) in self.patterns.enumerated() where pattern.count >= Self.window {
      for end in 1..<Self.window {
        let block = UInt16(pattern[end - 1]) << 8 | UInt16(pattern[end])
        shifts[Int(block)] = min(shifts[Int(block)], UInt8(Self.window - 1 - end))
        if end == Self.window - 1 { candidates[block, default: []].append(index) }
      }
    }
  }

  /// The index of a pattern in `bytes`, the first that is found.
  func firstMatch(in bytes: [UInt8]) -> Int? {
    guard !candidates.isEmpty else { return nil }
    var end = Self.window - 1
    while end < bytes.count {
      let block = UInt16(folded[Int(bytes[end - 1])]) << 8 | UInt16(folded[Int(bytes[end])])
      let shift = Int(shifts[Int(block)])
      if shift == 0 {
        let start = end - Self.window + 1
        for index in candidates[block] ?? [] where matches(patterns[index], bytes, at: start) { return index }
        end += 1
      } else {
        end += shift
      }
    }
    return nil
  }

  private func matches(_ pattern: [UInt8], _ bytes: [UInt8], at start: Int) -> Bool {
    guard start + pattern.count <= bytes.count else { return false }
    for offset in pattern.indices where folded[Int(bytes[start + offset])] != pattern[offset] { return false }
    return true
  }
}
