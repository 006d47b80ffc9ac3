import DICOMCore

/// One object out of every combination of what leads from stored to display values.
struct LUTCombination: Sendable, Hashable {
  enum ModalityStep: String, CaseIterable { case none, rescale, fraction, lookup }
  enum VOIStep: String, CaseIterable { case none, linear, exact, sigmoid, lookup, both }
  enum Padding: String, CaseIterable { case none, value, range }

  let modality: ModalityStep
  let voi: VOIStep
  let interpretation: PhotometricInterpretation
  /// Presentation LUT Shape; empty for none.
  let shape: String
  let bits: Int
  let isSigned: Bool
  let padding: Padding

  /// Every Modality LUT with every VOI LUT, signedness, width and padding, for both photometric interpretations; the
  /// polarities that Presentation LUT Shape adds with 12 bits alone.
  static let all: [LUTCombination] = ModalityStep.allCases.flatMap { modality in
    VOIStep.allCases.flatMap { voi in
      [false, true].flatMap { isSigned in
        forms.map { form in
          LUTCombination(
            modality: modality, voi: voi, interpretation: form.interpretation, shape: form.shape, bits: form.bits,
            isSigned: isSigned, padding: form.padding)
        }
      }
    }
  }

  private typealias Form = (interpretation: PhotometricInterpretation, shape: String, bits: Int, padding: Padding)

  private static let forms: [Form] = {
    let interpretations: [PhotometricInterpretation] = [.monochrome1, .monochrome2]
    return interpretations.flatMap { interpretation -> [Form] in
      let plain = [8, 12, 16].flatMap { bits in
        Padding.allCases.map { padding -> Form in (interpretation, "", bits, padding) }
      }
      let shaped = ["INVERSE", "IDENTITY"].flatMap { shape in
        [Padding.none, .value].map { padding -> Form in (interpretation, shape, 12, padding) }
      }
      return plain + shaped
    }
  }()

  var name: String {
    let signedness = isSigned ? "signed" : "unsigned"
    let polarity = interpretation.rawValue.suffix(1) + (shape.isEmpty ? "" : "-\(shape)")
    return "\(modality)_\(voi)_\(polarity)_\(signedness)-\(bits)_padding-\(padding)"
  }

  // MARK: The object

  static let side = 32

  private var lowest: Int { isSigned ? -(1 << (bits - 1)) : 0 }
  private var highest: Int { lowest + (1 << bits) - 1 }

  /// A ramp over every stored value that fits, the ends included, and then noise.
  var frame: StoredFrame {
    let count = Self.side * Self.side
    let stored = (0..<count).map { index in
      index < count / 2
        ? lowest + (highest - lowest) * index / (count / 2 - 1) : lowest + Samples.noise(index, below: 1 << bits)
    }
    return Samples.gray(
      stored, rows: Self.side, interpretation: interpretation, allocated: bits == 8 ? 8 : 16, stored: bits,
      signed: isSigned)
  }

  var dataSet: DataSet {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .secondaryCaptureImageStorage)
    dataSet.set(.sopInstanceUID, UID.derived("test", [name]))
    dataSet.set(.modality, .cs, "OT")
    if !shape.isEmpty { dataSet.set(.presentationLUTShape, .cs, shape) }
    setModality(&dataSet)
    setVOI(&dataSet)
    setPadding(&dataSet)
    return dataSet
  }

  /// The modality values of the lowest and the highest stored value.
  private var modalityRange: (low: Double, high: Double) {
    switch modality {
    case .none: (Double(lowest), Double(highest))
    case .rescale: (Double(2 * lowest - 1000), Double(2 * highest - 1000))
    case .fraction: (0.375 * Double(lowest) - 12.25, 0.375 * Double(highest) - 12.25)
    case .lookup: (0, 65535)
    }
  }

  private var voiEntryCount: Int { 100 + Int(min(2000, 0.5 * (modalityRange.high - modalityRange.low))) }

  /// How much of the display range one unit of modality values is.
  var unit: Double {
    switch voi {
    case .none: 1 / (modalityRange.high - modalityRange.low)
    case .linear, .exact, .sigmoid: 1 / (dataSet.double(.windowWidth) ?? 1)
    case .lookup, .both: 1 / Double(voiEntryCount - 1)
    }
  }

  private func setModality(_ dataSet: inout DataSet) {
    switch modality {
    case .none: break
    case .rescale, .fraction:
      dataSet.set(.rescaleSlope, .ds, modality == .rescale ? "2" : "0.375")
      dataSet.set(.rescaleIntercept, .ds, modality == .rescale ? "-1000" : "-12.25")
      dataSet.set(.rescaleType, .lo, "US")
    case .lookup:
      // From a quarter of the stored range on, so that values lie below, within and above the table.
      let (first, count) = (lowest + (1 << bits) / 4, min(1000, 1 << (bits - 1)))
      var item = Samples.lookup(
        [count, first, 16], (0..<count).map { ($0 * 65535 / (count - 1) + $0 * $0) & 0xFFFF }, vr: first < 0 ? .ss : .us
      )
      item.set(.modalityLUTType, .lo, "US")
      dataSet.set(.modalityLUTSequence, items: [item])
    }
  }

  private func setVOI(_ dataSet: inout DataSet) {
    let (low, high) = modalityRange
    if voi != .none && voi != .lookup {
      dataSet.set(.windowCenter, .ds, "\((low + 0.45 * (high - low)).rounded())")
      dataSet.set(.windowWidth, .ds, "\((0.6 * (high - low)).rounded())")
      if voi == .exact { dataSet.set(.voilutFunction, .cs, "LINEAR_EXACT") }
      if voi == .sigmoid { dataSet.set(.voilutFunction, .cs, "SIGMOID") }
    }
    guard voi == .lookup || voi == .both else { return }
    let first = Int(max(-30000, min(30000, low + 0.2 * (high - low))).rounded())
    let count = voiEntryCount
    dataSet.set(
      .voilutSequence,
      items: [
        Samples.lookup([count, first, 12], (0..<count).map { $0 * 4095 / (count - 1) }, vr: first < 0 ? .ss : .us)
      ])
  }

  private func setPadding(_ dataSet: inout DataSet) {
    guard padding != .none else { return }
    let vr: VR = isSigned ? .ss : .us
    dataSet.set(.pixelPaddingValue, vr, integers: [lowest])
    if padding == .range { dataSet.set(.pixelPaddingRangeLimit, vr, integers: [lowest + (1 << bits) / 20]) }
  }
}
