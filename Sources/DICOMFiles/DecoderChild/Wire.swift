/// Values as bytes: numbers in little endian order, counts before what they count.
struct WireWriter {
  var bytes: [UInt8] = []

  mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    var rest = number
    for _ in 0..<Number.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// As eight bytes with a sign.
  mutating func put(integer: Int) { put(Int64(integer)) }

  mutating func put(flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func put(count: Int) { put(UInt32(clamping: count)) }

  mutating func put(text: String) {
    put(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func put(raw: [UInt8]) {
    put(count: raw.count)
    bytes.append(contentsOf: raw)
  }
}

/// Bytes that are not what they should be; the other end is not to be trusted any more.
struct WireError: Error, Equatable {
  /// Which rule was broken; never anything from the bytes.
  let fact: String
}

/// Reads what ``WireWriter`` wrote, from an end that may lie: every count is compared with what is left.
struct WireReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var left: Int { bytes.count - position }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(WireError) -> Number {
    let width = Number.bitWidth / 8
    guard left >= width else { throw WireError(fact: "it ends too early") }
    var number: Number = 0
    for offset in (0..<width).reversed() {
      number = (width > 1 ? number << 8 : 0) | Number(truncatingIfNeeded: bytes[position + offset])
    }
    position += width
    return number
  }

  mutating func integer() throws(WireError) -> Int { Int(try number(Int64.self)) }

  mutating func integer(in range: ClosedRange<Int>) throws(WireError) -> Int {
    let value = try integer()
    guard range.contains(value) else { throw WireError(fact: "a number is out of range") }
    return value
  }

  mutating func flag() throws(WireError) -> Bool {
    switch try number(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw WireError(fact: "a flag is neither 0 nor 1")
    }
  }

  /// A count of things that take at least `width` bytes each, so that a lie cannot reserve memory.
  mutating func count(width: Int) throws(WireError) -> Int {
    let count = Int(try number(UInt32.self))
    guard count <= left / width else { throw WireError(fact: "a count exceeds what follows") }
    return count
  }

  mutating func raw() throws(WireError) -> [UInt8] {
    let count = try count(width: 1)
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func text() throws(WireError) -> String {
    let count = try count(width: 1)
    guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
      throw WireError(fact: "a text is not UTF-8")
    }
    position += count
    return text
  }

  /// - Throws: When something follows.
  func finish() throws(WireError) {
    guard left == 0 else { throw WireError(fact: "something follows its end") }
  }
}
