internal import DICOMCore

/// The frame header of a JPEG or JPEG-LS code stream (ISO/IEC 10918-1 B.2.2, ISO/IEC 14495-1 C.2.2).
struct CodeStreamHeader: Equatable {
  let precision: Int
  let rows: Int
  let columns: Int
  let components: Int

  /// Bytes of a code stream that are searched for the frame header.
  static let searchLength = 1 << 16

  /// `nil` when no frame header is found; the decoder then has the last word.
  init?(_ bytes: [UInt8]) {
    func word(_ offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }
    var offset = 2
    guard bytes.count > 2, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
    while offset + 9 < bytes.count {
      guard bytes[offset] == 0xFF else { return nil }
      let marker = bytes[offset + 1]
      if Self.isFrameHeader(marker) {
        precision = Int(bytes[offset + 4])
        rows = word(offset + 5)
        columns = word(offset + 7)
        components = Int(bytes[offset + 9])
        return
      }
      // Fill bytes and markers without a segment.
      if marker == 0xFF {
        offset += 1
      } else if marker == 0x01 || (0xD0...0xD8).contains(marker) {
        offset += 2
      } else {
        offset += 2 + max(2, word(offset + 2))
      }
    }
    return nil
  }

  /// SOF0 to SOF15 without DHT, JPG and DAC, and SOF55 of JPEG-LS.
  private static func isFrameHeader(_ marker: UInt8) -> Bool {
    marker == 0xF7 || (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
  }

  /// - Throws: `codeStreamMismatch` when attributes and code stream contradict each other.
  func check(against format: ImageFormat) throws(DICOMFileError) {
    func same(_ tag: Tag, _ attribute: Int, _ codeStream: Int) throws(DICOMFileError) {
      guard attribute == codeStream else {
        throw .codeStreamMismatch(tag, attribute: attribute, codeStream: codeStream)
      }
    }
    // JPEG may leave the number of lines to a DNL marker.
    if rows != 0 { try same(.rows, format.rows, rows) }
    try same(.columns, format.columns, columns)
    try same(.samplesPerPixel, format.samplesPerPixel, components)
    guard precision <= format.bitsAllocated else {
      throw .codeStreamMismatch(.bitsAllocated, attribute: format.bitsAllocated, codeStream: precision)
    }
  }
}
