extension JSONValue {
  /// Reads one JSON text (RFC 8259) strictly: no repeated names, no text after the value, at most 64 levels and two million values.
  ///
  /// A parser of our own, because the one in Foundation keeps the last of repeated names without a word, and a
  /// safetensors header that names a tensor twice must be refused.
  package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }
}

/// Recursive descent over UTF-8 bytes.
struct JSONParser {
  private static let maximumDepth = 64
  /// A text of two bytes a value would take twenty times its size in memory; 200,000 tensors have as many.
  static let maximumValueCount = 2_000_000

  private let bytes: [UInt8]
  private var offset = 0
  private var valueCount = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw failure("expected the end of the text") }
    return value
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw failure("more than \(Self.maximumDepth) levels") }
    valueCount += 1
    guard valueCount <= Self.maximumValueCount else { throw failure("more than \(Self.maximumValueCount) values") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    offset += 1
    var members: [JSONMember] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let start = offset
      guard peek == UInt8(ascii: "\"") else { throw failure("expected a name in quotes") }
      let name = try string()
      guard names.insert(name).inserted else {
        throw JSONSyntaxError(offset: start, expectation: "the name \(quoted(name)) is repeated")
      }
      skipSpace()
      guard take(":") else { throw failure("expected a colon") }
      members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard take("}") else { throw failure("expected a comma or the end of the object") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    offset += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw failure("expected a comma or the end of the array") }
    return .array(elements)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    guard bytes[offset...].starts(with: word.utf8) else { throw failure("expected a value") }
    offset += word.utf8.count
    return value
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = offset
    _ = take("-")
    let leadingZero = peek == UInt8(ascii: "0")
    let wholeDigits = digits()
    guard wholeDigits > 0, !leadingZero || wholeDigits == 1 else { throw failure("expected a value") }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard digits() > 0 else { throw failure("expected a digit") }
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      guard digits() > 0 else { throw failure("expected a digit") }
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw JSONSyntaxError(offset: start, expectation: "the number is out of range")
    }
    return .number(number)
  }

  // MARK: Strings

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw failure("a control character in a string") }
      offset += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(byte)
      }
    }
    guard take("\"") else { throw failure("expected the end of the string") }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw JSONSyntaxError(offset: start, expectation: "the string is not UTF-8")
    }
    return string
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
      UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
      UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]
    guard let letter = peek else { throw failure("expected an escape sequence") }
    offset += 1
    if let byte = plain[letter] {
      text.append(byte)
      return
    }
    guard letter == UInt8(ascii: "u") else { throw failure("an unknown escape sequence") }
    var code = UInt32(try hexadecimal())
    if code & 0xFC00 == 0xD800, take("\\"), take("u") {
      let low = UInt32(try hexadecimal())
      guard low & 0xFC00 == 0xDC00 else { throw failure("half a surrogate pair") }
      code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
    text.append(contentsOf: Array(String(scalar).utf8))
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt16 {
    guard bytes.count - offset >= 4,
      let code = UInt16(String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16),
      bytes[offset] != UInt8(ascii: "+"), bytes[offset] != UInt8(ascii: "-")
    else { throw failure("expected four hexadecimal digits") }
    offset += 4
    return code
  }

  // MARK: Bytes

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func digits() -> Int {
    let start = offset
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
    return offset - start
  }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
  }

  private func failure(_ expectation: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: offset, expectation: expectation)
  }
}
