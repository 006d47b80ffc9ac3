/// What the Image Pixel Module says of a frame once it is decoded (PS3.3 C.7.6.3).
package struct ImageFormat: Sendable, Equatable {
  package var rows: Int
  package var columns: Int
  package var samplesPerPixel: Int
  /// Of the decoded samples, which may differ from what the compressed object said.
  package var photometricInterpretation: PhotometricInterpretation
  /// 1, 8, 16 or 32, for floating point samples 32 or 64. A 1-bit frame is held as one byte a sample.
  package var bitsAllocated: Int
  package var bitsStored: Int
  package var highBit: Int
  package var isSigned: Bool
  /// Samples of Float Pixel Data or Double Float Pixel Data: IEEE 754 of Bits Allocated (PS3.3 C.7.6.24).
  package var isFloat: Bool

  package init(
    rows: Int, columns: Int, samplesPerPixel: Int = 1, photometricInterpretation: PhotometricInterpretation,
    bitsAllocated: Int, bitsStored: Int, highBit: Int? = nil, isSigned: Bool = false,
    isFloat: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.samplesPerPixel = samplesPerPixel
    self.photometricInterpretation = photometricInterpretation
    self.bitsAllocated = bitsAllocated
    self.bitsStored = bitsStored
    self.highBit = highBit ?? bitsStored - 1
    self.isSigned = isSigned
    self.isFloat = isFloat
  }

  package var sampleCount: Int { rows * columns * samplesPerPixel }
  package var bytesPerSample: Int { max(1, bitsAllocated / 8) }
}

/// Photometric Interpretation (0028,0004), PS3.3 C.7.6.3.1.2.
package enum PhotometricInterpretation: String, Sendable, CaseIterable {
  case monochrome1 = "MONOCHROME1"
  case monochrome2 = "MONOCHROME2"
  case paletteColor = "PALETTE COLOR"
  case rgb = "RGB"
  case ybrFull = "YBR_FULL"
  case ybrFull422 = "YBR_FULL_422"
  case ybrPartial420 = "YBR_PARTIAL_420"
  case ybrICT = "YBR_ICT"
  case ybrRCT = "YBR_RCT"
}

/// The stored values of one frame: row by row, samples interleaved, little endian, in the container of Bits Allocated.
package struct StoredFrame: Sendable, Equatable {
  package let format: ImageFormat
  /// `format.sampleCount × format.bytesPerSample` bytes, as decoded: bits above Bits Stored may hold anything.
  package let bytes: [UInt8]

  /// - Precondition: `bytes` has the length that `format` asks for. Check data from a file before the call.
  package init(format: ImageFormat, bytes: [UInt8]) {
    precondition(bytes.count == format.sampleCount * format.bytesPerSample, "frame length disagrees with its format")
    self.format = format
    self.bytes = bytes
  }

  /// SHA-256 over `bytes`: what `pixel_digest` means in every output.
  package var pixelDigest: ContentDigest { ContentDigest(of: bytes) }

  /// Floating point samples; empty for a frame of integers.
  package func floatValues() -> [Double] {
    guard format.isFloat else { return [] }
    let width = format.bytesPerSample
    return (0..<format.sampleCount).map { index in
      let bits = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[index * width + $1]) << UInt64(8 * $1) }
      return width == 8 ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    }
  }

  /// The stored values as integers: the bits from High Bit down, Bits Stored wide, sign-extended where signed (PS3.5 8.1.1).
  /// Empty for a frame of floating point samples, see ``floatValues()``.
  package func storedValues() -> [Int32] {
    guard !format.isFloat else { return [] }
    let (stored, shift) = (format.bitsStored, format.highBit + 1 - format.bitsStored)
    let mask: UInt32 = stored >= 32 ? .max : (1 << UInt32(stored)) - 1
    let extend = UInt32(32 - min(32, stored))
    let signed = format.isSigned
    func value(_ container: UInt32) -> Int32 {
      let bits = (container >> UInt32(shift)) & mask
      return signed ? Int32(bitPattern: bits << extend) >> Int32(extend) : Int32(bitPattern: bits)
    }
    let width = format.bytesPerSample
    guard width > 1 else { return bytes.map { value(UInt32($0)) } }
    return (0..<format.sampleCount).map { index in
      var container: UInt32 = 0
      for offset in (0..<min(4, width)).reversed() {
        container = container << 8 | UInt32(bytes[index * width + offset])
      }
      return value(container)
    }
  }
}
