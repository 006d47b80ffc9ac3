internal import DICOMCore

/// From modality values to display values in `0...1` (PS3.3 C.11.2).
enum VOITransform: Sendable, Equatable {
  /// A VOI LUT; display value = entry / (2^bits − 1).
  case lookup(LookupTable)
  case window(VOIWindow)
  /// From the smallest to the greatest value; a constant image is 0 everywhere.
  case range(min: Double, max: Double)

  /// Always in `0...1`, also where extreme values make the arithmetic overflow.
  func displayValue(of x: Double) -> Double {
    let value =
      switch self {
      case .lookup(let table): Double(table.entry(for: x)) / Double(table.maximum)
      case .window(let window): window.displayValue(of: x)
      case .range(let low, let high): high > low ? (x - low) / (high - low) : 0
      }
    return value > 0 ? min(1, value) : 0
  }

  func clips(_ x: Double) -> Clipping? {
    switch self {
    case .lookup(let table): table.clamps(x)
    case .window(let window): window.clips(x)
    case .range: nil
    }
  }
}

/// The VOI transformation chosen for a frame: one for each channel, and what the record says of it.
struct VOISelection: Sendable {
  /// One, or three for a window of three channels.
  let channels: [VOITransform]
  /// The name of the step in the record.
  let name: String
  let params: [String: ParameterValue]
}

/// What choosing a VOI transformation depends on.
struct VOIContext: Sendable {
  let attributes: FrameAttributes
  let modality: Modality
  /// The modality values of the frame, padding left out; `nil` when the frame is padding only.
  let range: ClosedRange<Double>?
  /// Whether an input of a VOI LUT may be negative, which makes its first value mapped signed (PS3.3 C.11.2.1.1).
  let inputIsSigned: Bool
}

extension VOISelection {
  init(_ choice: WindowChoice, in context: VOIContext) throws(PixelTransformError) {
    switch choice {
    case .automatic: self = try .automatic(context)
    case .file: self = try .file(context)
    case .named(let window): self = try .named(window, context)
    case .minMax: self = .minMax(context, because: "requested")
    }
  }

  private static func automatic(_ context: VOIContext) throws(PixelTransformError) -> Self {
    guard context.attributes.dataSet.string(.modality) == "CT" else { return try file(context) }
    guard context.modality.hounsfield != .impossible else {
      return try file(context).adding("warning", "CT without Hounsfield units: three-window default not applied")
    }
    return try named(.ctMedSigLIP, context).adding("because", "default for CT")
  }

  private static func file(_ context: VOIContext) throws(PixelTransformError) -> Self {
    let (item, origin) = context.attributes.voi
    let center = try item.firstNumber(.windowCenter)
    let width = try item.firstNumber(.windowWidth)
    if let lookup = item.items(.voilutSequence).first {
      let table = try LookupTable(in: lookup, inputIsSigned: context.inputIsSigned)
      let params: [String: ParameterValue] = [
        "source": "dicom", "origin": .string(origin.rawValue), "index": 0,
        "window_ignored": .boolean(center != nil && width != nil),
      ]
      return Self(
        channels: [.lookup(table)], name: "voi-lut", params: params.merging(table.parameters) { first, _ in first })
    }
    guard let center, let width else {
      let isIncomplete = center != nil || width != nil
      return minMax(context, because: isIncomplete ? "window incomplete in the instance" : "no window in the instance")
    }
    let window = VOIWindow(center: center, width: width, function: try function(of: item))
    try window.check()
    return Self(
      channels: [.window(window)], name: "voi-window",
      params: [
        "source": "dicom", "origin": .string(origin.rawValue), "index": 0,
        "available": .integer(min(item.textValueCount(.windowCenter), item.textValueCount(.windowWidth))),
      ])
  }

  /// VOI LUT Function, LINEAR when absent (PS3.3 C.11.2.1.3).
  private static func function(of item: DataSet) throws(PixelTransformError) -> VOILUTFunction {
    guard let text = item.string(.voilutFunction) else { return .linear }
    guard let function = VOILUTFunction(rawValue: text) else { throw .unknownVOILUTFunction }
    return function
  }

  private static func named(_ window: NamedWindow, _ context: VOIContext) throws(PixelTransformError) -> Self {
    let modality = context.attributes.dataSet.string(.modality)
    guard let modality, window.modalities.contains(modality) else {
      throw .windowNotForModality(window: window.name, modalities: window.modalities)
    }
    guard window.channels.count == 1 || window.channels.count == 3 else {
      throw .windowChannelCount(window: window.name, found: window.channels.count)
    }
    for channel in window.channels { try channel.check() }
    let selection = Self(
      channels: window.channels.map { .window($0) }, name: "voi-window",
      params: ["source": "named", "name": .string(window.name), "unit": .string(window.unit)])
    guard window.unit == "HU" else { return selection }
    switch context.modality.hounsfield {
    case .stated: return selection
    case .assumed(let reason): return selection.adding("warning", "Hounsfield units assumed: \(reason)")
    case .impossible: return selection.adding("warning", "not in Hounsfield units: 8-bit values without rescale")
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

  private func adding(_ key: String, _ text: String) -> Self {
    Self(channels: channels, name: name, params: params.merging([key: .string(text)]) { _, new in new })
  }
}
