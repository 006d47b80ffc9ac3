internal import CScanning

/// Looks for patterns of eight bytes and more in one pass over aligned words: whatever holds the first eight bytes of a pattern
/// holds four of them in one word, and few words are in any pattern. Letters of ISO 646 match in either case.
struct LongPatternSearch: Sendable {
  /// Patterns shorter than this are not looked for.
  static let window = 8
  /// Of longer patterns as much is compared; pieces of a stream have to overlap by one less.
  static let longest = 64

  /// A word of a pattern, and how far into the pattern it begins.
  private struct Candidate {
    let pattern: Int
    let offset: Int
  }

  /// One bit for each hash of a word: whether some pattern has it.
  private var filter = [UInt64](repeating: 0, count: 1 << (hashBits - 6))
  /// What the bytes of words are, by their low and high halves; see `cs_words`.
  private var low = [UInt8](repeating: 0, count: 16)
  private var high = [UInt8](repeating: 0, count: 16)
  private var hasZeroWord = false
  private var candidates: [UInt32: [Candidate]] = [:]
  private let patterns: [[UInt8]]
  private let folded: [UInt8]

  /// 32 KiB of bits: near the processor, and with thousands of words in it nearly empty.
  private static let hashBits = 32 - Int(CS_HASH_SHIFT)

  init(_ patterns: [[UInt8]]) {
    folded = (0..<256).map { (0x41...0x5A).contains($0) ? UInt8($0) + 0x20 : UInt8($0) }
    self.patterns = patterns.map { pattern in
      pattern.prefix(Self.longest).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
    for (index, pattern) in self.patterns.enumerated() where pattern.count >= Self.window {
      // The first aligned word at or behind the start of a match begins within its first four bytes.
      for offset in 0..<4 { add(pattern[offset..<offset + 4], Candidate(pattern: index, offset: offset)) }
    }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ candidate: Candidate) {
    let word = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let hash = Self.hash(word)
    filter[Int(hash >> 6)] |= 1 << UInt64(hash & 63)
    candidates[hash, default: []].append(candidate)
    hasZeroWord = hasZeroWord || word == 0
    for (place, byte) in bytes.enumerated() {
      let isLetter = (0x61...0x7A).contains(byte)
      let bit = UInt8(1) << UInt8(isLetter ? place + 4 : place)
      for form in isLetter ? [byte, byte - 0x20] : [byte] {
        low[Int(form & 15)] |= bit
        high[Int(form >> 4)] |= bit
      }
    }
  }

  /// The same for both cases of a letter; of other bytes some that differ are the same, too, and are told apart later.
  private static func hash(_ word: UInt32) -> UInt32 {
    ((word | 0x2020_2020) &* 0x9E37_79B1) >> UInt32(32 - hashBits)
  }

  /// The index of a pattern in `bytes`, one of those that begin first.
  func firstMatch(in bytes: [UInt8]) -> Int? {
    guard !candidates.isEmpty else { return nil }
    var word = 0
    while let next = nextWord(from: word, in: bytes) {
      for candidate in candidates[next.hash] ?? [] {
        let start = 4 * next.index - candidate.offset
        if start >= 0, matches(patterns[candidate.pattern], bytes, at: start) { return candidate.pattern }
      }
      word = next.index + 1
    }
    return nil
  }

  /// The next aligned word that may be one of a pattern.
  private func nextWord(from first: Int, in bytes: [UInt8]) -> (index: Int, hash: UInt32)? {
    let count = bytes.count / 4
    guard first < count else { return nil }
    let index = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe filter.withUnsafeBufferPointer { filter in
        unsafe low.withUnsafeBufferPointer { low in
          unsafe high.withUnsafeBufferPointer { high in
            var words = unsafe cs_words(
              low: low.baseAddress, high: high.baseAddress, has_zero: hasZeroWord, hashes: filter.baseAddress)
            return unsafe ScanKernels.current.functions.next_word(bytes.baseAddress, first, count, &words)
          }
        }
      }
    }
    guard index < count else { return nil }
    let word = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[4 * index + $1]) }
    return (index, Self.hash(word))
  }

  private func matches(_ pattern: [UInt8], _ bytes: [UInt8], at start: Int) -> Bool {
    guard start + pattern.count <= bytes.count else { return false }
    for offset in pattern.indices where folded[Int(bytes[start + offset])] != pattern[offset] { return false }
    return true
  }
}
