internal import COpenBLAS

/// OpenBLAS works with one thread, whatever the environment says: results must not depend on how many threads Bucky
/// uses, and parallel work is split into fixed blocks above this file.
private let singleThreadedBLAS: Void = openblas_set_num_threads(1)

extension Matrix {
  /// self = a·wᵀ, or self += a·wᵀ: what a linear layer with weights `[out, in]` does.
  ///
  /// - Precondition: The extents agree: self `[n, out]`, a `[n, in]`.
  package func setProduct(_ a: Matrix, transposed w: Weights, adding: Bool = false) {
    precondition(a.rowCount == rowCount && w.rowCount == columnCount && w.columnCount == a.columnCount)
    unsafe w.withBase { w in
      unsafe multiply(a, w, stride: a.columnCount, transposed: true, alpha: 1, beta: adding ? 1 : 0)
    }
  }

  /// self = scale·a·bᵀ: scores of the queries `a` against the keys `b`.
  ///
  /// - Precondition: The extents agree: self `[n, m]`, a `[n, k]`, b `[m, k]`.
  package func setProduct(_ a: Matrix, transposed b: Matrix, scale: Float) {
    precondition(a.rowCount == rowCount && b.rowCount == columnCount && b.columnCount == a.columnCount)
    unsafe b.withBase { values in
      unsafe multiply(a, UnsafePointer(values), stride: b.stride, transposed: true, alpha: scale, beta: 0)
    }
  }

  /// self = a·b: the mean of the values `b`, weighted by `a`.
  ///
  /// - Precondition: The extents agree: self `[n, m]`, a `[n, k]`, b `[k, m]`.
  package func setProduct(_ a: Matrix, _ b: Matrix) {
    precondition(a.rowCount == rowCount && b.columnCount == columnCount && b.rowCount == a.columnCount)
    unsafe b.withBase { values in
      unsafe multiply(a, UnsafePointer(values), stride: b.stride, transposed: false, alpha: 1, beta: 0)
    }
  }

  /// self = alpha·a·b + beta·self; the callers above have checked the extents.
  @unsafe private func multiply(
    _ a: Matrix, _ b: UnsafePointer<Float>, stride bStride: Int, transposed: Bool, alpha: Float, beta: Float
  ) {
    _ = singleThreadedBLAS
    guard rowCount > 0, columnCount > 0 else { return }
    unsafe a.withBase { a0 in
      unsafe withBase { c in
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, blasint(rowCount),
          blasint(columnCount), blasint(a.columnCount), alpha, a0, blasint(a.stride), b, blasint(bStride), beta, c,
          blasint(stride))
      }
    }
  }
}
