/// One row of floats; it must not outlive the matrix it was taken from.
///
/// Indices are checked in debug builds only: ``Matrix`` and ``Weights`` check the extents once.
@safe
struct FloatRow {
  private let base: UnsafeMutablePointer<Float>
  let count: Int

  @inline(__always)
  @unsafe init(base: UnsafeMutablePointer<Float>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  @inline(__always)
  subscript(index: Int) -> Float {
    get {
      assert(index >= 0 && index < count)
      return unsafe base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count)
      unsafe base[index] = newValue
    }
  }

  /// Copies `values` over the row.
  @inline(__always)
  func copy(_ values: FloatRow) {
    assert(values.count == count)
    unsafe base.update(from: values.base, count: count)
  }
}
