/// A safetensors file, mapped into memory and checked: a tensor it lists can be read whole.
package struct SafetensorsFile: Sendable {
  /// Every tensor, in the order of the names.
  package let entries: [TensorEntry]
  /// The free text under `__metadata__`.
  package let metadata: [String: String]
  package let file: MappedFile
  private let entryOfName: [String: TensorEntry]

  /// Maps the file and checks its header; the values themselves are not read yet.
  ///
  /// - Throws: ``SafetensorsError`` for a file that cannot be opened or a header that breaks a rule of the format.
  package init(path: String) throws(SafetensorsError) {
    self.file = try MappedFile(path: path)
    let header = try SafetensorsHeader(of: file)
    self.entries = header.entries
    self.metadata = header.metadata
    self.entryOfName = Dictionary(header.entries.map { ($0.name, $0) }) { first, _ in first }
  }

  package var path: String { file.path }
  /// Length of the file in bytes.
  package var byteCount: Int { file.count }

  /// What the header says of tensor `name`, or `nil`.
  package subscript(_ name: String) -> TensorEntry? { entryOfName[name] }

  /// Calls `body` with the stored bytes of tensor `name`, little endian.
  package func withBytes<R>(
    of name: String, _ body: (RawSpan) throws(SafetensorsError) -> R
  ) throws(SafetensorsError) -> R {
    try file.withBytes(try entry(name).bytes, body)
  }

  /// The values of a F32, F16 or BF16 tensor for kernels to read.
  ///
  /// F32 stays in the mapped file where it is aligned; the half-width types are widened, which is exact, into memory
  /// of their own.
  package func weights(_ name: String) throws(SafetensorsError) -> Weights {
    let entry = try entry(name, types: [.float32, .float16, .bfloat16])
    if entry.type == .float32, let base = unsafe file.floats(at: entry.bytes.lowerBound) {
      return unsafe Weights(shape: entry.shape, base: base, owner: file)
    }
    return file.withBytes(entry.bytes) { bytes in
      Weights(shape: entry.shape) { row in entry.type.widen(bytes, into: row) }
    }
  }

  /// One row, counted along the outermost extent, of a F32, F16 or BF16 tensor; its shape lacks that extent.
  package func row(_ row: Int, of name: String) throws(SafetensorsError) -> Tensor {
    let entry = try entry(name, types: [.float32, .float16, .bfloat16])
    let part = try range(ofRow: row, in: entry)
    let shape = Array(entry.shape.dropFirst())
    let weights = file.withBytes(part) { bytes in
      Weights(shape: shape) { row in entry.type.widen(bytes, into: row) }
    }
    return Tensor(shape: shape, values: weights.values)
  }

  /// One row of a I64 or I32 tensor.
  package func integers(row: Int, of name: String) throws(SafetensorsError) -> [Int64] {
    let entry = try entry(name, types: [.int64, .int32])
    return file.withBytes(try range(ofRow: row, in: entry)) { bytes in
      switch entry.type {
      case .int64:
        (0..<(bytes.byteCount / 8)).map { bytes.littleEndian(at: 8 * $0, as: Int64.self) }
      default:
        (0..<(bytes.byteCount / 4)).map { Int64(bytes.littleEndian(at: 4 * $0, as: Int32.self)) }
      }
    }
  }

  private func entry(_ name: String, types: [TensorType] = TensorType.allCases) throws(SafetensorsError) -> TensorEntry
  {
    guard let entry = entryOfName[name] else { throw .missingTensor(file: path, tensor: name) }
    guard types.contains(entry.type) else {
      throw .wrongType(file: path, tensor: name, expected: types, found: entry.type)
    }
    return entry
  }

  private func range(ofRow row: Int, in entry: TensorEntry) throws(SafetensorsError) -> Range<Int> {
    let rowCount = entry.shape.first ?? 0
    guard row >= 0, row < rowCount else {
      throw .rowOutOfRange(file: path, tensor: entry.name, row: row, rowCount: rowCount)
    }
    let width = entry.bytes.count / rowCount
    let start = entry.bytes.lowerBound + row * width
    return start..<(start + width)
  }
}

extension RawSpan {
  /// The integer of type `T` at byte `offset`, stored little endian.
  @inline(__always)
  func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
    precondition(offset >= 0 && offset + MemoryLayout<T>.size <= byteCount, "bytes outside the span")
    return T(littleEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self))
  }
}

extension TensorType {
  /// Writes F32, F16 or BF16 values as floats; both narrow types are subsets of binary32.
  fileprivate func widen(_ bytes: RawSpan, into row: FloatRow) {
    for index in 0..<row.count {
      switch self {
      case .float32: row[index] = Float(bitPattern: bytes.littleEndian(at: 4 * index, as: UInt32.self))
      case .bfloat16:
        row[index] = Float(bitPattern: UInt32(bytes.littleEndian(at: 2 * index, as: UInt16.self)) << 16)
      default: row[index] = Float(Float16(bitPattern: bytes.littleEndian(at: 2 * index, as: UInt16.self)))
      }
    }
  }
}
