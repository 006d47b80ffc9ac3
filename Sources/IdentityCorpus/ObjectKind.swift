internal import DICOMCore

/// A SOP Class with what its objects need to be taken for one.
enum ObjectKind: String, CaseIterable {
  case cr, dx, ct, mr, pt, us, mg, nm, xa, sc, enhancedCT, enhancedMR, segmentation, structureSet, plan, dose
  case presentationState, keyObjects, comprehensiveSR, basicTextSR, doseSR, waveform, rawData, pdf, multiframeSC,
    colourSC

  var sopClass: String { "1.2.840.10008.5.1.4.1.1." + arc }

  private var arc: String {
    switch self {
    case .cr: "1"
    case .dx: "1.1"
    case .mg: "1.2"
    case .ct: "2"
    case .enhancedCT: "2.1"
    case .mr: "4"
    case .enhancedMR: "4.1"
    case .us: "6.1"
    case .sc: "7"
    case .multiframeSC: "7.2"
    case .colourSC: "7.4"
    case .waveform: "9.1.1"
    case .presentationState: "11.1"
    case .xa: "12.1"
    case .nm: "20"
    case .rawData: "66"
    case .segmentation: "66.4"
    case .basicTextSR: "88.11"
    case .comprehensiveSR: "88.33"
    case .keyObjects: "88.59"
    case .doseSR: "88.67"
    case .pdf: "104.1"
    case .pt: "128"
    case .dose: "481.2"
    case .structureSet: "481.3"
    case .plan: "481.5"
    }
  }

  var modality: String {
    switch self {
    case .cr, .dx, .ct, .mr, .pt, .us, .mg, .nm, .xa: rawValue.uppercased()
    case .enhancedCT: "CT"
    case .enhancedMR: "MR"
    case .sc, .multiframeSC, .colourSC, .rawData: "OT"
    case .segmentation: "SEG"
    case .structureSet: "RTSTRUCT"
    case .plan: "RTPLAN"
    case .dose: "RTDOSE"
    case .presentationState: "PR"
    case .keyObjects: "KO"
    case .comprehensiveSR, .basicTextSR, .doseSR: "SR"
    case .waveform: "ECG"
    case .pdf: "DOC"
    }
  }

  var hasPixels: Bool {
    switch self {
    case .structureSet, .plan, .presentationState, .keyObjects, .comprehensiveSR, .basicTextSR, .doseSR, .waveform,
      .rawData, .pdf:
      false
    default: true
    }
  }

  /// SOP Class and Modality, and pixels without anything in them.
  func dataSet() -> Draft {
    var dataSet = Draft()
    dataSet.set(0x0008_0016, "UI", sopClass)
    dataSet.set(0x0008_0060, "CS", modality)
    guard hasPixels else { return dataSet }
    dataSet.setPixels(rows: 16, columns: 16, bits: (16, 12), samples: [UInt8](repeating: 7, count: 512))
    return dataSet
  }
}

extension Draft {
  /// Image Pixel Module of one grey frame, native, or several.
  mutating func setPixels(
    rows: Int, columns: Int, bits: (allocated: Int, stored: Int), samples: [UInt8], photometric: String = "MONOCHROME2",
    samplesPerPixel: Int = 1
  ) {
    set(0x0028_0002, words: [samplesPerPixel])
    set(0x0028_0004, "CS", photometric)
    if samplesPerPixel > 1 { set(0x0028_0006, words: [0]) }
    set(0x0028_0010, words: [rows])
    set(0x0028_0011, words: [columns])
    set(0x0028_0100, words: [bits.allocated])
    set(0x0028_0101, words: [bits.stored])
    set(0x0028_0102, words: [bits.stored - 1])
    set(0x0028_0103, words: [0])
    set(0x7FE0_0010, bits.allocated > 8 ? "OW" : "OB", bytes: samples)
  }
}
