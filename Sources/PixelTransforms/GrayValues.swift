internal import DICOMCore

/// The different stored values of a grey frame, how often each occurs, and what each becomes.
struct GrayValues: Sendable {
  let stored: StoredCodes
  let modality: Modality
  let padding: PixelPadding?
  /// The modality value of each code.
  private let values: [Double]
  private let counts: [Int]
  private let isPadding: [Bool]
  /// The codes that occur and are no padding.
  private let image: [Int]

  init(of frame: StoredFrame, attributes: FrameAttributes) throws(PixelTransformError) {
    let stored = try StoredCodes(of: frame)
    let padding = try PixelPadding(in: attributes.dataSet, isSigned: frame.format.isSigned)
    let modality = try Modality(of: attributes, format: frame.format)
    let counts = stored.counts()
    let isPadding = stored.values.map { padding?.range.contains($0) ?? false }
    values = stored.values.map { modality.transform.modalityValue(of: $0) }
    guard values.allSatisfy(\.isFinite) else { throw .modalityValueNotFinite }
    image = counts.indices.filter { counts[$0] > 0 && !isPadding[$0] }
    (self.stored, self.modality, self.padding) = (stored, modality, padding)
    (self.counts, self.isPadding) = (counts, isPadding)
  }

  /// From the smallest to the greatest modality value of the image; `nil` when the frame is padding only.
  var range: ClosedRange<Double>? {
    guard let first = image.first else { return nil }
    return image.reduce(values[first]...values[first]) {
      min($0.lowerBound, values[$1])...max($0.upperBound, values[$1])
    }
  }

  /// How often each modality value of the image occurs.
  var histogram: ValueHistogram {
    var histogram = ValueHistogram()
    for code in image { histogram.add(values[code], occurrences: counts[code]) }
    return histogram
  }

  /// Whether a stored value, occurring or not, may become a negative modality value.
  var mayBeNegative: Bool { values.contains { $0 < 0 } }

  var paddingPixelCount: Int { counts.indices.reduce(0) { isPadding[$1] ? $0 + counts[$1] : $0 } }

  /// The display value of each code, and the one that padding takes: the darkest of the image itself, so that padding
  /// adds no contrast of its own.
  func displayTable(_ transform: VOITransform, _ polarity: DisplayPolarity) -> (table: [Float], padding: Float) {
    var table = values.map { Float(polarity.apply(to: transform.displayValue(of: $0))) }
    let darkest = image.lazy.map { table[$0] }.min() ?? 0
    for code in table.indices where isPadding[code] { table[code] = darkest }
    return (table, darkest)
  }

  /// Pixels of the image that the transformation cuts off.
  func clipped(by transform: VOITransform) -> (below: Int, above: Int) {
    var (below, above) = (0, 0)
    for code in image {
      switch transform.clips(values[code]) {
      case .below?: below += counts[code]
      case .above?: above += counts[code]
      case nil: break
      }
    }
    return (below, above)
  }
}
