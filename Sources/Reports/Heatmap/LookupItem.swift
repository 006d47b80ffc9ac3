internal import DICOMCore

/// A lookup table of an image as a presentation state may have it.
enum LookupItem {
  /// The table with entries of 8 or 16 bits; a presentation state allows no others (PS3.3 C.11.1.1.1, C.11.8.1).
  ///
  /// - Parameter scaling: Whether the largest entry of 16 bits is to mean what the largest of the table's own bits did, as in a VOI
  ///   LUT; what comes out of a Modality LUT keeps its values.
  static func widened(_ item: DataSet, scaling: Bool) -> DataSet {
    guard var descriptor = item.integers(.lutDescriptor), descriptor.count == 3, (9...15).contains(descriptor[2]),
      let entries = entries(of: item)
    else { return item }
    let largest = (1 << descriptor[2]) - 1
    var result = item
    descriptor[2] = 16
    result.set(.lutDescriptor, item[.lutDescriptor]?.vr ?? .us, integers: descriptor)
    let wide = scaling ? entries.map { (min($0, largest) * 65_535 + largest / 2) / largest } : entries
    result.set(
      .lutData, .ow, bytes: wide.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    return result
  }

  private static func entries(of item: DataSet) -> [Int]? {
    switch item[.lutData]?.value {
    case .integers(let values)?: return values.map { $0 & 0xFFFF }
    case .bytes(let bytes)?:
      return stride(from: 0, to: bytes.count - 1, by: 2).map { Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8 }
    default: return nil
    }
  }
}
