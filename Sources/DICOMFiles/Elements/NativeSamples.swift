package import DICOMCore

/// The part of native Pixel Data that is samples.
package struct NativeSamples: Sendable {
  private let format: ImageFormat
  private let bits: Int
  /// Without what follows the last sample.
  let stored: StoredBytes

  /// - Parameter stored: The value of Pixel Data (7FE0,0010) in the file.
  package init(format: ImageFormat, frameCount: Int, _ stored: StoredBytes) {
    self.format = format
    bits = NativeHygiene.frameBits(format) * frameCount
    let length = min(stored.length, (bits + 7) / 8)
    self.stored = StoredBytes(offset: stored.offset, length: length, swap: stored.swap)
  }

  /// Clears bits that belong to no sample in a piece of whole samples.
  func clear(_ piece: inout [UInt8], isLast: Bool) {
    NativeHygiene.clearUnusedBits(&piece, format)
    if isLast, bits % 8 != 0, (bits + 7) / 8 == stored.length, let last = piece.indices.last {
      piece[last] &= UInt8(1) << UInt8(bits % 8) - 1
    }
  }
}
