internal import Tensors

/// How a model computes; two embeddings of one image have the same bits where this is the same.
package struct Arithmetic: Sendable, Equatable {
  /// `fp32`, `bf16` or `int8`.
  package let precision: String
  /// The kernels that this processor runs, and their library.
  package let kernels: String

  /// For digests over everything an embedding depends on.
  package var key: String { "\(precision) \(kernels)" }
}

extension SigLIPModel {
  package var arithmetic: Arithmetic { Arithmetic(precision: "fp32", kernels: BLASLibrary.configuration) }
}
