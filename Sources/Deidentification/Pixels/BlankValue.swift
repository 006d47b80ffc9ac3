package import DICOMCore

/// What a blanked pixel holds: black, or what the object itself says means "no image".
package struct BlankValue: Sendable, Equatable {
  /// One container for each sample of a pixel, in the low bits.
  package let samples: [UInt64]

  /// - Parameters:
  ///   - frame: Whose least (of MONOCHROME1 greatest) stored value is black.
  ///   - padding: Pixel Padding Value (0028,0120), which is taken where it fits: windows and statistics leave it out.
  ///   - palette: The colours of a PALETTE COLOR frame, whose darkest is taken.
  package init(for frame: StoredFrame, padding: Int? = nil, palette: PaletteColors? = nil) {
    let format = frame.format
    let middle = UInt64(1) << UInt64(max(1, format.bitsStored) - 1)
    switch format.photometricInterpretation {
    case .rgb, .ybrRCT, .ybrICT: samples = [0, 0, 0]
    case .ybrFull, .ybrFull422: samples = [0, middle, middle]
    // Black is 16 of 256 there (ITU-R BT.601).
    case .ybrPartial420: samples = [middle / 8, middle, middle]
    case .paletteColor:
      samples = [UInt64(max(0, (palette?.darkest).map { $0 } ?? Int(frame.storedValues().min() ?? 0)))]
    case .monochrome1, .monochrome2:
      let isInverted = format.photometricInterpretation == .monochrome1
      if format.isFloat {
        let values = frame.floatValues().filter(\.isFinite)
        let value = (isInverted ? values.max() : values.min()) ?? 0
        samples = [format.bitsAllocated == 64 ? value.bitPattern : UInt64(Float(value).bitPattern)]
      } else {
        let values = frame.storedValues()
        let least = isInverted ? values.max() : values.min()
        let fitting = padding.flatMap { Self.fits($0, format) ? Int32(truncatingIfNeeded: $0) : nil }
        samples = [UInt64(UInt32(bitPattern: fitting ?? least ?? 0))]
      }
    }
  }

  private static func fits(_ value: Int, _ format: ImageFormat) -> Bool {
    let bits = min(32, format.bitsStored)
    return format.isSigned ? value >= -(1 << (bits - 1)) && value < 1 << (bits - 1) : value >= 0 && value < 1 << bits
  }

  /// The bytes of one sample in little endian order.
  func bytes(_ sample: Int, width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: samples[min(sample, samples.count - 1)] >> UInt64(8 * $0)) }
  }
}

extension PaletteColors {
  /// The stored value whose colour has the least sum of red, green and blue.
  var darkest: Int {
    let count = channels.map(\.count).min() ?? 0
    let sums = (0..<count).map { entry in channels.reduce(0) { $0 + Int($1[entry]) } }
    return firstIndex + (sums.indices.min { sums[$0] < sums[$1] } ?? 0)
  }
}
