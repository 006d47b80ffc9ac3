package import DICOMCore

/// A drawn radiograph as values that a DICOM file can be written from.
package struct EncodedImage: Sendable, Equatable {
  package var dataSet: DataSet
  package var frame: StoredFrame
  package var transferSyntax: UID
}

/// Turns signals into stored frames with the attributes that display them again.
enum RadiographEncoder {
  /// The samples of `signal` in the container that the form asks for.
  static func frame(of signal: Plane, _ scale: SampleScale) -> StoredFrame {
    let form = scale.form
    let format = ImageFormat(
      rows: signal.rows, columns: signal.columns,
      photometricInterpretation: form.isMonochrome1 ? .monochrome1 : .monochrome2,
      bitsAllocated: form.bitsStored > 8 ? 16 : 8, bitsStored: form.bitsStored)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(format.sampleCount * format.bytesPerSample)
    for value in signal.values {
      let sample = scale.sample(value)
      bytes.append(UInt8(truncatingIfNeeded: sample))
      if format.bytesPerSample > 1 { bytes.append(UInt8(truncatingIfNeeded: sample >> 8)) }
    }
    return StoredFrame(format: format, bytes: bytes)
  }

  /// Modality LUT and VOI LUT modules (PS3.3 C.11.1 and C.11.2).
  static func addTransforms(_ scale: SampleScale, to dataSet: inout DataSet) {
    switch scale.form.modalityTransform {
    case .identity where scale.form.modality == .dx: addRescale(1, 0, to: &dataSet)
    case .identity: break
    case .rescale(let slope, let intercept): addRescale(slope, intercept, to: &dataSet)
    case .lut:
      var item = lookupTable(scale.modalityTable, firstMapped: 0, bits: 16, explanation: "Companded samples")
      item.set(.modalityLUTType, .lo, "US")
      dataSet.set(.modalityLUTSequence, items: [item])
    }
    addWindow(scale, to: &dataSet)
  }

  private static func addRescale(_ slope: Double, _ intercept: Double, to dataSet: inout DataSet) {
    dataSet.set(.rescaleSlope, .ds, decimal(slope))
    dataSet.set(.rescaleIntercept, .ds, decimal(intercept))
    dataSet.set(.rescaleType, .lo, "US")
  }

  private static func addWindow(_ scale: SampleScale, to dataSet: inout DataSet) {
    let (low, high) = scale.windowInModalityUnits
    switch scale.form.voi {
    case .linear:
      // C.11.2.1.2.1: the display runs from c - 0.5 - (w - 1)/2 to c - 0.5 + (w - 1)/2.
      setWindow(center: (low + high) / 2 + 0.5, width: high - low + 1, function: nil, in: &dataSet)
    case .linearExact:
      setWindow(center: (low + high) / 2, width: high - low, function: "LINEAR_EXACT", in: &dataSet)
    case .sigmoid:
      setWindow(center: (low + high) / 2, width: high - low, function: "SIGMOID", in: &dataSet)
    case .lut:
      let (first, last) = (Int(low.rounded(.down)), Int(high.rounded(.up)))
      let table = (first...last).map { value in
        Int((min(max((Double(value) - low) / (high - low), 0), 1) * 4095).rounded())
      }
      dataSet.set(
        .voilutSequence,
        items: [lookupTable(table, firstMapped: first, bits: 12, explanation: "As sent by the station")])
    }
  }

  private static func setWindow(center: Double, width: Double, function: String?, in dataSet: inout DataSet) {
    dataSet.set(.windowCenter, .ds, decimal(center))
    dataSet.set(.windowWidth, .ds, decimal(width))
    dataSet.set(.windowCenterWidthExplanation, .lo, "Chest")
    if let function { dataSet.set(.voilutFunction, .cs, function) }
  }

  /// An item of a LUT sequence (C.11.1.1): a full table of 65536 entries is announced as 0.
  private static func lookupTable(_ entries: [Int], firstMapped: Int, bits: Int, explanation: String) -> DataSet {
    var item = DataSet()
    item.set(.lutDescriptor, .us, integers: [entries.count == 65536 ? 0 : entries.count, firstMapped, bits])
    item.set(.lutExplanation, .lo, explanation)
    item.set(.lutData, .ow, bytes: entries.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    return item
  }

  /// A DS value with at most three decimals.
  static func decimal(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let (whole, rest) = (abs(thousandths) / 1000, abs(thousandths) % 1000)
    var fraction = String(1000 + rest).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return (thousandths < 0 ? "-" : "") + String(whole) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
