internal import DICOMCore

extension VOISelection {
  init(_ choice: WindowChoice, in context: VOIContext) throws(PixelTransformError) {
    switch choice.resolved(for: context.modalityName) {
    case .automatic, .byModality: self = try .automatic(context)
    case .file: self = .file(context, without: Self.minMax)
    case .fileWindow(let window): self = try context.instance.chosen(window)
    case .named(let window): self = try .named(window, context)
    case .minMax: self = .minMax(context, because: "requested")
    case .percentiles(let range): self = .percentiles(range, context, because: "requested")
    }
  }

  private static func automatic(_ context: VOIContext) throws(PixelTransformError) -> Self {
    switch context.modalityName {
    case "CT":
      guard context.modality.hounsfield != .impossible else {
        return file(context, without: minMax).adding(
          TransformWarning(
            .windowDefaultNotApplied, "CT without Hounsfield units: three-window default not applied"))
      }
      return try named(.ctMedSigLIP, context).adding("because", "default for CT")
    case "MR":
      // MR values have no unit, and one window for a whole series keeps its slices comparable.
      return file(context) { percentiles(.series, $0, because: $1) }
    default: return file(context, without: minMax)
    }
  }

  /// What the instance carries, else `fallback` with the reason.
  ///
  /// A window that breaks the rules does not cost the image: `fallback` cuts nothing off that could matter, claims
  /// nothing, and the record carries a warning.
  private static func file(
    _ context: VOIContext, without fallback: (VOIContext, _ because: String) -> Self
  ) -> Self {
    switch context.instance.preferred() {
    case .transform(let selection): selection
    case .absent: fallback(context, "no window in the instance")
    case .unusable(let warning): fallback(context, warning.text).adding(warning)
    }
  }

  private static func named(_ window: NamedWindow, _ context: VOIContext) throws(PixelTransformError) -> Self {
    guard let modality = context.modalityName, window.modalities.contains(modality) else {
      throw .windowNotForModality(window: window.name, modalities: window.modalities)
    }
    switch window.values {
    case .percentiles(let range):
      return percentiles(range, context, because: "requested").adding("name", .string(window.name))
    case .windows(let channels):
      guard channels.count == 1 || channels.count == 3 else {
        throw .windowChannelCount(window: window.name, found: channels.count)
      }
      for channel in channels { try channel.check() }
      let selection = Self(
        channels: channels.map { .window($0) }, name: "voi-window",
        params: ["source": "named", "name": .string(window.name), "unit": .string(window.unit)])
      return try selection.checkingUnit(of: window, context)
    }
  }

  /// Center and width mean nothing in another unit. Hounsfield units are what CT has unless it says otherwise, so a doubt
  /// is a warning there; for other units the image must say that it is in them.
  private func checkingUnit(of window: NamedWindow, _ context: VOIContext) throws(PixelTransformError) -> Self {
    switch window.unit {
    case "HU":
      switch context.modality.hounsfield {
      case .stated: return self
      case .assumed(let reason):
        return adding(TransformWarning(.windowUnitAssumed, "Hounsfield units assumed: \(reason)"))
      case .impossible:
        return adding(
          TransformWarning(.windowUnitAssumed, "not in Hounsfield units: 8-bit values without rescale"))
      }
    case NamedWindow.unspecifiedUnit: return self
    default:
      guard context.states(unit: window.unit) else { throw .windowUnit(window: window.name, unit: window.unit) }
      return self
    }
  }

  private static func minMax(_ context: VOIContext, because reason: String) -> Self {
    let low = context.range?.lowerBound ?? 0
    let high = context.range?.upperBound ?? 0
    return Self(
      channels: [.range(min: low, max: high)], name: "voi-min-max",
      params: [
        "source": "min-max", "because": .string(reason), "min": .number(low), "max": .number(high),
        "constant": .boolean(low == high),
      ])
  }

  func adding(_ key: String, _ value: ParameterValue) -> Self {
    Self(channels: channels, name: name, params: params.merging([key: value]) { _, new in new })
  }

  func adding(_ warning: TransformWarning) -> Self {
    var warnings: [ParameterValue] = []
    if case .array(let earlier)? = params["warnings"] { warnings = earlier }
    return adding("warnings", .array(warnings + [warning.parameter]))
  }
}

// MARK: - Percentiles

extension VOISelection {
  /// Series percentiles where they were measured for this range, else those of the frame itself, with a warning.
  private static func percentiles(_ range: PercentileRange, _ context: VOIContext, because reason: String) -> Self {
    var params: [String: ParameterValue] = [
      "source": "percentiles", "because": .string(reason), "lower_percentile": .number(range.lower),
      "upper_percentile": .number(range.upper), "method": "nearest-rank",
    ]
    if range.scope == .series, let series = context.series, series.range == range {
      params["scope"] = "series"
      params["series_instance_uid"] = .string(series.seriesInstanceUID.value)
      params["frames"] = .integer(series.frameCount)
      params["pixels"] = .integer(series.pixelCount)
      params["dropped_bits"] = .integer(series.droppedBits)
      return linear(params, low: series.low, high: series.high)
    }
    params["scope"] = "frame"
    let (low, high) = (context.percentile(range.lower) ?? 0, context.percentile(range.upper) ?? 0)
    let selection = linear(params, low: low, high: high)
    guard range.scope == .series else { return selection }
    return selection.adding(
      TransformWarning(.seriesUnknown, "no values of the series: percentiles of this frame alone"))
  }

  private static func linear(_ params: [String: ParameterValue], low: Double, high: Double) -> Self {
    Self(
      channels: [.range(min: low, max: high)], name: "voi-percentiles",
      params: params.merging(
        ["min": .number(low), "max": .number(high), "constant": .boolean(low == high)], uniquingKeysWith: { $1 }))
  }
}

extension VOIContext {
  var modalityName: String? { attributes.dataSet.string(.modality) }

  var instance: InstanceVOI { InstanceVOI(of: attributes, inputIsSigned: inputIsSigned) }

  /// Whether Rescale Type, Modality LUT Type or Units (0054,1001) says that modality values are in `unit`. Grams per
  /// millilitre are a body weight SUV unless SUV Type (0054,1006) says otherwise (PS3.3 C.8.9.1.1.3).
  fileprivate func states(unit: String) -> Bool {
    let dataSet = attributes.dataSet
    guard modality.unit == unit || dataSet.string(.units) == unit else { return false }
    return unit != "GML" || (dataSet.string(.suvType) ?? "BW") == "BW"
  }
}
