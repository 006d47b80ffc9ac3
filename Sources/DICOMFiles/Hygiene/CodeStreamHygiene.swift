package import DICOMCore

/// Takes everything out of the bytes of a compressed frame that no decoder needs for the samples: comments, application
/// data, metadata boxes, what stands behind the end. All other bytes stay as they are and so do the decoded samples.
///
/// Of use where free text must not travel along in code streams (PS3.15 E.3.1).
package enum CodeStreamHygiene {
  /// - Parameters:
  ///   - bytes: All fragments of one frame, one after the other.
  ///   - format: As the attributes state it.
  /// - Returns: The frame without padding. A clean frame comes back with the same bytes.
  /// - Throws: ``CodeStreamDamage``, when the structure is not understood to its end.
  package static func cleaned(
    _ bytes: [UInt8], transferSyntax: UID, format: ImageFormat
  ) throws(CodeStreamDamage) -> [UInt8] {
    switch TransferSyntax.encoding(transferSyntax) {
    case .jpeg: return try JPEGHygiene(isLS: false).cleaned(bytes)
    case .jpegLS: return try JPEGHygiene(isLS: true).cleaned(bytes)
    case .jpeg2000: return try JPEG2000Hygiene.cleaned(bytes)
    case .rle: return try RLEHygiene.cleaned(bytes, format)
    case .encapsulatedUncompressed: return try NativeHygiene.cleaned(bytes, bits: NativeHygiene.frameBits(format))
    case .deflatedFrame, .native, .unsupported, nil: throw .unknownKind
    }
  }
}

/// Native pixel data: nothing behind the last sample.
package enum NativeHygiene {
  /// Bits that a frame takes in native pixel data, with chrominance for every second pixel where the label says so.
  package static func frameBits(_ format: ImageFormat) -> Int {
    let bits = format.sampleCount * format.bitsAllocated
    return format.photometricInterpretation == .ybrFull422 ? bits / 3 * 2 : bits
  }

  /// The samples alone: longer values are cut, and the bits of the last byte that belong to no sample are 0.
  ///
  /// - Parameter bits: Of all frames in `bytes`.
  /// - Throws: `missingBytes`.
  package static func cleaned(_ bytes: [UInt8], bits: Int) throws(CodeStreamDamage) -> [UInt8] {
    let length = (bits + 7) / 8
    guard bytes.count >= length else { throw .missingBytes(expected: length, found: bytes.count) }
    var result = bytes.count == length ? bytes : Array(bytes.prefix(length))
    if bits % 8 != 0 { result[length - 1] &= UInt8(1) << UInt8(bits % 8) - 1 }
    return result
  }

  /// Sets the bits of every sample that lie outside Bits Stored to 0, or to the sign where samples are signed, and so
  /// drops overlays and leavings there (PS3.5 8.1.2). High Bit stays where it is.
  ///
  /// - Parameter bytes: Whole samples of 8, 16 or 32 bits in little endian order.
  package static func clearUnusedBits(_ bytes: inout [UInt8], _ format: ImageFormat) {
    guard !format.isFloat, format.bitsAllocated >= 8, format.bitsStored < format.bitsAllocated else { return }
    let (width, low) = (format.bytesPerSample, format.highBit + 1 - format.bitsStored)
    let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(format.bitsStored) - 1) << UInt64(low))
    let above = UInt32(truncatingIfNeeded: ~UInt64(0) << UInt64(format.highBit + 1))
    let sign = UInt32(1) << UInt32(format.highBit)
    if width == 2 {
      return clear(
        &bytes, mask: UInt16(truncatingIfNeeded: mask), sign: format.isSigned ? UInt16(truncatingIfNeeded: sign) : 0,
        above: UInt16(truncatingIfNeeded: above))
    }
    for start in stride(from: 0, through: bytes.count - width, by: width) {
      var word: UInt32 = 0
      for offset in 0..<width { word |= UInt32(bytes[start + offset]) << UInt32(8 * offset) }
      var clean = word & mask
      if format.isSigned, word & sign != 0 { clean |= above }
      for offset in 0..<width { bytes[start + offset] = UInt8(truncatingIfNeeded: clean >> UInt32(8 * offset)) }
    }
  }

  /// The same for samples of 16 bits, which most are, in a loop that the compiler can make wide.
  private static func clear(_ bytes: inout [UInt8], mask: UInt16, sign: UInt16, above: UInt16) {
    let count = bytes.count / 2
    unsafe bytes.withUnsafeMutableBytes { raw in
      // The storage of an array is aligned for every simple type.
      unsafe raw.withMemoryRebound(to: UInt16.self) { words in
        for index in 0..<count {
          let word = unsafe UInt16(littleEndian: words[index])
          let extended = word & sign != 0 ? above : 0
          unsafe words[index] = (word & mask | extended).littleEndian
        }
      }
    }
  }
}
