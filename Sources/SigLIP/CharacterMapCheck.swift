/// Checks `precompiled_charsmap` of a SentencePiece model: what replaces what before a text is split.
///
/// Four bytes with the length of a trie, little endian; the trie, a double array in the layout of Darts-clone; the
/// replacements, texts that end with a zero byte. The trie's values are places in the replacements.
///
/// A unit of the array has 32 bits: a label or, where bit 31 is set, a value; bit 8 says that its first child is a value, the
/// rest where its children lie. Searching goes from unit `p` to `p ^ offset`, and from there to `^ byte` for every byte.
struct CharacterMapCheck {
  /// Rules that start with one another; the library has room for 32 (`kMaxTrieResultsSize`).
  static let mostNestedRules = 32

  private let units: [UInt32]
  private let replacements: ArraySlice<UInt8>

  init(_ map: ArraySlice<UInt8>) throws(SentencePieceError) {
    guard map.count > 4 else { throw SentencePieceError("is too short") }
    let length = Self.littleEndian(map.prefix(4))
    // Blocks of 256 units, as their builder makes them: no search leaves a block that is there.
    guard length > 0, length % 1024 == 0, length < map.count - 4 else {
      throw SentencePieceError("has a trie of \(length) bytes in \(map.count)")
    }
    let trie = map.dropFirst(4).prefix(Int(length))
    units = stride(from: trie.startIndex, to: trie.endIndex, by: 4).map { Self.littleEndian(trie[$0..<($0 + 4)]) }
    replacements = map[trie.endIndex...]
  }

  func check() throws(SentencePieceError) {
    guard replacements.last == 0 else { throw SentencePieceError("ends inside a replacement") }
    guard String(validating: replacements, as: UTF8.self) != nil else {
      throw SentencePieceError("has replacements that are no UTF-8")
    }
    for position in units.indices where position == 0 || !isValue(position) {
      let first = children(of: position)
      guard first < units.count else { throw SentencePieceError("leaves its trie at unit \(position)") }
      if hasValue(position) { try checkValue(at: first) }
    }
    try checkNesting()
  }

  /// A place where a character starts; the last byte, a zero, ends every text.
  private func checkValue(at position: Int) throws(SentencePieceError) {
    let value = Int(units[position] & 0x7FFF_FFFF)
    guard isValue(position), value < replacements.count,
      replacements[replacements.startIndex + value] & 0xC0 != 0x80
    else { throw SentencePieceError("leaves its replacements at unit \(position)") }
  }

  /// Follows every path from the root, each unit once, and counts the values on the way.
  private func checkNesting() throws(SentencePieceError) {
    /// The most values on a way from here on; -1 for a unit that is not finished, which only a loop meets again.
    var values: [Int?] = Array(repeating: nil, count: units.count)
    var path = [(position: 0, label: -1, most: 0)]
    while var step = path.popLast() {
      if step.label < 0 {
        values[step.position] = -1
        step.label = 0
      }
      let first = children(of: step.position)
      var descends = false
      while step.label < 256 {
        let child = first ^ step.label
        guard !isValue(child), units[child] & 0xFF == step.label else {
          step.label += 1
          continue
        }
        guard let below = values[child] else {
          path += [step, (child, -1, 0)]
          descends = true
          break
        }
        guard below >= 0 else { throw SentencePieceError("has a loop at unit \(child)") }
        step.most = max(step.most, below)
        step.label += 1
      }
      guard !descends else { continue }
      let most = step.most + (hasValue(step.position) ? 1 : 0)
      guard most <= Self.mostNestedRules else {
        throw SentencePieceError("has more than \(Self.mostNestedRules) rules that start with one another")
      }
      values[step.position] = most
    }
  }

  // MARK: Units

  /// Where the children of a unit start.
  private func children(of position: Int) -> Int {
    let unit = units[position]
    return position ^ Int(unit >> 10) << Int((unit & 1 << 9) >> 6)
  }

  private func hasValue(_ position: Int) -> Bool { units[position] & 1 << 8 != 0 }

  private func isValue(_ position: Int) -> Bool { units[position] & 1 << 31 != 0 }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
