internal import DICOMCore

extension ImageFormat {
  /// The largest frame that is decoded, in bytes of stored values.
  static let maximumFrameBytes = 1 << 29

  /// Reads and checks the Image Pixel Module (PS3.3 C.7.6.3).
  ///
  /// High Bit and Samples per Pixel follow from their neighbours when they are absent, High Bit also where it cannot be:
  /// readers differ in using it at all, and none finds the values elsewhere than in the low bits then.
  ///
  /// - Throws: `missingAttribute`, `invalidAttribute` or `unsupportedAttribute`.
  init(of dataSet: DataSet) throws(DICOMFileError) {
    func required(_ tag: Tag) throws(DICOMFileError) -> Int {
      guard let value = dataSet.integer(tag) else { throw .missingAttribute(tag) }
      return value
    }
    let rows = try required(.rows)
    let columns = try required(.columns)
    guard let label = dataSet.string(.photometricInterpretation) else {
      throw .missingAttribute(.photometricInterpretation)
    }
    guard let photometric = PhotometricInterpretation(rawValue: label) else {
      throw .unsupportedAttribute(.photometricInterpretation, found: Self.shown(label))
    }
    let bitsAllocated = try required(.bitsAllocated)
    let bitsStored = try required(.bitsStored)
    guard (1...64).contains(bitsStored) else { throw .invalidAttribute(.bitsStored, found: bitsStored) }
    let possible = bitsStored - 1..<max(bitsStored, bitsAllocated)
    let highBit = dataSet.integer(.highBit).flatMap { possible.contains($0) ? $0 : nil }
    self.init(
      rows: rows, columns: columns,
      samplesPerPixel: dataSet.integer(.samplesPerPixel) ?? photometric.samplesPerPixel,
      photometricInterpretation: photometric, bitsAllocated: bitsAllocated, bitsStored: bitsStored,
      highBit: highBit ?? bitsStored - 1,
      isSigned: try required(.pixelRepresentation) == 1)
    guard dataSet.integer(.pixelRepresentation) == 0 || isSigned else {
      throw .invalidAttribute(.pixelRepresentation, found: try required(.pixelRepresentation))
    }
    try check()
  }

  private func check() throws(DICOMFileError) {
    guard (1...0xFFFF).contains(rows) else { throw .invalidAttribute(.rows, found: rows) }
    guard (1...0xFFFF).contains(columns) else { throw .invalidAttribute(.columns, found: columns) }
    guard samplesPerPixel == photometricInterpretation.samplesPerPixel else {
      throw .invalidAttribute(.samplesPerPixel, found: samplesPerPixel)
    }
    guard [1, 8, 16, 32].contains(bitsAllocated) else {
      throw .unsupportedAttribute(.bitsAllocated, found: String(bitsAllocated))
    }
    guard (1...bitsAllocated).contains(bitsStored) else { throw .invalidAttribute(.bitsStored, found: bitsStored) }
    guard samplesPerPixel == 1 || bitsAllocated == 8 || bitsAllocated == 16 else {
      throw .unsupportedAttribute(.bitsAllocated, found: "\(bitsAllocated) for colour")
    }
  }

  /// - Throws: `frameTooLarge`. Comes after the comparison with the length of native pixel data, which says more.
  func checkBudget() throws(DICOMFileError) {
    guard frameBytes <= Self.maximumFrameBytes else {
      throw .frameTooLarge(bytes: frameBytes, limit: Self.maximumFrameBytes)
    }
  }

  /// - Throws: `unsupportedAttribute` for what the decoders of a compressed encoding do not take.
  func check(for encoding: TransferSyntax.Encoding) throws(DICOMFileError) {
    let widths: [Int]
    switch encoding {
    case .native, .encapsulatedUncompressed, .deflatedFrame, .unsupported: return
    case .jpeg, .jpegLS: widths = [8, 16]
    case .rle, .jpeg2000: widths = [8, 16, 32]
    }
    guard widths.contains(bitsAllocated) else {
      throw .unsupportedAttribute(.bitsAllocated, found: "\(bitsAllocated) in this transfer syntax")
    }
    switch photometricInterpretation {
    case .monochrome1, .monochrome2, .paletteColor, .rgb, .ybrFull, .ybrFull422: return
    case .ybrICT where encoding == .jpeg2000, .ybrRCT where encoding == .jpeg2000: return
    case .ybrPartial420, .ybrICT, .ybrRCT:
      throw .unsupportedAttribute(
        .photometricInterpretation, found: photometricInterpretation.rawValue + " in this transfer syntax")
    }
  }

  /// Bytes of one decoded frame; cannot overflow once rows, columns and bits are in range.
  var frameBytes: Int { sampleCount * bytesPerSample }

  /// The format once every pixel has its own chrominance samples.
  var withFullChrominance: ImageFormat {
    var full = self
    if photometricInterpretation == .ybrFull422 { full.photometricInterpretation = .ybrFull }
    return full
  }

  /// A label from a file, fit for an error: capitals, digits, blanks and underscores only.
  private static func shown(_ label: String) -> String {
    label.prefix(16).allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == " " || $0 == "_") }
      ? String(label.prefix(16)) : "of unknown kind"
  }
}

extension PhotometricInterpretation {
  /// One for grey and palette images, three for colour (PS3.3 C.7.6.3.1.2).
  var samplesPerPixel: Int {
    switch self {
    case .monochrome1, .monochrome2, .paletteColor: 1
    default: 3
    }
  }
}
