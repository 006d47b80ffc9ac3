internal import DICOMCore

/// Pixel Padding Value and Pixel Padding Range Limit: stored values that stand for no measurement (PS3.3 C.7.5.1.1.2).
struct PixelPadding: Sendable, Equatable {
  /// Inclusive, in stored values.
  let range: ClosedRange<Int>
  let hasRangeLimit: Bool

  /// `nil` when the data set states no padding value.
  ///
  /// Either attribute may have the VR of the other signedness; the bits are then read as Pixel Representation says.
  init?(in dataSet: DataSet, isSigned: Bool) throws(PixelTransformError) {
    func value(_ tag: Tag) throws(PixelTransformError) -> Int? {
      guard let number = try dataSet.firstNumber(tag) else { return nil }
      guard let value = Int(exactly: number), (-32768...65535).contains(value) else { throw .malformedAttribute(tag) }
      return isSigned && value > 0x7FFF ? value - 0x10000 : !isSigned && value < 0 ? value + 0x10000 : value
    }
    guard let first = try value(.pixelPaddingValue) else { return nil }
    let limit = try value(.pixelPaddingRangeLimit)
    range = min(first, limit ?? first)...max(first, limit ?? first)
    hasRangeLimit = limit != nil
  }
}
