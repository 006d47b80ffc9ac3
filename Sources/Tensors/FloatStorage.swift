/// Float memory that the threads working on one image share, aligned to a cache line.
///
/// Safe to share: kernels get disjoint rows or columns of it, and ``WorkerTeam/run(tasks:_:)`` returns between the
/// kernel that writes a row and the kernel that reads it on another thread.
@safe
final class FloatStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
    unsafe self.base = bytes.initializeMemory(as: Float.self, repeating: 0, count: count)
    self.count = count
  }

  deinit { unsafe base.deallocate() }
}

/// A row-major matrix that kernels write to, or rows and columns of one; it keeps the memory alive.
///
/// Safe to share for the reason that ``FloatStorage`` is: its holders write disjoint rows or columns, and nobody reads one
/// before the ``WorkerTeam`` that wrote it has returned.
@safe
package struct Matrix: @unchecked Sendable {
  package let rowCount: Int
  package let columnCount: Int
  /// The distance from one row to the next, in floats.
  let stride: Int
  private let storage: FloatStorage
  private let offset: Int

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.init(rowCount: rows, columnCount: columns, stride: columns, storage: .init(count: rows * columns), offset: 0)
  }

  private init(rowCount: Int, columnCount: Int, stride: Int, storage: FloatStorage, offset: Int) {
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
    for index in values.indices { unsafe storage.base[index] = values[index] }
  }

  /// The same memory, seen as the rows of `range`.
  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows outside the matrix")
    return Matrix(
      rowCount: range.count, columnCount: columnCount, stride: stride, storage: storage,
      offset: offset + range.lowerBound * stride)
  }

  /// The same memory, seen as the columns of `range`.
  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columnCount, "columns outside the matrix")
    return Matrix(
      rowCount: rowCount, columnCount: range.count, stride: stride, storage: storage,
      offset: offset + range.lowerBound)
  }

  /// Every value, row by row.
  package var values: [Float] {
    (0..<rowCount).flatMap { row in
      (0..<columnCount).map { column in unsafe storage.base[offset + row * stride + column] }
    }
  }

  /// Calls `body` with the address of the first value; rows lie `stride` floats apart.
  @inline(__always)
  func withBase<R>(_ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    unsafe body(storage.base + offset)
  }

  /// Row `index` for a kernel to read and write.
  @inline(__always)
  func row(_ index: Int) -> FloatRow {
    precondition(index >= 0 && index < rowCount, "a row outside the matrix")
    return unsafe FloatRow(base: storage.base + offset + index * stride, count: columnCount)
  }
}

/// Trained values that kernels only read: a vector, or a matrix in row-major order.
///
/// Safe to share: nobody writes to them, and the owner, a mapped file or a copy, lives as long as they do.
@safe
package struct Weights: @unchecked Sendable {
  /// As the checkpoint has it, such as `[out, in]` for a linear layer.
  package let shape: [Int]
  private let owner: AnyObject
  private let base: UnsafePointer<Float>

  /// Values that lie in a mapped file.
  @unsafe init(shape: [Int], base: UnsafePointer<Float>, owner: MappedFile) {
    self.shape = shape
    self.owner = owner
    unsafe self.base = base
  }

  /// Values that are copied into memory of their own.
  ///
  /// - Precondition: `values` fills `shape`.
  package init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "the values do not fill the shape")
    self.init(shape: shape) { row in for index in values.indices { row[index] = values[index] } }
  }

  /// Values that `fill` writes into memory of their own, seen as one row.
  init(shape: [Int], fill: (FloatRow) -> Void) {
    let storage = FloatStorage(count: shape.reduce(1, *))
    unsafe fill(FloatRow(base: storage.base, count: storage.count))
    self.shape = shape
    self.owner = storage
    unsafe self.base = UnsafePointer(storage.base)
  }

  package var count: Int { shape.reduce(1, *) }
  /// The outermost extent; a vector is one row.
  package var rowCount: Int { shape.count > 1 ? shape[0] : 1 }
  /// The values of a row: the product of the inner extents.
  package var columnCount: Int { shape.count > 1 ? shape.dropFirst().reduce(1, *) : count }

  /// The rows of `range`, as a matrix or, for a vector, as its elements.
  package func part(_ range: Range<Int>) -> Weights {
    precondition(range.lowerBound >= 0 && range.upperBound <= (shape.first ?? 0), "a part outside the weights")
    let width = shape.dropFirst().reduce(1, *)
    let start = unsafe base + range.lowerBound * width
    return unsafe Weights(shape: [range.count] + shape.dropFirst(), base: start, owner: owner)
  }

  @unsafe private init(shape: [Int], base: UnsafePointer<Float>, owner: AnyObject) {
    self.shape = shape
    self.owner = owner
    unsafe self.base = base
  }

  /// Every value in order.
  package var values: [Float] { (0..<count).map { unsafe base[$0] } }

  @inline(__always)
  func withBase<R>(_ body: (UnsafePointer<Float>) -> R) -> R { unsafe body(base) }

  /// Row `index`, to be read only.
  @inline(__always)
  func row(_ index: Int) -> FloatRow {
    precondition(index >= 0 && index < rowCount, "a row outside the weights")
    let start = unsafe UnsafeMutablePointer(mutating: base + index * columnCount)
    return unsafe FloatRow(base: start, count: columnCount)
  }
}
