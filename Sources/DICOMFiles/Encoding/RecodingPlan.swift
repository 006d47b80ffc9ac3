package import DICOMCore

/// How an object is stored again of which some frames were changed: without loss, and in its own transfer syntax as far
/// as that allows it.
///
/// | source | result | frames that were not changed |
/// | --- | --- | --- |
/// | native, encapsulated uncompressed, RLE | the same | stay as they are |
/// | JPEG lossless, JPEG-LS (also near-lossless), JPEG 2000 | the same; the changed frames are coded without loss | stay as they are |
/// | JPEG 2000 with the irreversible colour transform (YBR_ICT) | JPEG 2000 lossless, YBR_RCT | are coded again |
/// | High-Throughput JPEG 2000 | JPEG 2000 lossless | are coded again |
/// | JPEG with DCT | JPEG lossless | are coded again |
/// | deflated frames | Explicit VR Little Endian | become native |
/// | other than 8 or 16 bits allocated in JPEG 2000 | RLE | are coded again |
package struct RecodingPlan: Sendable, Equatable {
  package let transferSyntax: UID
  /// Frames that were not changed are decoded and coded like the others: their code streams do not fit the result.
  package let recodesAllFrames: Bool
  /// The source may have lost something: Lossy Image Compression (0028,2110) stays or becomes 01, whatever the result
  /// (PS3.3 C.7.6.1.1.5).
  package let sourceIsLossy: Bool

  /// - Parameter format: As the attributes state it.
  /// - Returns: `nil` for a transfer syntax whose frames cannot be decoded.
  package init?(source: UID, format: ImageFormat) {
    guard let encoding = TransferSyntax.encoding(source), encoding != .unsupported else { return nil }
    let isWide = format.bitsAllocated > 16
    sourceIsLossy = Self.lossy.contains(source)
    switch encoding {
    case .native, .encapsulatedUncompressed, .rle: (transferSyntax, recodesAllFrames) = (source, false)
    case .deflatedFrame: (transferSyntax, recodesAllFrames) = (.explicitVRLittleEndian, true)
    case .jpegLS: (transferSyntax, recodesAllFrames) = (source, false)
    case .jpeg:
      let isLossless = Self.jpegLossless.contains(source)
      (transferSyntax, recodesAllFrames) = (isLossless ? source : .jpegLosslessSV1, !isLossless)
    case .jpeg2000 where isWide: (transferSyntax, recodesAllFrames) = (.rleLossless, true)
    case .jpeg2000:
      let isPlain = source == .jpeg2000Lossless || source == .jpeg2000
      let keeps = isPlain && format.photometricInterpretation != .ybrICT
      (transferSyntax, recodesAllFrames) = (keeps ? source : .jpeg2000Lossless, !keeps)
    case .unsupported: return nil
    }
  }

  private static let jpegLossless: Set<UID> = Set(
    ["1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"].compactMap { UID($0) })

  /// Transfer syntaxes that need not be lossless. JPEG 2000 and HTJ2K without "lossless only" may be.
  private static let lossy: Set<UID> = Set(
    ["50", "51", "53", "55", "81", "91", "203"].compactMap { UID("1.2.840.10008.1.2.4.\($0)") })
}
