internal import DICOMCore

/// The order in which DCMTK hands over the bytes of native Pixel Data.
enum PixelByteOrder: Equatable {
  case littleEndian
  /// A big endian file: DCMTK swaps 16-bit words (OW) and leaves bytes (OB) as they are. Samples of 32 bits are one
  /// number, most significant byte first, under either VR, as pydicom reads them (PS3.5 7.3 shows 16 bits only).
  case bigEndian(isWords: Bool)

  /// The samples in little endian order; samples of up to eight bits stay where they are.
  func littleEndian(_ bytes: [UInt8], _ format: ImageFormat) -> [UInt8] {
    guard case .bigEndian(let isWords) = self else { return bytes }
    // The distance from a byte to the one it changes places with, in terms of the bits of its offset.
    let mask: Int
    switch (format.bytesPerSample, isWords) {
    case (2, false): mask = 0b01
    case (4, false): mask = 0b11
    case (4, true): mask = 0b10
    default: return bytes
    }
    return bytes.indices.map { bytes[min(bytes.count - 1, $0 ^ mask)] }
  }
}
