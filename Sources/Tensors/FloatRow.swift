/// Sixteen floats: the width at which the kernels work.
typealias Lanes = SIMD16<Float>

/// One row of a matrix inside a kernel; it must not outlive the matrix it was taken from.
///
/// Indices are checked in debug builds only: ``Matrix`` and ``Weights`` check the extents once, and every kernel walks
/// its rows through the loops below.
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

  /// Sixteen values from `index` on; where the row ends sooner, `filler` stands for the rest.
  @inline(__always)
  func lanes(at index: Int, filler: Float = 0) -> Lanes {
    assert(index >= 0 && index < count)
    if count - index >= Lanes.scalarCount {
      return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: Lanes.self)
    }
    var lanes = Lanes(repeating: filler)
    for lane in 0..<(count - index) { lanes[lane] = unsafe base[index + lane] }
    return lanes
  }

  @inline(__always)
  private func store(_ lanes: Lanes, at index: Int) {
    if count - index >= Lanes.scalarCount {
      unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: lanes, as: Lanes.self)
    } else {
      for lane in 0..<(count - index) { unsafe base[index + lane] = lanes[lane] }
    }
  }

  /// Replaces the row by what `body` makes of every sixteen values, given the index of the first.
  @inline(__always)
  func assign(_ body: (_ index: Int) -> Lanes) {
    var index = 0
    while index < count {
      store(body(index), at: index)
      index += Lanes.scalarCount
    }
  }

  /// Folds the row sixteen values at a time; `filler` stands for values after the last and must not change the result.
  @inline(__always)
  func fold(_ initial: Lanes, filler: Float, _ body: (Lanes, Lanes) -> Lanes) -> Lanes {
    var result = initial
    var index = 0
    while index < count {
      result = body(result, lanes(at: index, filler: filler))
      index += Lanes.scalarCount
    }
    return result
  }

  /// Copies `values` over the row.
  @inline(__always)
  func copy(_ values: FloatRow) {
    assert(values.count == count)
    unsafe base.update(from: values.base, count: count)
  }
}

extension Lanes {
  /// The larger value in each lane.
  @inline(__always)
  func maximum(_ other: Lanes) -> Lanes { replacing(with: other, where: self .< other) }

  /// The same bits as integers.
  @inline(__always)
  var integerBits: SIMD16<Int32> { unsafe unsafeBitCast(self, to: SIMD16<Int32>.self) }

  @inline(__always)
  init(integerBits: SIMD16<Int32>) { self = unsafe unsafeBitCast(integerBits, to: Lanes.self) }
}
