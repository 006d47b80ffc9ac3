internal import DICOMCore
package import Tensors

/// How a model computes; two embeddings of one input have the same bits where this is the same.
package struct Arithmetic: Sendable, Equatable {
  /// Of the encoder layers of the vision tower.
  package let precision: Precision
  package let kernelPath: KernelPath
  /// Linear layers that stay in bfloat16 where the precision is int8.
  package let bfloat16Layers: Set<String>

  /// Of the encoder layers of the text tower, whatever the precision of images.
  ///
  /// A prompt is embedded once and kept, so narrow numbers would gain nothing, and they would lose: a score hangs on the
  /// difference of prompts that lie close together, of which what they round off is a large part.
  package var textPrecision: Precision { .fp32 }

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
