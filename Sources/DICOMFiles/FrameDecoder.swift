internal import DICOMCore

/// Turns the bytes of one frame of encapsulated pixel data into stored values (PS3.5 8.2, A.4).
struct FrameDecoder {
  let transferSyntax: UID
  let encoding: TransferSyntax.Encoding
  let dataSet: DataSet
  /// As the attributes state it.
  let format: ImageFormat

  /// - Parameters:
  ///   - bytes: All fragments of the frame, one after the other.
  ///   - index: Of the frame, for errors.
  /// - Throws: `codeStreamMismatch`, `undecodableFrame`, `pixelDataTooShort` or `unsupportedTransferSyntax`.
  func decode(_ bytes: [UInt8], frame index: Int) throws(DICOMFileError) -> StoredFrame {
    switch encoding {
    case .encapsulatedUncompressed: return try uncompressed(bytes)
    case .deflatedFrame: return try uncompressed(try CodeStream.inflate(bytes, frame: index, format))
    case .rle:
      let stream = try RLEStream(bytes, frame: index, format)
      return StoredFrame(format: format.withFullChrominance, bytes: try stream.decode())
    case .jpeg, .jpegLS: return try jpeg(bytes, frame: index)
    case .jpeg2000: return try jpeg2000(bytes, frame: index)
    case .native, .unsupported: throw .unsupportedTransferSyntax(transferSyntax)
    }
  }

  private func uncompressed(_ bytes: [UInt8]) throws(DICOMFileError) -> StoredFrame {
    let layout = try NativeLayout(of: dataSet, format, length: bytes.count, frameCount: 1)
    return try layout.frame(0, from: bytes, format)
  }

  private func jpeg(_ bytes: [UInt8], frame index: Int) throws(DICOMFileError) -> StoredFrame {
    guard let header = CodeStreamHeader(bytes) else {
      throw .undecodableFrame(index: index, detail: "not a JPEG or JPEG-LS code stream")
    }
    try header.check(against: format)
    var coded = format
    // The decoder works in bytes up to eight bits a sample, whatever container the attributes ask for.
    let isNarrow = header.precision <= 8 && format.bitsAllocated == 16
    if isNarrow { (coded.bitsAllocated, coded.bitsStored) = (8, 8) }
    let decoded = try CodeStream.decode(bytes, transferSyntax, frame: index, coded)
    var result = format
    if format.samplesPerPixel == 3 {
      // Subsampled chrominance has been filled in by the decoder.
      let label: PhotometricInterpretation = format.photometricInterpretation == .rgb ? .rgb : .ybrFull
      result.photometricInterpretation = header.colour ?? label
    }
    let frame = StoredFrame(format: result, bytes: isNarrow ? decoded.widened() : decoded)
    // JPEG-LS knows no sign: negative values come out as two's complement of the code stream's width.
    guard encoding == .jpegLS, format.isSigned, header.precision < format.bitsStored else { return frame }
    return frame.reinterpreted(precision: header.precision)
  }

  /// Where the code stream differs from Bits Stored or Pixel Representation, its own precision says how wide a value is,
  /// and Pixel Representation how to read it. A code stream wider than Bits Stored keeps all its bits.
  private func jpeg2000(_ bytes: [UInt8], frame index: Int) throws(DICOMFileError) -> StoredFrame {
    guard let header = JPEG2000Header(bytes) else {
      throw .undecodableFrame(index: index, detail: "not a JPEG 2000 code stream")
    }
    try header.check(against: format, frame: index)
    let decoded = try CodeStream.decodeJPEG2000(bytes, from: header.start, frame: index, format)
    var result = format
    switch format.photometricInterpretation {
    // The decoder has undone the component transform.
    case .ybrICT, .ybrRCT: result.photometricInterpretation = .rgb
    case .ybrFull422: result.photometricInterpretation = .ybrFull
    case .rgb where header.isYCC: result.photometricInterpretation = .ybrFull
    default: break
    }
    (result.bitsStored, result.highBit) = (
      max(format.bitsStored, header.precision), max(format.bitsStored, header.precision) - 1
    )
    let frame = StoredFrame(format: result, bytes: decoded)
    return header.isSigned == format.isSigned ? frame : frame.reinterpreted(precision: header.precision)
  }
}

extension StoredFrame {
  /// The low `precision` bits of each sample, read as the format says: with or without sign.
  fileprivate func reinterpreted(precision: Int) -> StoredFrame {
    var narrow = format
    (narrow.bitsStored, narrow.highBit) = (precision, precision - 1)
    return StoredFrame(format: format, bytes: StoredFrame(format: narrow, bytes: bytes).withoutUnusedBits().bytes)
  }
}

extension [UInt8] {
  /// Each byte as a 16-bit word in little endian order.
  fileprivate func widened() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 2 * count) { buffer, filled in
      for index in 0..<count { unsafe (buffer[2 * index], buffer[2 * index + 1]) = (self[index], 0) }
      filled = 2 * count
    }
  }
}
