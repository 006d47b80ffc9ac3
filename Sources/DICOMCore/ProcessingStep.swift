/// One recorded step from a stored frame to an encoder input, enough to do it again (`steps` in the log).
package struct ProcessingStep: Sendable, Equatable, Codable {
  /// A stable name in kebab case, such as `modality-rescale` or `voi-window`.
  package let step: String
  package let params: [String: ParameterValue]

  package init(_ step: String, _ params: [String: ParameterValue] = [:]) {
    self.step = step
    self.params = params
  }
}

/// A value in a processing record: what JSON can hold.
package enum ParameterValue: Sendable, Equatable {
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case array([ParameterValue])
  case object([String: ParameterValue])
}

extension ParameterValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: ParameterValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, ParameterValue)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}

extension ParameterValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([ParameterValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: ParameterValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .string(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
