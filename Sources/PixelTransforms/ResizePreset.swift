/// A named way from display values to the square image that the encoder takes.
package enum ResizePreset: String, Sendable, CaseIterable {
  /// Zero-padded to a square, `tf.image.resize` bilinear without antialias, truncated to 8 bits: the default.
  ///
  /// It joins what MedSigLIP's authors published: the padding of training and the resize of the evaluation. Truncation
  /// is what that evaluation does, so a square 8-bit image gives the evaluation's own tensor.
  case tfBilinearPadded = "tf-bilinear-padded"
  /// The image's own size, not quantised.
  case ownSize = "none"

  /// The steps of the preset; `nil` when nothing is done to the image.
  var plan: ResizePlan? {
    switch self {
    case .tfBilinearPadded: ResizePlan(padding: .square, filter: .tensorFlowBilinear, quantisation: .truncateTo8Bits)
    case .ownSize: nil
    }
  }
}

/// What a preset does, step by step.
struct ResizePlan: Sendable, Equatable {
  enum Padding: String, Sendable {
    /// With display value 0 to a square, the image in the middle, the odd row or column after it.
    case square
  }

  enum Filter: String, Sendable {
    /// `tf.image.resize(method=bilinear, antialias=False)`: half-pixel centres, float32.
    case tensorFlowBilinear = "tf-bilinear"
  }

  enum Quantisation: String, Sendable {
    /// Display values times 255, cut to the integer below, as a cast to an 8-bit integer does.
    case truncateTo8Bits = "truncate-8-bit"
  }

  let padding: Padding
  let filter: Filter
  let quantisation: Quantisation
}
