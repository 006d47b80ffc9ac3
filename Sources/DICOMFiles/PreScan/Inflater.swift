/// Inflates a raw deflate stream (RFC 1951) piece by piece, in constant memory.
///
/// zlib would be the usual choice; this runs in the process that must not hand untrusted bytes to native code.
struct Inflater {
  private enum State {
    case blockHeader
    case stored(remaining: Int)
    case codes(literals: HuffmanCode, distances: HuffmanCode)
    case finished
  }

  /// Why a stream cannot be inflated; the stream is not deflate, or it ends too early.
  enum Failure: Error { case malformed, truncated }

  private var state = State.blockHeader
  private var isLastBlock = false
  private var bits: UInt64 = 0
  private var bitCount = 0
  /// The last 32 KiB that came out, as a ring, for matches to refer to.
  private var window = [UInt8](repeating: 0, count: 1 << 15)
  private var produced = 0

  private static let pieceLength = 1 << 16

  /// The next piece, at most 64 KiB and a match; empty at the end of the stream.
  ///
  /// - Parameter nextByte: The next byte of the stream, `nil` at its end.
  mutating func piece(_ nextByte: () -> UInt8?) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(Self.pieceLength + 258)
    while output.count < Self.pieceLength {
      switch state {
      case .finished: return output
      case .blockHeader: try readBlockHeader(nextByte)
      case .stored(let remaining):
        guard remaining > 0 else {
          endBlock()
          continue
        }
        emit(UInt8(truncatingIfNeeded: try take(8, nextByte)), into: &output)
        state = .stored(remaining: remaining - 1)
      case .codes(let literals, let distances): try decodeSymbols(literals, distances, into: &output, nextByte)
      }
    }
    return output
  }

  private mutating func endBlock() { state = isLastBlock ? .finished : .blockHeader }

  private mutating func emit(_ byte: UInt8, into output: inout [UInt8]) {
    output.append(byte)
    window[produced & 0x7FFF] = byte
    produced += 1
  }

  // MARK: - Bits, least significant first

  private mutating func fill(_ count: Int, _ nextByte: () -> UInt8?) throws(Failure) {
    while bitCount < count {
      guard let byte = nextByte() else { throw .truncated }
      bits |= UInt64(byte) << UInt64(bitCount)
      bitCount += 8
    }
  }

  private mutating func take(_ count: Int, _ nextByte: () -> UInt8?) throws(Failure) -> Int {
    guard count > 0 else { return 0 }
    try fill(count, nextByte)
    defer {
      bits >>= UInt64(count)
      bitCount -= count
    }
    return Int(bits & (1 << UInt64(count) - 1))
  }

  /// A symbol; at the end of the stream fewer than 15 bits may be left, and be enough.
  private mutating func symbol(_ code: HuffmanCode, _ nextByte: () -> UInt8?) throws(Failure) -> Int {
    while bitCount < HuffmanCode.longest, let byte = nextByte() {
      bits |= UInt64(byte) << UInt64(bitCount)
      bitCount += 8
    }
    guard let (symbol, length) = code.decode(bits) else { throw .malformed }
    guard length <= bitCount else { throw .truncated }
    bits >>= UInt64(length)
    bitCount -= length
    return symbol
  }

  // MARK: - Blocks

  private mutating func readBlockHeader(_ nextByte: () -> UInt8?) throws(Failure) {
    isLastBlock = try take(1, nextByte) == 1
    switch try take(2, nextByte) {
    case 0:
      _ = try take(bitCount & 7, nextByte)
      let length = try take(16, nextByte)
      guard try take(16, nextByte) == length ^ 0xFFFF else { throw .malformed }
      state = .stored(remaining: length)
    case 1: state = .codes(literals: .fixedLiterals, distances: .fixedDistances)
    case 2: try readDynamicCodes(nextByte)
    default: throw .malformed
    }
  }

  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private mutating func readDynamicCodes(_ nextByte: () -> UInt8?) throws(Failure) {
    let literalCount = try take(5, nextByte) + 257
    let distanceCount = try take(5, nextByte) + 1
    let lengthCount = try take(4, nextByte) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw .malformed }
    var lengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[Self.lengthOrder[index]] = UInt8(try take(3, nextByte)) }
    guard let lengthCode = HuffmanCode(lengths: lengths) else { throw .malformed }
    var all: [UInt8] = []
    while all.count < literalCount + distanceCount {
      let symbol = try symbol(lengthCode, nextByte)
      switch symbol {
      case 0...15: all.append(UInt8(symbol))
      case 16:
        guard let last = all.last else { throw .malformed }
        all += [UInt8](repeating: last, count: try take(2, nextByte) + 3)
      case 17: all += [UInt8](repeating: 0, count: try take(3, nextByte) + 3)
      default: all += [UInt8](repeating: 0, count: try take(7, nextByte) + 11)
      }
    }
    guard all.count == literalCount + distanceCount, all[256] != 0,
      let literals = HuffmanCode(lengths: Array(all[..<literalCount])),
      let distances = HuffmanCode(lengths: Array(all[literalCount...]))
    else { throw .malformed }
    state = .codes(literals: literals, distances: distances)
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthExtras = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]

  private mutating func decodeSymbols(
    _ literals: HuffmanCode, _ distances: HuffmanCode, into output: inout [UInt8], _ nextByte: () -> UInt8?
  ) throws(Failure) {
    while output.count < Self.pieceLength {
      let symbol = try symbol(literals, nextByte)
      if symbol < 256 {
        emit(UInt8(symbol), into: &output)
      } else if symbol == 256 {
        endBlock()
        return
      } else {
        guard symbol - 257 < Self.lengthBases.count else { throw .malformed }
        let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthExtras[symbol - 257], nextByte))
        let code = try self.symbol(distances, nextByte)
        guard code < Self.distanceBases.count else { throw .malformed }
        let distance = Self.distanceBases[code] + (try take(max(0, code / 2 - 1), nextByte))
        guard distance <= produced else { throw .malformed }
        for _ in 0..<length { emit(window[(produced - distance) & 0x7FFF], into: &output) }
      }
    }
  }
}
