internal import DICOMCore

/// From modality values to display values in `0...1` (PS3.3 C.11.2).
enum VOITransform: Sendable, Equatable {
  /// A VOI LUT; display value = entry / (2^bits − 1).
  case lookup(LookupTable)
  case window(VOIWindow)
  /// Linear from `min`, which is 0, to `max`, which is 1; where they are equal, 0 everywhere.
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
    case .range(let low, let high): x < low ? .below : x > high ? .above : nil
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
  /// The modality value at a percentile of the frame, padding left out; `nil` when the frame is padding only.
  let percentile: @Sendable (Double) -> Double?
  /// Percentiles of the frame's series, where they were measured.
  let series: SeriesPercentiles?
}
