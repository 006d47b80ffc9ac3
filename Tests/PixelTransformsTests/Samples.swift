import DICOMCore
import PixelTransforms

/// Small frames and data sets for tests.
enum Samples {
  /// A grey frame with `values` as stored values, in a container of `allocated` bits.
  static func gray(
    _ values: [Int], rows: Int = 1, interpretation: PhotometricInterpretation = .monochrome2, allocated: Int = 16,
    stored: Int? = nil, highBit: Int? = nil, signed: Bool = false
  ) -> StoredFrame {
    let format = ImageFormat(
      rows: rows, columns: values.count / rows, photometricInterpretation: interpretation, bitsAllocated: allocated,
      bitsStored: stored ?? allocated, highBit: highBit, isSigned: signed)
    let shift = format.highBit + 1 - format.bitsStored
    let mask = UInt64(1) << UInt64(format.bitsStored) - 1
    let bytes = values.flatMap { value -> [UInt8] in
      let bits = (UInt64(bitPattern: Int64(value)) & mask) << UInt64(shift)
      return (0..<format.bytesPerSample).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
    }
    return StoredFrame(format: format, bytes: bytes)
  }

  /// A colour frame of 8-bit samples, interleaved.
  static func color(_ samples: [UInt8], rows: Int = 1, interpretation: PhotometricInterpretation = .rgb) -> StoredFrame
  {
    StoredFrame(
      format: ImageFormat(
        rows: rows, columns: samples.count / 3 / rows, samplesPerPixel: 3, photometricInterpretation: interpretation,
        bitsAllocated: 8, bitsStored: 8),
      bytes: samples)
  }

  /// A data set with a window, and with a rescale when asked for.
  static func windowed(
    center: String, width: String, function: String? = nil, slope: String? = nil, intercept: String? = nil
  ) -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.windowCenter, .ds, strings: center.split(separator: "\\").map(String.init))
    dataSet.set(.windowWidth, .ds, strings: width.split(separator: "\\").map(String.init))
    if let function { dataSet.set(.voilutFunction, .cs, function) }
    if let slope { dataSet.set(.rescaleSlope, .ds, slope) }
    if let intercept { dataSet.set(.rescaleIntercept, .ds, intercept) }
    return dataSet
  }

  /// A LUT Sequence item.
  static func lookup(_ descriptor: [Int], _ entries: [Int], vr: VR = .us) -> DataSet {
    var item = DataSet()
    item.set(.lutDescriptor, vr, integers: descriptor)
    item.set(.lutData, .us, integers: entries)
    return item
  }

  /// Display values under the instance's own window.
  static func display(
    _ frame: StoredFrame, _ dataSet: DataSet = DataSet(), window: WindowChoice = .file, frameIndex: Int = 0
  ) throws(PixelTransformError) -> DisplayImage {
    try PixelPipeline(window: window, preset: .ownSize, size: 1)
      .displayImage(frame: frame, attributes: dataSet, frameIndex: frameIndex)
  }

  /// A number from 0 up to `limit` that depends on `index` alone and looks random.
  static func noise(_ index: Int, below limit: Int) -> Int {
    var state = UInt64(index) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
    state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((state ^ state >> 31) % UInt64(limit))
  }
}

extension [ProcessingStep] {
  /// The parameters of the first step of that name.
  func params(_ step: String) -> [String: ParameterValue]? { first { $0.step == step }?.params }
}

extension ParameterValue {
  /// The value as a number; JSON does not tell 1 from 1.0.
  var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  var text: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  var array: [ParameterValue]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  var object: [String: ParameterValue]? {
    guard case .object(let values) = self else { return nil }
    return values
  }
}
