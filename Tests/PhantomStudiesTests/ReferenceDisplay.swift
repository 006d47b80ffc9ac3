import DICOMCore
import Testing

/// A slow way from stored to display values, straight from PS3.3 C.11, for grayscale images.
enum ReferenceDisplay {
  /// 0 (black) ... 1 (white), row by row.
  static func values(of frame: StoredFrame, _ dataSet: DataSet) throws -> [Double] {
    let modality = try modalityTransform(dataSet)
    let voi = try voiTransform(dataSet)
    let inverted = frame.format.photometricInterpretation == .monochrome1
    return frame.storedValues().map { stored in
      let shown = voi(modality(Double(stored)))
      return inverted ? 1 - shown : shown
    }
  }

  private static func modalityTransform(_ dataSet: DataSet) throws -> (Double) -> Double {
    if let item = dataSet.items(.modalityLUTSequence).first { return try table(item).value }
    let slope = dataSet.double(.rescaleSlope) ?? 1
    let intercept = dataSet.double(.rescaleIntercept) ?? 0
    return { $0 * slope + intercept }
  }

  private static func voiTransform(_ dataSet: DataSet) throws -> (Double) -> Double {
    if let item = dataSet.items(.voilutSequence).first {
      let (value, bits) = try table(item)
      return { value($0) / Double((1 << bits) - 1) }
    }
    let center = try #require(dataSet.double(.windowCenter))
    let width = try #require(dataSet.double(.windowWidth))
    switch dataSet.string(.voilutFunction) ?? "LINEAR" {
    case "SIGMOID": return { 1 / (1 + exponential(-4 * ($0 - center) / width)) }
    case "LINEAR_EXACT": return { min(max(($0 - center) / width + 0.5, 0), 1) }
    default: return { min(max(($0 - (center - 0.5)) / (width - 1) + 0.5, 0), 1) }
    }
  }

  private static func table(_ item: DataSet) throws -> (value: (Double) -> Double, bits: Int) {
    let descriptor = try #require(item.integers(.lutDescriptor))
    let bytes = try #require(item.bytes(.lutData))
    let entries = stride(from: 0, to: bytes.count, by: 2).map { Double(Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8) }
    #expect(entries.count == (descriptor[0] == 0 ? 65536 : descriptor[0]))
    return ({ entries[min(max(Int($0) - descriptor[1], 0), entries.count - 1)] }, descriptor[2])
  }

  /// The series, with the argument halved until it converges fast.
  private static func exponential(_ x: Double) -> Double {
    if abs(x) > 0.5 {
      let half = exponential(x / 2)
      return half * half
    }
    var (sum, term) = (1.0, 1.0)
    for n in 1...16 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }
}
