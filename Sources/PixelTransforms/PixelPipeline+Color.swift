internal import DICOMCore

extension PixelPipeline {
  /// PALETTE COLOR frames: three tables of display values over the stored codes.
  func paletteFrame(
    _ frame: StoredFrame, attributes: FrameAttributes
  ) throws(PixelTransformError) -> (frame: DisplayFrame, steps: [ProcessingStep]) {
    let stored = try StoredCodes(of: frame)
    let palette = try Palette(in: attributes.dataSet, isSigned: frame.format.isSigned)
    let tables = palette.tables.map { table in
      stored.values.map { Float(min(1, Double(table.entry(for: Double($0))) / Double(table.maximum))) }
    }
    let step = ProcessingStep(
      "palette-color",
      ["channels": .array(palette.tables.map { .object($0.parameters) })]
        .merging(attributes.ignoredWindow) { first, _ in first })
    let format = frame.format
    return (
      DisplayFrame(
        rows: format.rows, columns: format.columns, samplesPerPixel: 1, codes: stored.codes, tables: tables),
      [step]
    )
  }

  /// RGB and YBR frames: display value = RGB sample / (2^Bits Stored − 1).
  func colorFrame(
    _ frame: StoredFrame, attributes: FrameAttributes
  ) throws(PixelTransformError) -> (frame: DisplayFrame, steps: [ProcessingStep]) {
    let format = frame.format
    try format.check()
    guard format.bitsStored <= 16, !format.isSigned else { throw .malformed(format) }
    var codes = StoredCodes.narrowCodes(of: frame)
    let maximum = UInt32(1) << UInt32(format.bitsStored) - 1
    switch format.photometricInterpretation {
    case .rgb: break
    case .ybrFull, .ybrFull422: YBRFull(bitsStored: format.bitsStored).convert(&codes)
    case .ybrRCT, .ybrICT, .ybrPartial420, .monochrome1, .monochrome2, .paletteColor:
      throw .unsupportedPhotometricInterpretation(format.photometricInterpretation)
    }
    let step = ProcessingStep(
      "color-samples",
      ["from": .string(format.photometricInterpretation.rawValue), "to": "RGB", "maximum": .integer(Int(maximum))]
        .merging(attributes.ignoredWindow) { first, _ in first })
    let table = (0...maximum).map { Float(Double($0) / Double(maximum)) }
    return (
      DisplayFrame(
        rows: format.rows, columns: format.columns, samplesPerPixel: 3, codes: .narrow(codes), tables: [table]),
      [step]
    )
  }
}

extension FrameAttributes {
  /// A note for the record of a colour frame that states a window: VOI is for grey frames (PS3.3 C.11.2).
  fileprivate var ignoredWindow: [String: ParameterValue] {
    let isStated = voi.item.contains(.windowCenter) || !voi.item.items(.voilutSequence).isEmpty
    return isStated ? ["window_ignored": true] : [:]
  }
}

/// The YBR_FULL equations of PS3.3 C.7.6.3.1.2, solved for red, green and blue.
struct YBRFull: Sendable {
  let bitsStored: Int

  /// Replaces interleaved Y, CB, CR samples by R, G, B, rounded to the nearest integer and kept in range.
  func convert(_ samples: inout [UInt16]) {
    let maximum = Double((1 << bitsStored) - 1)
    let middle = Double(1 << (bitsStored - 1))
    func sample(_ value: Double) -> UInt16 { UInt16(min(maximum, max(0, (value + 0.5).rounded(.down)))) }
    for pixel in stride(from: 0, to: samples.count - 2, by: 3) {
      let y = Double(samples[pixel])
      let blue = Double(samples[pixel + 1]) - middle
      let red = Double(samples[pixel + 2]) - middle
      samples[pixel] = sample(y + 1.402 * red)
      samples[pixel + 1] = sample(y - Self.greenFromBlue * blue - Self.greenFromRed * red)
      samples[pixel + 2] = sample(y + 1.772 * blue)
    }
  }

  /// From Y = 0.299 R + 0.587 G + 0.114 B with R and B as above.
  private static let greenFromBlue = 0.114 * 1.772 / 0.587
  private static let greenFromRed = 0.299 * 1.402 / 0.587
}
