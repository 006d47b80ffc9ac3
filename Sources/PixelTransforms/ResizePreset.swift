/// A named way from display values to the square image that the encoder takes.
///
/// Each preset but ``ownSize`` does what a published program does, to the bit; what the programs make of generated images
/// is recorded beside the tests.
package enum ResizePreset: String, Sendable, CaseIterable {
  /// Zero-padded to a square, `tf.image.resize` bilinear without antialias, truncated to 8 bits: the default.
  ///
  /// It joins what MedSigLIP's authors published: the padding of training and the resize of the evaluation. Truncation
  /// is what that evaluation does, so a square 8-bit image gives the evaluation's own tensor.
  case tfBilinearPadded = "tf-bilinear-padded"
  /// The published evaluation as it stands: as ``tfBilinearPadded``, without padding.
  case tfBilinear = "tf-bilinear"
  /// The published statement on training: zero-padded to a square, then Pillow's bilinear filter (torchvision's transforms
  /// on Pillow images).
  case training
  /// Hugging Face's `SiglipImageProcessor`: Pillow's bicubic filter, no padding.
  case hfSlow = "hf-slow"
  /// ``hfSlow`` where `preprocessor_config.json` asks for the bilinear filter (`"resample": 2`).
  case hfSlowBilinear = "hf-slow-bilinear"
  /// Hugging Face's `SiglipImageProcessorFast`: torchvision's bicubic filter with antialias on 8 bits, no padding.
  case hfFast = "hf-fast"
  /// ``hfFast`` with the bilinear filter.
  case hfFastBilinear = "hf-fast-bilinear"
  /// Google's serving container for MedSigLIP, its windows included; see ``ContainerTransform``.
  case googleContainer = "google-container"
  /// The image's own size, not quantised.
  case ownSize = "none"

  /// Whether the preset replaces the choice of a window, so that only ``WindowChoice/automatic`` goes with it.
  package var hasOwnWindows: Bool { self == .googleContainer }

  /// The steps of the preset; `nil` when nothing is done to the image.
  var plan: ResizePlan? {
    switch self {
    case .tfBilinearPadded: ResizePlan(padsToSquare: true, resize: .tensorFlowBilinear)
    case .tfBilinear: ResizePlan(padsToSquare: false, resize: .tensorFlowBilinear)
    case .training: ResizePlan(padsToSquare: true, resize: .antialias(.bilinear, .pillow))
    case .hfSlow: ResizePlan(padsToSquare: false, resize: .antialias(.bicubic, .pillow))
    case .hfSlowBilinear: ResizePlan(padsToSquare: false, resize: .antialias(.bilinear, .pillow))
    case .hfFast: ResizePlan(padsToSquare: false, resize: .antialias(.bicubic, .torch), normalisation: .fused)
    case .hfFastBilinear: ResizePlan(padsToSquare: false, resize: .antialias(.bilinear, .torch), normalisation: .fused)
    case .googleContainer:
      ResizePlan(padsToSquare: true, resize: .antialias(.bicubic, .pillow), quantisation: .truncate)
    case .ownSize: nil
    }
  }
}

/// What a preset does, step by step.
struct ResizePlan: Sendable, Equatable {
  enum Resize: Sendable, Equatable {
    /// `tf.image.resize(method=bilinear, antialias=False)` in float32; 8 bits come after it.
    case tensorFlowBilinear
    /// An antialiasing filter on 8-bit values; 8 bits come before it.
    case antialias(AntialiasFilter, FixedPoint)

    /// The name in records.
    var name: String {
      switch self {
      case .tensorFlowBilinear: "tf-bilinear"
      case .antialias(let filter, let arithmetic): "\(arithmetic.rawValue)-\(filter.rawValue)"
      }
    }
  }

  /// How display values become 8-bit values.
  enum Quantisation: String, Sendable {
    /// Times the scale in float32, cut to the integer below, as a cast to an 8-bit integer does.
    case truncate = "truncate-8-bit"
    /// Times the scale in float32, plus one half, cut: the nearest integer, so that an 8-bit image stays what it is.
    case round = "round-8-bit"
  }

  /// How 8-bit values become values in `[-1, 1]`; the two differ in the last bit.
  enum Normalisation: String, Sendable {
    /// Times 1/255, rounded to float32, then `(x − 0.5) / 0.5`.
    case rescaled
    /// `(x − 127.5) / 127.5`.
    case fused
  }

  let padsToSquare: Bool
  let resize: Resize
  let quantisation: Quantisation
  let normalisation: Normalisation

  init(
    padsToSquare: Bool, resize: Resize, quantisation: Quantisation? = nil, normalisation: Normalisation = .rescaled
  ) {
    self.padsToSquare = padsToSquare
    self.resize = resize
    self.quantisation = quantisation ?? (resize == .tensorFlowBilinear ? .truncate : .round)
    self.normalisation = normalisation
  }
}
