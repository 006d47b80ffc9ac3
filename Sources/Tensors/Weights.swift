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
    let count = shape.reduce(1, *)
    let storage = AlignedMemory(byteCount: 4 * count)
    unsafe fill(FloatRow(base: storage.values(Float.self), count: count))
    self.shape = shape
    self.owner = storage
    unsafe self.base = UnsafePointer(storage.values(Float.self))
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

extension Weights {
  /// The rows, or elements, of `parts` one after the other, in memory of their own unless there is one part only.
  ///
  /// - Precondition: There is a part, and all have the same inner extents.
  package init(stacking parts: [Weights]) {
    precondition(!parts.isEmpty && parts.allSatisfy { $0.shape.dropFirst() == parts[0].shape.dropFirst() })
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    let rows = parts.reduce(0) { $0 + $1.shape[0] }
    self.init(shape: [rows] + parts[0].shape.dropFirst()) { row in
      var place = 0
      for part in parts {
        for index in 0..<part.count { unsafe row[place + index] = part.base[index] }
        place += part.count
      }
    }
  }

  /// The largest magnitude in each column.
  package func largestMagnitudes() -> [Float] {
    var largest = [Float](repeating: 0, count: columnCount)
    for index in 0..<rowCount {
      let row = row(index)
      for column in 0..<columnCount { largest[column] = max(largest[column], abs(row[column])) }
    }
    return largest
  }
}

extension Weights {
  /// Calls `body` with the values as bytes, in the order of the machine.
  package func withBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    try body(unsafe RawSpan(_unsafeStart: base, byteCount: 4 * count))
  }
}
