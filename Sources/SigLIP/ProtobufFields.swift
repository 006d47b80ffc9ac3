/// The fields of one message in the wire format of protocol buffers, read without trust and without recursion.
struct ProtobufFields: Sequence, IteratorProtocol {
  struct Field {
    /// From 1.
    let number: Int
    let value: Value
    /// Of the field's first byte, from the start of the file.
    let offset: Int
  }

  enum Value {
    case integer(UInt64)
    /// Little endian, four bytes.
    case fixed32(UInt32)
    case fixed64
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>
  /// Why reading ended early; `nil` while all is well.
  private(set) var failure: String?

  /// - Parameter message: A slice of the file, whose indices are places in it.
  init(_ message: ArraySlice<UInt8>) {
    rest = message
  }

  /// Calls `body` with every field.
  ///
  /// - Throws: What `body` throws, and ``SentencePieceError`` where the bytes are no message.
  static func forEach(
    in message: ArraySlice<UInt8>, _ body: (Field) throws(SentencePieceError) -> Void
  ) throws(SentencePieceError) {
    var fields = ProtobufFields(message)
    while let field = fields.next() { try body(field) }
    if let failure = fields.failure { throw SentencePieceError(failure) }
  }

  mutating func next() -> Field? {
    guard failure == nil, !rest.isEmpty else { return nil }
    let offset = rest.startIndex
    guard let key = varint() else { return end(offset, "ends inside the key of a field") }
    let number = key >> 3
    guard (1..<1 << 29).contains(number) else { return end(offset, "has no field number") }
    let value: Value?
    switch key & 7 {
    case 0: value = varint().map(Value.integer)
    case 1: value = take(8).map { _ in .fixed64 }
    case 2: value = varint().flatMap { take($0) }.map(Value.bytes)
    case 5: value = take(4).map { .fixed32($0.reversed().reduce(0) { $0 << 8 | UInt32($1) }) }
    // Groups nest without a length, and no model has had them for ten years.
    default: return end(offset, "is of wire type \(key & 7)")
    }
    guard let value else { return end(offset, "reaches beyond the end") }
    return Field(number: Int(number), value: value, offset: offset)
  }

  private mutating func end(_ offset: Int, _ what: String) -> Field? {
    failure = "byte \(offset): a field \(what)"
    return nil
  }

  /// At most ten bytes, seven bits each, the lowest first.
  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for (index, byte) in rest.prefix(10).enumerated() {
      value |= UInt64(byte & 0x7F) << (7 * UInt64(index))
      if byte < 0x80 {
        rest = rest.dropFirst(index + 1)
        return value
      }
    }
    return nil
  }

  private mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
