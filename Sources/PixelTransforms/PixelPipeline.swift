package import DICOMCore

/// From the stored values of a frame to what the encoder, or a viewer, sees; every step recorded.
///
/// Stored value → modality value → VOI → polarity for grey frames; palette or colour conversion for the others. The
/// attributes of an enhanced multi-frame object are those of the frame's functional groups.
package struct PixelPipeline: Sendable {
  package let window: WindowChoice
  package let preset: ResizePreset
  /// Side of the encoder input in pixels; without meaning for ``ResizePreset/ownSize``.
  package let size: Int

  /// The greatest output size accepted.
  package static let largestSize = 4096

  /// - Parameters:
  ///   - window: Which VOI transformation grey frames get.
  ///   - preset: How display values become the encoder's square.
  ///   - size: Image size of the encoder, such as 448.
  package init(window: WindowChoice = .automatic, preset: ResizePreset = .tfBilinearPadded, size: Int) {
    self.window = window
    self.preset = preset
    self.size = size
  }

  /// Display values of a frame in its own size.
  ///
  /// - Parameters:
  ///   - frame: As decoded; compressed colour has become RGB or YBR_FULL.
  ///   - attributes: The data set of the instance the frame is of.
  ///   - frameIndex: From 0.
  ///   - series: Percentiles of the frame's series, where ``seriesRange(for:frameIndex:)`` asks for them.
  /// - Returns: Grey or RGB values in `0...1`, 0 black, with the steps that led to them.
  /// - Throws: Why the frame cannot be shown; see ``PixelTransformError``.
  package func displayImage(
    frame: StoredFrame, attributes: DataSet, frameIndex: Int = 0, series: SeriesPercentiles? = nil
  ) throws(PixelTransformError) -> DisplayImage {
    let (display, steps) = try displayFrame(
      frame, digest: frame.pixelDigest, attributes: attributes, frameIndex: frameIndex, series: series)
    return DisplayImage(
      rows: display.rows, columns: display.columns, channels: display.channelCount,
      values: display.interleavedValues(), steps: steps)
  }

  /// The display values as codes and tables, and the steps that led to them.
  func displayFrame(
    _ frame: StoredFrame, digest: ContentDigest, attributes: DataSet, frameIndex: Int, series: SeriesPercentiles?
  ) throws(PixelTransformError) -> (frame: DisplayFrame, steps: [ProcessingStep]) {
    let interpretation = frame.format.photometricInterpretation
    let samples = interpretation.samplesPerPixel
    guard frame.format.samplesPerPixel == samples else {
      throw .samplesPerPixel(interpretation, expected: samples, found: frame.format.samplesPerPixel)
    }
    let frameAttributes = try FrameAttributes(of: attributes, frameIndex: frameIndex)
    let result =
      switch interpretation {
      case .monochrome1, .monochrome2: try grayFrame(frame, attributes: frameAttributes, series: series)
      case .paletteColor: try paletteFrame(frame, attributes: frameAttributes)
      default: try colorFrame(frame, attributes: frameAttributes)
      }
    return (result.frame, [Self.storedStep(frame, digest: digest, index: frameIndex)] + result.steps)
  }

  static func storedStep(_ frame: StoredFrame, digest: ContentDigest, index: Int) -> ProcessingStep {
    let format = frame.format
    return ProcessingStep(
      "stored-frame",
      [
        "frame": .integer(index + 1), "rows": .integer(format.rows), "columns": .integer(format.columns),
        "samples_per_pixel": .integer(format.samplesPerPixel),
        "photometric_interpretation": .string(format.photometricInterpretation.rawValue),
        "bits_allocated": .integer(format.bitsAllocated), "bits_stored": .integer(format.bitsStored),
        "high_bit": .integer(format.highBit), "signed": .boolean(format.isSigned),
        "pixel_digest": .string(digest.description),
      ])
  }
}

extension PhotometricInterpretation {
  /// Samples per Pixel that goes with the interpretation (PS3.3 C.7.6.3.1.1).
  fileprivate var samplesPerPixel: Int {
    switch self {
    case .monochrome1, .monochrome2, .paletteColor: 1
    case .rgb, .ybrFull, .ybrFull422, .ybrPartial420, .ybrICT, .ybrRCT: 3
    }
  }
}
