package import DICOMCore

/// The modality transformation of a frame where it is a line: modality value = slope × stored value + intercept
/// (PS3.3 C.11.1.1.2).
package struct ModalityLine: Sendable, Equatable {
  package let slope: Double
  package let intercept: Double
  /// Rescale Type where it is a defined term; `nil` where it is absent or something else.
  package let unit: String?

  /// - Parameters:
  ///   - attributes: The data set of the instance, with its functional groups.
  ///   - frameIndex: From 0.
  ///   - format: As decoded.
  /// - Returns: `nil` for a lookup table.
  /// - Throws: Why there is no modality transformation; see ``PixelTransformError``.
  package init?(of attributes: DataSet, frameIndex: Int, format: ImageFormat) throws(PixelTransformError) {
    let modality = try Modality(of: FrameAttributes(of: attributes, frameIndex: frameIndex), format: format)
    switch modality.transform {
    case .lookup: return nil
    case .identity: (slope, intercept) = (1, 0)
    case .rescale(let slope, let intercept): (self.slope, self.intercept) = (slope, intercept)
    }
    unit = modality.unit
  }
}
