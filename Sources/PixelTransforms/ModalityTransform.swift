internal import DICOMCore

/// From stored to modality values (PS3.3 C.11.1): a lookup table, a line, or nothing.
enum ModalityTransform: Sendable, Equatable {
  case lookup(LookupTable)
  case rescale(slope: Double, intercept: Double)
  case identity

  func modalityValue(of stored: Int) -> Double {
    switch self {
    case .lookup(let table): Double(table.entry(for: Double(stored)))
    case .rescale(let slope, let intercept): Double(stored) * slope + intercept
    case .identity: Double(stored)
    }
  }
}

/// The modality transformation of a frame with what is known about its unit.
struct Modality: Sendable {
  let transform: ModalityTransform
  let step: ProcessingStep
  let hounsfield: HounsfieldEvidence
  /// Rescale Type or Modality LUT Type, where it is a defined term.
  let unit: String?

  /// Whether modality values are in Hounsfield units.
  enum HounsfieldEvidence: Sendable, Equatable {
    /// Rescale Type says so, or it is absent, which for CT means HU (PS3.3 C.8.2.1).
    case stated
    /// Nothing contradicts it; the reason goes into the record.
    case assumed(String)
    /// Eight unsigned bits and no rescale: a picture of a CT image, not CT numbers.
    case impossible
  }

  init(of attributes: FrameAttributes, format: ImageFormat) throws(PixelTransformError) {
    guard let item = attributes.dataSet.items(.modalityLUTSequence).first else {
      self = try Self(rescaleOf: attributes, format: format)
      return
    }
    guard !attributes.statesLogarithmicXRay else {
      transform = .identity
      step = ProcessingStep("modality-identity", ["not_applied": "modality-lut-sequence of a logarithmic x-ray image"])
      hounsfield = .assumed("no rescale")
      unit = nil
      return
    }
    self = try Self(lookup: item, format: format)
  }

  private init(rescaleOf attributes: FrameAttributes, format: ImageFormat) throws(PixelTransformError) {
    let (item, origin) = attributes.modality
    let slope = try item.firstNumber(.rescaleSlope)
    let intercept = try item.firstNumber(.rescaleIntercept)
    guard slope != nil || intercept != nil else {
      transform = .identity
      step = ProcessingStep("modality-identity")
      let isPicture = !format.isSigned && format.bitsStored <= 8
      hounsfield = isPicture ? .impossible : .assumed("no rescale")
      unit = nil
      return
    }
    guard slope != 0 else { throw .rescaleSlopeZero }
    var params: [String: ParameterValue] = [
      "slope": .number(slope ?? 1), "intercept": .number(intercept ?? 0), "origin": .string(origin.rawValue),
    ]
    let type = item.string(.rescaleType)
    let unit = type.flatMap { Self.recordedTypes.contains($0) ? $0 : nil }
    params["type"] = type.map { _ in .string(unit ?? "other") }
    self.unit = unit
    params["assumed"] = slope == nil ? "slope" : intercept == nil ? "intercept" : nil
    transform = .rescale(slope: slope ?? 1, intercept: intercept ?? 0)
    step = ProcessingStep("modality-rescale", params)
    hounsfield = type.map(Self.hounsfieldTypes.contains) ?? true ? .stated : .assumed("rescale type is not HU")
  }

  private init(lookup item: DataSet, format: ImageFormat) throws(PixelTransformError) {
    let table = try LookupTable(in: item, inputIsSigned: format.isSigned)
    let type = item.string(.modalityLUTType)
    var params = table.parameters
    let unit = type.flatMap { Self.recordedTypes.contains($0) ? $0 : nil }
    params["type"] = type.map { _ in .string(unit ?? "other") }
    self.unit = unit
    transform = .lookup(table)
    step = ProcessingStep("modality-lut", params)
    hounsfield = Self.hounsfieldTypes.contains(type ?? "") ? .stated : .assumed("modality LUT type is not HU")
  }

  private static let hounsfieldTypes: Set<String> = ["HU", "HU_MOD"]

  /// The defined terms of Rescale Type (PS3.3 C.11.1.1.2) and Units (C.8.9.1.1.3); other text stays out of records.
  private static let recordedTypes: Set<String> = [
    "OD", "HU", "US", "MGML", "Z_EFF", "ED", "EDW", "HU_MOD", "PCT", "CNTS", "NONE", "CM2", "CM2ML", "PCNT", "CPS",
    "BQML", "MGMINML", "UMOLMINML", "MLMING", "MLG", "1CM", "UMOLML", "PROPCNTS", "PROPCPS", "MLMINML", "MLML", "GML",
    "STDDEV", "SUV",
  ]
}

extension FrameAttributes {
  /// XA and XRF images with a LOG relationship: their Modality LUT leads back to linear x-ray intensity and is not for
  /// display (PS3.3 C.8.7.1.1.2).
  fileprivate var statesLogarithmicXRay: Bool {
    let sopClass = dataSet.uid(.sopClassUID)
    return (sopClass == .xRayAngiographicImageStorage || sopClass == .xRayRadiofluoroscopicImageStorage)
      && dataSet.string(.pixelIntensityRelationship) == "LOG"
  }
}

extension LookupTable {
  /// Descriptor and digest, as a record has them.
  var parameters: [String: ParameterValue] {
    [
      "entries": .integer(entries.count), "first_mapped": .integer(firstMapped), "bits": .integer(bits),
      "lut_digest": .string(digest.description),
    ]
  }
}
