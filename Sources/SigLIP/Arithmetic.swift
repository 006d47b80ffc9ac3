internal import DICOMCore
package import Tensors

/// How a model computes; two embeddings of one input have the same bits where this is the same.
package struct Arithmetic: Sendable, Equatable {
  /// Of the encoder layers of the vision tower.
  package let precision: Precision
  package let kernelPath: KernelPath
  /// Linear layers that stay in bfloat16 where the precision is int8.
  package let bfloat16Layers: Set<String>

  /// Of the encoder layers of the text tower: a prompt is embedded once and kept, so there is nothing to gain by 8 bits.
  package var textPrecision: Precision { precision == .int8 ? .bf16 : precision }

  /// For records, such as `avx512bf16`; where layers stay in bfloat16, with the beginning of a digest that tells which.
  package var backend: String {
    guard !bfloat16Layers.isEmpty else { return kernelPath.name }
    let layers = ContentDigest(ofText: bfloat16Layers.sorted().joined(separator: " "))
    return "\(kernelPath.name), \(bfloat16Layers.count) layers in bf16 (\(layers.description.dropFirst(7).prefix(8)))"
  }

  /// For digests over everything an image's embedding depends on.
  package var key: String {
    "\(precision.rawValue) \(kernelPath.name) \(bfloat16Layers.sorted().joined(separator: " "))"
  }

  /// For digests over everything a prompt's embedding depends on.
  package var textKey: String { "\(textPrecision.rawValue) \(kernelPath.name)" }
}
