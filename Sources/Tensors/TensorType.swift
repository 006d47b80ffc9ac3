/// The element types of the safetensors format, as the header spells them.
package enum TensorType: String, Sendable, CaseIterable, Codable {
  case boolean = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case float64 = "F64"
  case int64 = "I64"
  case uint64 = "U64"

  /// Bytes per element.
  package var size: Int {
    switch self {
    case .boolean, .uint8, .int8, .float8E5M2, .float8E4M3: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }
}

/// What a safetensors header says of one tensor.
package struct TensorEntry: Sendable, Equatable {
  package let name: String
  package let type: TensorType
  /// Outermost extent first; empty for a single value.
  package let shape: [Int]
  /// Where the values lie, in bytes from the start of the file.
  package let bytes: Range<Int>

  /// The product of `shape`, which the header parser has found not to overflow.
  package var count: Int { shape.reduce(1, *) }
}
