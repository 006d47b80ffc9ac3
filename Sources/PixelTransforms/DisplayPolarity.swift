internal import DICOMCore

/// Whether display values are inverted after the VOI transformation.
///
/// Presentation LUT Shape (2050,0020) decides when it is there; without it MONOCHROME1 means inverted (PS3.3 C.11.6 and
/// C.7.6.3.1.2). A MONOCHROME1 image with INVERSE, as the DX module asks for (C.8.11.3), says one thing twice and is
/// inverted once. DCMTK and highdicom read the two attributes the same way.
struct DisplayPolarity: Sendable, Equatable {
  let isInverted: Bool
  let step: ProcessingStep

  init(of attributes: DataSet, interpretation: PhotometricInterpretation) {
    let shape: String
    switch attributes.string(.presentationLUTShape) {
    case "INVERSE": (isInverted, shape) = (true, "INVERSE")
    case "IDENTITY": (isInverted, shape) = (false, "IDENTITY")
    case nil: (isInverted, shape) = (interpretation == .monochrome1, "absent")
    default: (isInverted, shape) = (interpretation == .monochrome1, "other")
    }
    step = ProcessingStep(
      "polarity",
      [
        "inverted": .boolean(isInverted), "photometric_interpretation": .string(interpretation.rawValue),
        "presentation_lut_shape": .string(shape),
      ])
  }

  func apply(to value: Double) -> Double { isInverted ? 1 - value : value }
}
