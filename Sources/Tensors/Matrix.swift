/// A row-major matrix that kernels write to, or rows of one; it keeps the memory alive.
///
/// Safe to share for the reason that ``AlignedMemory`` is: its holders write disjoint rows, and nobody reads one
/// before the ``WorkerTeam`` that wrote it has returned.
@safe
package struct Matrix: @unchecked Sendable {
  package let rowCount: Int
  package let columnCount: Int
  /// The distance from one row to the next, in floats.
  let stride: Int
  private let storage: AlignedMemory
  private let offset: Int

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.init(
      rowCount: rows, columnCount: columns, stride: columns, storage: AlignedMemory(byteCount: 4 * rows * columns),
      offset: 0)
  }

  private init(rowCount: Int, columnCount: Int, stride: Int, storage: AlignedMemory, offset: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.stride = stride
    self.storage = storage
    self.offset = offset
  }

  /// A copy of `values`, row by row.
  ///
  /// - Precondition: `values` fills the matrix.
  package init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "the values do not fill the matrix")
    self.init(rows: rows, columns: columns)
    for index in values.indices { unsafe storage.values(Float.self)[index] = values[index] }
  }

  /// The same memory, seen as the rows of `range`.
  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows outside the matrix")
    return Matrix(
      rowCount: range.count, columnCount: columnCount, stride: stride, storage: storage,
      offset: offset + range.lowerBound * stride)
  }

  /// Every value, row by row.
  package var values: [Float] {
    (0..<rowCount).flatMap { row in
      (0..<columnCount).map { column in unsafe storage.values(Float.self)[offset + row * stride + column] }
    }
  }

  /// Calls `body` with the address of the first value; rows lie `stride` floats apart.
  @inline(__always)
  func withBase<R>(_ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    unsafe body(storage.values(Float.self) + offset)
  }

  /// Row `index` for a kernel to read and write.
  @inline(__always)
  func row(_ index: Int) -> FloatRow {
    precondition(index >= 0 && index < rowCount, "a row outside the matrix")
    return unsafe FloatRow(base: storage.values(Float.self) + offset + index * stride, count: columnCount)
  }
}
