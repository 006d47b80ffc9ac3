internal import Glibc

/// Why a safetensors file cannot be read or written.
package enum SafetensorsError: Error, Sendable, Equatable {
  case unreadable(file: String, errorNumber: Int32)
  case unwritable(file: String, errorNumber: Int32)
  /// A file that is read whole has more bytes than such a file may have.
  case tooLarge(file: String, byteCount: Int, limit: Int)
  /// Too short for the eight bytes that give the length of the header.
  case tooShort(file: String, byteCount: Int)
  /// The header would be longer than 100 MB or than the rest of the file.
  case headerLength(file: String, length: UInt64, limit: Int)
  case headerSyntax(file: String, JSONSyntaxError)
  /// The header is JSON, but not of the form the format asks for.
  case headerEntry(file: String, entry: String, expected: String)
  case unknownType(file: String, tensor: String, type: String)
  /// The extents times the size of the type overflow 64 bits.
  case sizeOverflow(file: String, tensor: String, shape: [Int])
  case byteCount(file: String, tensor: String, expected: Int, found: Int)
  /// The data offsets run backwards or reach beyond the end of the file.
  case offsets(file: String, tensor: String, begin: Int, end: Int, dataCount: Int)
  /// The tensor does not begin where the one before it ends: they overlap, or bytes belong to none.
  case gap(file: String, tensor: String, expected: Int, found: Int)
  /// Bytes after the last tensor, or before the end of the file, belong to none.
  case trailingBytes(file: String, expected: Int, found: Int)
  case missingTensor(file: String, tensor: String)
  case wrongType(file: String, tensor: String, expected: [TensorType], found: TensorType)
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
  case rowOutOfRange(file: String, tensor: String, row: Int, rowCount: Int)
}

extension SafetensorsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let number): "\(file): cannot be read: \(reason(number))"
    case .unwritable(let file, let number): "\(file): cannot be written: \(reason(number))"
    case .tooLarge(let file, let count, let limit): "\(file): \(count) bytes, at most \(limit) are read"
    case .tooShort(let file, let count):
      "\(file): \(count) bytes, a safetensors file has at least 8"
    case .headerLength(let file, let length, let limit):
      "\(file): a header of \(length) bytes, at most \(limit) are possible here"
    case .headerSyntax(let file, let error): "\(file): the header is not valid JSON: \(error)"
    case .headerEntry(let file, let entry, let expected):
      "\(file): header entry \(quoted(entry)): expected \(expected)"
    case .unknownType(let file, let tensor, let type):
      "\(file): tensor \(quoted(tensor)) has the unknown type \(quoted(type))"
    case .sizeOverflow(let file, let tensor, let shape):
      "\(file): tensor \(quoted(tensor)): the size of shape \(shape) overflows"
    case .byteCount(let file, let tensor, let expected, let found):
      "\(file): tensor \(quoted(tensor)): shape and type make \(expected) bytes, the offsets hold \(found)"
    case .offsets(let file, let tensor, let begin, let end, let dataCount):
      "\(file): tensor \(quoted(tensor)): offsets [\(begin), \(end)] do not lie in 0...\(dataCount)"
    case .gap(let file, let tensor, let expected, let found):
      "\(file): tensor \(quoted(tensor)): begins at \(found), expected \(expected), the end of the tensor before it"
    case .trailingBytes(let file, let expected, let found):
      "\(file): the tensors take \(expected) bytes, the file holds \(found)"
    case .missingTensor(let file, let tensor): "\(file): no tensor \(quoted(tensor))"
    case .wrongType(let file, let tensor, let expected, let found):
      "\(file): tensor \(quoted(tensor)): expected type \(expected.map(\.rawValue).joined(separator: ", ")), "
        + "found \(found.rawValue)"
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file): tensor \(quoted(tensor)): expected shape \(expected), found \(found)"
    case .rowOutOfRange(let file, let tensor, let row, let count):
      "\(file): tensor \(quoted(tensor)): row \(row), it has \(count)"
    }
  }

  private func reason(_ errorNumber: Int32) -> String {
    unsafe strerror(errorNumber).map { unsafe String(cString: $0) } ?? "error \(errorNumber)"
  }
}

/// `text` in quotes, escaped and cut to 120 characters: names in a hostile file may hold anything.
package func quoted(_ text: String) -> String {
  let head = text.unicodeScalars.prefix(120).map { $0.escaped(asASCII: false) }.joined()
  return "\"\(head)\(text.unicodeScalars.count > 120 ? "…" : "")\""
}
