internal import DICOMCore

/// The frame header of a JPEG or JPEG-LS code stream (ISO/IEC 10918-1 B.2.2, ISO/IEC 14495-1 C.2.2), and what the
/// segments before it say of colour.
struct CodeStreamHeader: Equatable {
  let precision: Int
  let rows: Int
  let columns: Int
  let components: Int
  /// RGB or YBR_FULL where the code stream says so; it then knows better than Photometric Interpretation.
  let colour: PhotometricInterpretation?

  /// - Returns: `nil` when there is no frame header.
  init?(_ bytes: [UInt8]) {
    func word(_ offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }
    var offset = 2
    var application: PhotometricInterpretation?
    guard bytes.count > 2, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
    while offset + 9 < bytes.count {
      guard bytes[offset] == 0xFF else { return nil }
      let marker = bytes[offset + 1]
      if Self.isFrameHeader(marker) {
        precision = Int(bytes[offset + 4])
        rows = word(offset + 5)
        columns = word(offset + 7)
        components = Int(bytes[offset + 9])
        let names = stride(from: offset + 10, to: min(bytes.count, offset + 10 + 3 * components), by: 3).map {
          bytes[$0]
        }
        let isNamedRGB = names.elementsEqual("RGB".utf8) || names.elementsEqual("rgb".utf8)
        colour = components != 3 ? nil : isNamedRGB ? .rgb : application
        return
      }
      // Fill bytes and markers without a segment.
      if marker == 0xFF {
        offset += 1
      } else if marker == 0x01 || (0xD0...0xD8).contains(marker) {
        offset += 2
      } else {
        let length = max(2, word(offset + 2))
        application =
          application ?? Self.colour(marker, bytes[offset + 4..<max(offset + 4, min(bytes.count, offset + 2 + length))])
        offset += 2 + length
      }
    }
    return nil
  }

  /// APP0 of JFIF means YCbCr (ISO/IEC 10918-5 6.1), APP14 of Adobe names the transform (ISO/IEC 10918-6 6.5.3).
  private static func colour(_ marker: UInt8, _ content: ArraySlice<UInt8>) -> PhotometricInterpretation? {
    if marker == 0xE0, content.starts(with: "JFIF\0".utf8) { return .ybrFull }
    guard marker == 0xEE, content.starts(with: "Adobe".utf8), content.count >= 12 else { return nil }
    switch content[content.startIndex + 11] {
    case 0: return .rgb
    case 1: return .ybrFull
    default: return nil
    }
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
