internal import DICOMCore

extension PixelPipeline {
  /// Grey frames: modality transformation, VOI transformation, polarity, padding; each once for every code.
  func grayFrame(
    _ frame: StoredFrame, attributes: FrameAttributes, series: SeriesPercentiles?
  ) throws(PixelTransformError) -> (frame: DisplayFrame, steps: [ProcessingStep]) {
    let gray = try GrayValues(of: frame, attributes: attributes)
    let voi = try VOISelection(
      window,
      in: VOIContext(
        attributes: attributes, modality: gray.modality, range: gray.range, inputIsSigned: gray.mayBeNegative,
        percentile: { gray.histogram.value(atPercentile: $0) }, series: series))
    let polarity = DisplayPolarity(of: attributes.dataSet, interpretation: frame.format.photometricInterpretation)
    let shown = voi.channels.map { gray.displayTable($0, polarity) }

    var steps = [gray.modality.step, voi.step(of: gray), polarity.step]
    if let padding = gray.padding {
      steps.append(padding.step(pixels: gray.paddingPixelCount, shownAs: shown.map(\.padding)))
    }
    if attributes.dataSet.contains(.redPaletteColorLookupTableDescriptor) {
      // PS3.3 C.8.16.2.1.1.1: all values may be shown as grey, the palette for the upper ones is an addition.
      steps.append(ProcessingStep("supplemental-palette", ["applied": false]))
    }
    let display = DisplayFrame(
      rows: frame.format.rows, columns: frame.format.columns, samplesPerPixel: 1, codes: gray.stored.codes,
      tables: shown.map(\.table))
    return (display, steps)
  }
}

extension VOISelection {
  /// The transformation of each channel and how many pixels it cut off below and above, for the record.
  fileprivate func step(of gray: GrayValues) -> ProcessingStep {
    let channels = self.channels.map { transform -> ParameterValue in
      let (below, above) = gray.clipped(by: transform)
      var params: [String: ParameterValue] = ["clipped_below": .integer(below), "clipped_above": .integer(above)]
      if case .window(let window) = transform {
        params["center"] = .number(window.center)
        params["width"] = .number(window.width)
        params["function"] = .string(window.function.rawValue)
      }
      return .object(params)
    }
    return ProcessingStep(name, params.merging(["channels": .array(channels)]) { first, _ in first })
  }
}

extension PixelPadding {
  fileprivate func step(pixels: Int, shownAs values: [Float]) -> ProcessingStep {
    ProcessingStep(
      "pixel-padding",
      [
        "first": .integer(range.lowerBound), "last": .integer(range.upperBound), "range_limit": .boolean(hasRangeLimit),
        "pixels": .integer(pixels), "shown_as": .array(values.map { .number(Double($0)) }),
      ])
  }
}
