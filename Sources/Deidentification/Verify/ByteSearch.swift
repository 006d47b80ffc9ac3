/// Finds many byte patterns in one pass (Aho and Corasick, 1975); letters of ISO 646 match in either case.
struct ByteSearch: Sendable {
  /// Lower case bytes to the columns of ``next``; 0 is every byte that no pattern has.
  private var columns = [UInt8](repeating: 0, count: 256)
  private var width = 1
  /// The state after a state and a column.
  private var next: [Int32] = []
  /// The patterns that end in a state: the first of a chain, or -1.
  private var found: [Int32] = []
  private var chain: [Int32] = []
  /// The longest proper suffix state that ends a pattern, or 0.
  private var shorter: [Int32] = []
  let patterns: [[UInt8]]

  init(_ patterns: [[UInt8]]) {
    self.patterns = patterns.map { $0.map(Self.lowered) }
    for byte in Set(self.patterns.joined()).sorted() where width < 255 {
      columns[Int(byte)] = UInt8(width)
      width += 1
    }
    for byte in 0x41...0x5A { columns[byte] = columns[byte + 0x20] }
    build()
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  private mutating func build() {
    addState()
    for (index, pattern) in patterns.enumerated() {
      chain.append(-1)
      var state = 0
      for byte in pattern {
        let slot = state * width + Int(columns[Int(byte)])
        if next[slot] == 0 {
          addState()
          next[slot] = Int32(found.count - 1)
        }
        state = Int(next[slot])
      }
      guard state != 0 else { continue }
      chain[index] = found[state]
      found[state] = Int32(index)
    }
    // Breadth first: where no child is, the suffix tells where to go on.
    var failures = [Int32](repeating: 0, count: found.count)
    var queue: [Int32] = []
    for column in 1..<max(1, width) where next[column] != 0 { queue.append(next[column]) }
    var head = 0
    while head < queue.count {
      let state = Int(queue[head])
      head += 1
      let failure = Int(failures[state])
      shorter[state] = found[failure] >= 0 ? Int32(failure) : shorter[failure]
      for column in 1..<max(1, width) {
        let slot = state * width + column
        let fallback = next[failure * width + column]
        if next[slot] == 0 {
          next[slot] = fallback
        } else {
          failures[Int(next[slot])] = fallback
          queue.append(next[slot])
        }
      }
    }
  }

  private mutating func addState() {
    next += Array(repeating: 0, count: width)
    found.append(-1)
    shorter.append(0)
  }

  /// Calls `hit` with the index of each pattern found and the place behind it, until it says true.
  ///
  /// - Returns: Whether `hit` did.
  func search(_ bytes: [UInt8], _ hit: (Int, Int) -> Bool) -> Bool {
    guard !patterns.isEmpty else { return false }
    var state: Int32 = 0
    for index in bytes.indices {
      state = next[Int(state) * width + Int(columns[Int(bytes[index])])]
      guard state != 0 else { continue }
      var ending = found[Int(state)] >= 0 ? state : shorter[Int(state)]
      while ending != 0 {
        var pattern = found[Int(ending)]
        while pattern >= 0 {
          if hit(Int(pattern), index + 1) { return true }
          pattern = chain[Int(pattern)]
        }
        ending = shorter[Int(ending)]
      }
    }
    return false
  }
}
