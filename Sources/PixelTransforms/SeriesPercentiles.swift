package import DICOMCore

/// Two percentiles of the modality values of a series, measured before its frames are transformed.
package struct SeriesPercentiles: Sendable, Equatable {
  package let seriesInstanceUID: UID
  package let range: PercentileRange
  /// The modality value at the lower percentile.
  package let low: Double
  /// The modality value at the upper percentile.
  package let high: Double
  /// Frames and pixels counted, padding left out.
  package let frameCount: Int
  package let pixelCount: Int
  /// See ``ValueHistogram/droppedBits``; 0 when the values are exact.
  package let droppedBits: Int

  /// `nil` when the histogram is empty: no frame could be read, or all was padding.
  package init?(
    of histogram: ValueHistogram, _ range: PercentileRange, seriesInstanceUID: UID, frameCount: Int
  ) {
    guard let low = histogram.value(atPercentile: range.lower), let high = histogram.value(atPercentile: range.upper)
    else { return nil }
    self.seriesInstanceUID = seriesInstanceUID
    self.range = range
    (self.low, self.high) = (low, high)
    (self.frameCount, self.pixelCount, self.droppedBits) = (frameCount, histogram.count, histogram.droppedBits)
  }
}

extension PixelPipeline {
  /// The percentiles of its series that the window of a frame needs; `nil` when it needs none.
  ///
  /// - Parameters:
  ///   - attributes: The data set of the instance, with its functional groups.
  ///   - frameIndex: From 0.
  package func seriesRange(for attributes: DataSet, frameIndex: Int = 0) -> PercentileRange? {
    guard Self.isGray(attributes) else { return nil }
    let modality = attributes.string(.modality)
    switch window.resolved(for: modality) {
    case .percentiles(let range) where range.scope == .series: return range
    case .named(let window):
      guard case .percentiles(let range) = window.values, range.scope == .series,
        window.modalities.contains(modality ?? "")
      else { return nil }
      return range
    case .automatic where modality == "MR":
      guard let frame = try? FrameAttributes(of: attributes, frameIndex: frameIndex) else { return nil }
      let voi = InstanceVOI(of: frame, inputIsSigned: false)
      guard case .transform = voi.preferred() else { return .series }
      return nil
    default: return nil
    }
  }

  /// The modality values of a frame, padding left out, for the statistics of its series; `nil` for a colour frame.
  ///
  /// - Throws: Why the frame has no modality values; see ``PixelTransformError``.
  package func modalityValues(
    of frame: StoredFrame, attributes: DataSet, frameIndex: Int = 0
  ) throws(PixelTransformError) -> ValueHistogram? {
    guard [.monochrome1, .monochrome2].contains(frame.format.photometricInterpretation) else { return nil }
    return try GrayValues(of: frame, attributes: FrameAttributes(of: attributes, frameIndex: frameIndex)).histogram
  }

  private static func isGray(_ attributes: DataSet) -> Bool {
    attributes.string(.photometricInterpretation)?.hasPrefix("MONOCHROME") ?? true
  }
}
