internal import Glibc

/// What a ``SafetensorsWriter`` is to write: a tensor's name, type and shape.
package struct TensorPlan: Sendable, Equatable {
  package let name: String
  package let type: WritableType
  /// The extents below the outermost; the outermost is the number of rows appended.
  package let rowShape: [Int]

  /// The types that Bucky writes.
  package enum WritableType: Sendable { case float32, int64 }

  package init(_ name: String, _ type: WritableType = .float32, rowShape: [Int]) {
    self.name = name
    self.type = type
    self.rowShape = rowShape
  }

  var valuesPerRow: Int { rowShape.reduce(1, *) }

  var tensorType: TensorType {
    switch type {
    case .float32: .float32
    case .int64: .int64
    }
  }
}

/// Writes a safetensors file row by row, so that the tensors need not fit into memory.
///
/// The bytes depend on plan, metadata and values alone. They are written to a file beside `path` whose name ends in
/// `.partial`; ``finish()`` gives it its name after the data has reached the disk, so that a file called `path` is
/// always whole. A writer that is dropped before that removes what it wrote.
///
/// Tensors are filled one after the other, in the order of ``plan``: I64 before F32, so that each is aligned, and by
/// name within a type.
package struct SafetensorsWriter: ~Copyable {
  package let path: String
  /// The tensors in the order in which they are filled.
  package let plan: [TensorPlan]
  private let metadata: [String: String]
  private let headerCapacity: Int
  private var output: OutputFile
  private var rowCounts: [Int]
  private var current = 0

  /// Starts the file.
  ///
  /// - Throws: ``SafetensorsError/unwritable(file:errorNumber:)``.
  /// - Precondition: No two tensors have one name, and none is called `__metadata__`.
  package init(path: String, tensors: [TensorPlan], metadata: [String: String] = [:]) throws(SafetensorsError) {
    let names = Set(tensors.map(\.name))
    precondition(names.count == tensors.count && !names.contains(SafetensorsHeader.metadataName))
    let plan = tensors.sorted { first, second in
      let (size, other) = (first.tensorType.size, second.tensorType.size)
      return size == other ? first.name.utf8.lexicographicallyPrecedes(second.name.utf8) : size > other
    }
    // The number of rows is known at the end only: keep room for the longest numbers, filled with spaces.
    let longest = Self.header(plan, rows: plan.map { _ in nil }, metadata: metadata)
    let headerCapacity = (longest.utf8.count + 7) / 8 * 8
    let output = try OutputFile(path: path)
    try output.write([UInt8](repeating: 0, count: 8 + headerCapacity))
    self.path = path
    self.plan = plan
    self.metadata = metadata
    self.headerCapacity = headerCapacity
    self.output = output
    self.rowCounts = Array(repeating: 0, count: plan.count)
  }

  /// Appends rows to tensor `name`.
  ///
  /// - Precondition: The tensor is F32, none after it has been filled yet, and `values` is a whole number of rows.
  package mutating func append(_ values: [Float], to name: String) throws(SafetensorsError) {
    note(rows: values.count, of: .float32, name: name)
    try output.write(unsafe values.withUnsafeBytes { unsafe Array($0) })
  }

  /// Appends rows to the I64 tensor `name`; the rules are those of ``append(_:to:)``.
  package mutating func append(_ values: [Int64], to name: String) throws(SafetensorsError) {
    note(rows: values.count, of: .int64, name: name)
    try output.write(unsafe values.withUnsafeBytes { unsafe Array($0) })
  }

  /// Writes the header, waits until everything is on the disk, and gives the file its name.
  package consuming func finish() throws(SafetensorsError) {
    var text = Array(Self.header(plan, rows: rowCounts.map(Optional.some), metadata: metadata).utf8)
    text += Array(repeating: UInt8(ascii: " "), count: headerCapacity - text.count)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: headerCapacity >> (8 * $0)) }
    try output.rewriteStart(length + text)
    try output.commit()
  }

  /// Checks an append and counts its rows.
  private mutating func note(rows valueCount: Int, of type: TensorPlan.WritableType, name: String) {
    guard let index = plan.firstIndex(where: { $0.name == name }) else { preconditionFailure("not in the plan") }
    precondition(plan[index].type == type && index >= current, "a tensor of another type, or one already closed")
    let width = plan[index].valuesPerRow
    precondition(width > 0 && valueCount.isMultiple(of: width), "not a whole number of rows")
    current = index
    rowCounts[index] += valueCount / width
  }

  /// The header's JSON text; rows of `nil` stand for the longest number there is.
  private static func header(_ plan: [TensorPlan], rows: [Int?], metadata: [String: String]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(json($0.key)):\(json($0.value))" }
      members.append("\(json(SafetensorsHeader.metadataName)):{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (tensor, rows) in zip(plan, rows) {
      let byteCount = (rows ?? 0) * tensor.valuesPerRow * tensor.tensorType.size
      let longest = String(Int.max)
      let shape = ([rows.map(String.init) ?? longest] + tensor.rowShape.map(String.init)).joined(separator: ",")
      let offsets = rows == nil ? "\(longest),\(longest)" : "\(offset),\(offset + byteCount)"
      members.append(
        "\(json(tensor.name)):{\"dtype\":\"\(tensor.tensorType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offsets)]}")
      offset += byteCount
    }
    return "{\(members.joined(separator: ","))}"
  }

  /// `text` as a JSON string.
  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
