internal import DICOMCore

/// Pixel Padding Value and Pixel Padding Range Limit, or their floating point forms: stored values that stand for no
/// measurement (PS3.3 C.7.5.1.1.2, C.7.6.24, C.7.6.25).
struct PixelPadding: Sendable, Equatable {
  /// Inclusive, in stored values.
  let range: ClosedRange<Double>
  let hasRangeLimit: Bool

  /// `nil` when the data set states no padding value.
  init?(in dataSet: DataSet, format: ImageFormat) throws(PixelTransformError) {
    let value: (tag: Tag, limit: Tag)
    switch (format.isFloat, format.bitsAllocated) {
    case (false, _): value = (.pixelPaddingValue, .pixelPaddingRangeLimit)
    case (true, 32): value = (.floatPixelPaddingValue, .floatPixelPaddingRangeLimit)
    default: value = (.doubleFloatPixelPaddingValue, .doubleFloatPixelPaddingRangeLimit)
    }
    guard let first = try Self.number(value.tag, in: dataSet, format) else { return nil }
    let limit = try Self.number(value.limit, in: dataSet, format)
    range = min(first, limit ?? first)...max(first, limit ?? first)
    hasRangeLimit = limit != nil
  }

  /// Either attribute of integers may have the VR of the other signedness; the bits are then read as Pixel Representation
  /// says.
  private static func number(
    _ tag: Tag, in dataSet: DataSet, _ format: ImageFormat
  ) throws(PixelTransformError) -> Double? {
    guard let number = try dataSet.firstNumber(tag), !format.isFloat else { return try dataSet.firstNumber(tag) }
    guard let value = Int(exactly: number), (-32768...65535).contains(value) else { throw .malformedAttribute(tag) }
    if format.isSigned, value > 0x7FFF { return Double(value - 0x10000) }
    return Double(!format.isSigned && value < 0 ? value + 0x10000 : value)
  }
}
