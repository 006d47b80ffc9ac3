internal import DICOMCore
internal import PixelTransforms

/// A grey frame as a picture of 16 bits that holds its stored values without loss.
struct StoredPicture {
  let image: PNGImage
  let step: ProcessingStep
  /// The stored value of sample 0.
  let lowest: Int
  /// Modality value = scale × sample + offset; `nil` under a Modality LUT.
  let line: (scale: Double, offset: Double)?
  let unit: String?

  /// - Parameters:
  ///   - dataSet: Of the instance, with its functional groups.
  ///   - frameIndex: From 0.
  /// - Returns: `nil` for a frame that is not grey or has samples of more than 16 bits.
  init?(of frame: StoredFrame, dataSet: DataSet, frameIndex: Int) throws(PixelTransformError) {
    let format = frame.format
    guard [.monochrome1, .monochrome2].contains(format.photometricInterpretation), !format.isFloat,
      format.samplesPerPixel == 1, format.bitsStored <= 16
    else { return nil }
    let lowest = format.isSigned ? -(1 << (format.bitsStored - 1)) : 0
    let modality = try ModalityLine(of: dataSet, frameIndex: frameIndex, format: format)
    image = PNGImage(
      rows: format.rows, columns: format.columns, channels: 1, depth: .bits16,
      samples: frame.storedValues().map { UInt16(truncatingIfNeeded: Int($0) - lowest) })
    self.lowest = lowest
    line = modality.map { ($0.slope, $0.intercept + $0.slope * Double(lowest)) }
    unit = modality?.unit
    var params: [String: ParameterValue] = ["lowest": .integer(lowest)]
    params["scale"] = line.map { .number($0.scale) }
    params["offset"] = line.map { .number($0.offset) }
    step = ProcessingStep("stored-values", params)
  }
}
