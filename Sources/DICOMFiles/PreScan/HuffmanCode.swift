/// A canonical prefix code of RFC 1951, 3.2.2.
struct HuffmanCode {
  static let longest = 15
  private static let fastBits = 10

  /// By the next ten bits: symbol × 16 + length, 0 for codes that are longer.
  private var fast: [UInt16]
  /// How many codes have each length, and the symbols in the order of their codes.
  private var counts: [Int]
  private var symbols: [UInt16]

  /// - Parameter lengths: The code length of each symbol, 0 for none.
  /// - Returns: `nil` when the lengths ask for more codes than there are. Incomplete codes are taken, as zlib takes the
  ///   single distance code; a bit pattern without a symbol fails when it is met.
  init?(lengths: [UInt8]) {
    counts = [Int](repeating: 0, count: Self.longest + 1)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var left = 1
    var offsets = [Int](repeating: 0, count: Self.longest + 2)
    var codes = [Int](repeating: 0, count: Self.longest + 2)
    for length in 1...Self.longest {
      left = left * 2 - counts[length]
      if left < 0 { return nil }
      offsets[length + 1] = offsets[length] + counts[length]
      codes[length + 1] = (codes[length] + counts[length]) << 1
    }
    symbols = [UInt16](repeating: 0, count: offsets[Self.longest + 1])
    fast = [UInt16](repeating: 0, count: 1 << Self.fastBits)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let length = Int(length)
      symbols[offsets[length]] = UInt16(symbol)
      offsets[length] += 1
      if length <= Self.fastBits {
        var index = Self.reversed(codes[length], length)
        while index < fast.count {
          fast[index] = UInt16(symbol << 4 | length)
          index += 1 << length
        }
      }
      codes[length] += 1
    }
  }

  /// The symbol that `bits` start with and the length of its code; bits beyond the stream are 0.
  func decode(_ bits: UInt64) -> (symbol: Int, length: Int)? {
    let entry = Int(fast[Int(bits & UInt64(fast.count - 1))])
    if entry != 0 { return (entry >> 4, entry & 15) }
    var (code, first, index) = (0, 0, 0)
    for length in 1...Self.longest {
      code |= Int(bits >> UInt64(length - 1) & 1)
      let count = counts[length]
      if code - first < count { return (Int(symbols[index + code - first]), length) }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return nil
  }

  private static func reversed(_ code: Int, _ length: Int) -> Int {
    (0..<length).reduce(0) { $0 | (code >> $1 & 1) << (length - 1 - $1) }
  }

  static let fixedLiterals = HuffmanCode(complete: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = HuffmanCode(complete: [UInt8](repeating: 5, count: 32))

  private init(complete lengths: [UInt8]) {
    guard let code = HuffmanCode(lengths: lengths) else {
      preconditionFailure("the fixed codes of RFC 1951 are complete")
    }
    self = code
  }
}
