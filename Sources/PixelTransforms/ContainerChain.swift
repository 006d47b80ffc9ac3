internal import DICOMCore

/// The container's operations on the values of a frame, each recorded as it is applied.
///
/// Values are kept in double precision for every code that could occur; ranges are those of the codes that do.
struct ContainerChain: Sendable {
  /// The NumPy type that the container holds the values in at this point.
  enum Sample: Sendable, Equatable {
    case unsigned(bits: Int)
    case signed(bits: Int)
    case double

    init(bits: Int, isSigned: Bool) { self = isSigned ? .signed(bits: bits) : .unsigned(bits: bits) }

    var range: ClosedRange<Double> {
      switch self {
      case .unsigned(let bits): 0...Double((1 << bits) - 1)
      case .signed(let bits): -Double(1 << (bits - 1))...Double((1 << (bits - 1)) - 1)
      case .double: -Double.infinity...Double.infinity
      }
    }
  }

  private(set) var values: [Double]
  private let isUsed: [Bool]
  private var type: Sample
  private let storedType: Sample
  /// The record: what to do with a stored value, in order.
  private(set) var operations: [ParameterValue] = []
  /// Center, width and where they come from, for the record.
  private(set) var window: [String: ParameterValue] = [:]

  init(values: [Double], isUsed: [Bool], type: Sample) {
    (self.values, self.isUsed, self.type, storedType) = (values, isUsed, type, type)
  }

  /// CR and DX.
  mutating func applyRadiograph(_ attributes: DataSet, format: ImageFormat) throws(PixelTransformError) {
    if let item = attributes.items(.modalityLUTSequence).first {
      try applyLookup(LookupTable(in: item, inputIsSigned: format.isSigned))
    } else if attributes.contains(.rescaleSlope), attributes.contains(.rescaleIntercept) {
      try applyRescale(attributes)
    }
    if let (center, width) = try Self.window(of: attributes) {
      applyWindow(center: center, width: width, from: "dicom")
    }
    if type == .double { try truncate() }
    stretch()
  }

  /// CT: without a window of the instance, center 100 and width 2500.
  mutating func applyComputedTomography(_ attributes: DataSet) throws(PixelTransformError) {
    switch (attributes.contains(.rescaleSlope), attributes.contains(.rescaleIntercept)) {
    case (true, true): try applyRescale(attributes)
    case (false, false): break
    default: throw .googleContainer(.incompleteRescale)
    }
    if let (center, width) = try Self.window(of: attributes) {
      applyWindow(center: center, width: width, from: "dicom")
    } else {
      applyWindow(center: 100, width: 2500, from: "default")
    }
  }

  /// The window of the data set itself; `nil` unless both attributes are there.
  private static func window(of attributes: DataSet) throws(PixelTransformError) -> (center: Double, width: Double)? {
    guard attributes.contains(.windowCenter), attributes.contains(.windowWidth) else { return nil }
    let center = try attributes.firstNumber(.windowCenter)
    let width = try attributes.firstNumber(.windowWidth)
    let counts = (attributes.valueCount(.windowCenter), attributes.valueCount(.windowWidth))
    guard let center, let width, counts.0 <= 1, counts.1 <= 1 else {
      throw .googleContainer(.windowValues(center: counts.0, width: counts.1))
    }
    guard width >= 0 else { throw .googleContainer(.windowWidth(width)) }
    return (center, width)
  }

  private mutating func applyRescale(_ attributes: DataSet) throws(PixelTransformError) {
    guard let slope = try attributes.firstNumber(.rescaleSlope) else { throw .malformedAttribute(.rescaleSlope) }
    guard let intercept = try attributes.firstNumber(.rescaleIntercept) else {
      throw .malformedAttribute(.rescaleIntercept)
    }
    values = values.map { $0 * slope + intercept }
    guard values.allSatisfy(\.isFinite) else { throw .modalityValueNotFinite }
    type = .double
    record("rescale", ["slope": .number(slope), "intercept": .number(intercept)])
  }

  private mutating func applyLookup(_ table: LookupTable) throws(PixelTransformError) {
    guard table.bits == 8 || table.bits == 16 else { throw .googleContainer(.modalityLUTBits(table.bits)) }
    values = values.map { Double(table.entry(for: $0)) }
    type = .unsigned(bits: table.bits)
    record("modality-lut", table.parameters)
  }

  /// `center ± ⌊width / 2⌋` to 16 bits, rounded to nearest, a half to the even one.
  private mutating func applyWindow(center: Double, width: Double, from source: String) {
    let half = (width / 2).rounded(.down)
    let (low, high) = (center - half, center + half)
    values = values.map { Self.line(min(high, max(low, $0)), low, high, 65535).rounded(.toNearestOrEven) }
    type = .unsigned(bits: 16)
    window = ["center": .number(center), "width": .number(width), "window": .string(source)]
    record("window", ["low": .number(low), "high": .number(high), "maximum": 65535])
  }

  /// Back to the stored type, towards zero.
  private mutating func truncate() throws(PixelTransformError) {
    values = values.map { $0.rounded(.towardZero) }
    let range = storedType.range
    guard used.allSatisfy(range.contains) else { throw .googleContainer(.valueOutsideType) }
    type = storedType
    record("truncate")
  }

  /// To the whole range of the type, cut to integers; unsigned 8 bits stay as they are.
  private mutating func stretch() {
    guard type != .unsigned(bits: 8), let least = used.min(), let greatest = used.max() else { return }
    var (low, high) = (least, greatest)
    if case .signed(let bits) = type {
      values = values.map { $0 - least }
      (low, high, type) = (0, greatest - least, .unsigned(bits: bits))
      record("shift", ["by": .number(-least)])
    }
    let maximum = type.range.upperBound
    values = values.map { Self.line(min(high, max(low, $0)), low, high, maximum).rounded(.down) }
    record("stretch", ["low": .number(low), "high": .number(high), "maximum": .number(maximum)])
  }

  mutating func invert() {
    let maximum = type.range.upperBound
    values = values.map { maximum - $0 }
    record("invert", ["maximum": .number(maximum)])
  }

  /// Display values in float32.
  ///
  /// - Throws: A negative value that occurs, which the image processor refuses.
  mutating func scaled() throws(PixelTransformError) -> [Float] {
    guard used.allSatisfy({ $0 >= 0 }) else { throw .googleContainer(.valueOutsideType) }
    let maximum = type.range.upperBound
    record("divide", ["by": .number(maximum)])
    return values.map { Float($0) / Float(maximum) }
  }

  /// From `low...high` to `0...maximum`; the whole of an empty range is its upper end, as `numpy.interp` has it.
  private static func line(_ x: Double, _ low: Double, _ high: Double, _ maximum: Double) -> Double {
    x >= high ? maximum : maximum / (high - low) * (x - low)
  }

  private var used: [Double] { values.indices.lazy.filter { isUsed[$0] }.map { values[$0] } }

  private mutating func record(_ operation: String, _ params: [String: ParameterValue] = [:]) {
    operations.append(.object(params.merging(["operation": .string(operation)]) { first, _ in first }))
  }
}
