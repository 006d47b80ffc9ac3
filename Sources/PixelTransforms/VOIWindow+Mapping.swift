internal import DICOMCore
internal import Foundation

extension VOIWindow {
  /// Checks the width against the function: LINEAR needs at least 1 (PS3.3 C.11.2.1.2.1), the others more than 0.
  func check() throws(PixelTransformError) {
    let isWideEnough = function == .linear ? width >= 1 : width > 0
    guard isWideEnough, center.isFinite, width.isFinite else { throw .windowWidth(width, function: function) }
  }

  /// The display value in `0...1` of a modality value: the formulas of PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1
  /// (SIGMOID) and C.11.2.1.3.2 (LINEAR_EXACT) with ymin 0 and ymax 1.
  ///
  /// Call ``check()`` first.
  func displayValue(of x: Double) -> Double {
    switch function {
    case .linear:
      if x <= center - 0.5 - (width - 1) / 2 { return 0 }
      if x > center - 0.5 + (width - 1) / 2 { return 1 }
      return (x - (center - 0.5)) / (width - 1) + 0.5
    case .linearExact:
      if x <= center - width / 2 { return 0 }
      if x > center + width / 2 { return 1 }
      return (x - center) / width + 0.5
    case .sigmoid:
      return 1 / (1 + exp(-4 * (x - center) / width))
    }
  }

  /// Whether the window cuts `x` off; a sigmoid cuts nothing off, and the two ends of the ramp are not cut off.
  func clips(_ x: Double) -> Clipping? {
    let (lower, upper): (Double, Double)
    switch function {
    case .linear: (lower, upper) = (center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2)
    case .linearExact: (lower, upper) = (center - width / 2, center + width / 2)
    case .sigmoid: return nil
    }
    return x < lower ? .below : x > upper ? .above : nil
  }
}

extension NamedWindow {
  /// How MedSigLIP was shown CT: bone and lung, soft tissue and brain windows as red, green and blue.
  ///
  /// LINEAR_EXACT gives the ranges of the report themselves, `[-1225, 1025]`, `[-135, 215]` and `[0, 80]` HU. The same
  /// window lies in `Windowing/ct.yaml`.
  package static let ctMedSigLIP = NamedWindow(
    name: "ct-medsiglip", modalities: ["CT"], unit: "HU",
    channels: [
      VOIWindow(center: -100, width: 2250, function: .linearExact),
      VOIWindow(center: 40, width: 350, function: .linearExact),
      VOIWindow(center: 40, width: 80, function: .linearExact),
    ],
    source: "Sellergren A, et al. MedGemma Technical Report. arXiv:2507.05201, 2025, section 2.1.2.")
}
