internal import CKernels

/// Rows in the number format in which a linear layer reads them; they keep their memory alive.
///
/// Safe to share for the reason that ``AlignedMemory`` is.
@safe
package struct Activations: @unchecked Sendable {
  /// What the stored bytes of ``Precision/int8`` stand for, times the scale of their row.
  package enum Zero: Sendable {
    /// Stored - 128, for values of both signs.
    case middle
    /// Stored, less ``geluShift``: all 255 steps for values that a GELU has left.
    case belowGELU
  }

  /// More than the distance from 0 to the least value of a GELU in its tanh form, -0.170 041.
  package static let geluShift: Float = 0.1701

  package let precision: Precision
  package let rowCount: Int
  package let columnCount: Int
  let zero: Zero
  /// From row to row, in words of 32 bits; rows begin at cache lines.
  let stride: Int
  private let memory: AlignedMemory
  /// For each row, where the precision is int8.
  private let scaleMemory: AlignedMemory
  private let firstRow: Int

  /// Rows of zeros.
  package init(rows: Int, columns: Int, precision: Precision, zero: Zero = .middle) {
    let words = ck_words(precision.format, columns)
    let stride = (words + 15) / 16 * 16
    self.init(
      precision: precision, rowCount: rows, columnCount: columns, zero: zero, stride: stride,
      memory: AlignedMemory(byteCount: 4 * rows * stride),
      scaleMemory: AlignedMemory(byteCount: precision == .int8 ? 4 * rows : 0), firstRow: 0)
  }

  private init(
    precision: Precision, rowCount: Int, columnCount: Int, zero: Zero, stride: Int, memory: AlignedMemory,
    scaleMemory: AlignedMemory, firstRow: Int
  ) {
    self.precision = precision
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.zero = zero
    self.stride = stride
    self.memory = memory
    self.scaleMemory = scaleMemory
    self.firstRow = firstRow
  }

  /// The same memory, seen as the rows of `range`.
  package func rows(_ range: Range<Int>) -> Activations {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows outside the activations")
    return Activations(
      precision: precision, rowCount: range.count, columnCount: columnCount, zero: zero, stride: stride,
      memory: memory, scaleMemory: scaleMemory, firstRow: firstRow + range.lowerBound)
  }

  /// From row to row, in values.
  var valueStride: Int { stride * ck_values_per_word(precision.format) }

  @unsafe var words: UnsafeMutablePointer<Int32> { unsafe memory.values(Int32.self) + firstRow * stride }

  @unsafe var scales: UnsafeMutablePointer<Float> { unsafe scaleMemory.values(Float.self) + firstRow }

  @unsafe var kernelRows: ck_rows {
    unsafe ck_rows(
      words: words, stride: stride, rows: rowCount, scales: scales, zero: zero == .middle ? 128 : 0,
      offset: zero == .middle ? 0 : -Self.geluShift)
  }

  /// What every stored value stands for, row by row.
  package var values: [Float] {
    (0..<rowCount).flatMap { row in (0..<columnCount).map { value(row, $0) } }
  }

  private func value(_ row: Int, _ column: Int) -> Float {
    let start = unsafe UnsafeRawPointer(words + row * stride)
    switch precision {
    case .fp32: return unsafe start.load(fromByteOffset: 4 * column, as: Float.self)
    case .bf16:
      return Float(bitPattern: UInt32(unsafe start.load(fromByteOffset: 2 * column, as: UInt16.self)) << 16)
    case .int8:
      let stored = Float(unsafe start.load(fromByteOffset: column, as: UInt8.self))
      let scale = unsafe scales[row]
      return zero == .middle ? scale * (stored - 128) : scale * stored - Self.geluShift
    }
  }
}

extension Precision {
  var format: ck_format {
    switch self {
    case .fp32: CK_FLOAT32
    case .bf16: CK_BFLOAT16
    case .int8: CK_INT8
    }
  }
}
