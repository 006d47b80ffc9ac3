/// A JSON value as read from a header or a configuration file; members keep their order.
package enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number written without fraction and exponent that fits 64 bits.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  /// The member named `name` of an object, or `nil`.
  package subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var members: [JSONMember]? {
    if case .object(let members) = self { members } else { nil }
  }

  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var integer: Int? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  package var boolean: Bool? {
    if case .boolean(let boolean) = self { boolean } else { nil }
  }

  /// An integer or a number, as a number.
  package var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  /// What kind of value it is, for error messages; never the value itself.
  package var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One `"name": value` of a JSON object.
package struct JSONMember: Sendable, Equatable {
  package let name: String
  package let value: JSONValue
}

/// Where JSON text breaks the grammar of RFC 8259 or repeats a name.
package struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Bytes from the start of the text.
  package let offset: Int
  package let expectation: String

  package var description: String { "byte \(offset): \(expectation)" }
}
