internal import CDCMTK
package import DICOMCore

/// Codes decoded frames without loss, one at a time.
package struct FrameEncoder: Sendable {
  package let transferSyntax: UID
  private let encoding: TransferSyntax.Encoding

  /// - Returns: `nil` for a transfer syntax that is not written here, see ``RecodingPlan``.
  package init?(_ transferSyntax: UID) {
    guard let encoding = TransferSyntax.encoding(transferSyntax), encoding != .unsupported,
      encoding != .deflatedFrame
    else { return nil }
    let isHighThroughput = encoding == .jpeg2000 && transferSyntax != .jpeg2000 && transferSyntax != .jpeg2000Lossless
    guard !isHighThroughput else { return nil }
    (self.transferSyntax, self.encoding) = (transferSyntax, encoding)
  }

  /// The frame as this transfer syntax holds it: of a compressed one the code stream without padding, otherwise the
  /// samples, interleaved, in little endian order, single bits packed.
  ///
  /// Code streams are as wide as Bits Stored; those of signed samples in JPEG and JPEG-LS, which know no sign, are as wide
  /// as Bits Allocated. Native big endian objects are coded in little endian order.
  ///
  /// - Parameter frame: As decoded, nothing in the bits above Bits Stored.
  /// - Throws: `cannotEncode`.
  package func encode(_ frame: StoredFrame) throws(DICOMFileError) -> [UInt8] {
    switch encoding {
    case .native, .encapsulatedUncompressed: return try PixelModule.nativeBytes([frame])
    case .rle: return try RLEEncoder.encode(frame)
    case .jpeg2000: return try jpeg2000(frame)
    case .jpeg, .jpegLS: return try jpeg(frame)
    case .deflatedFrame, .unsupported: throw .unsupportedTransferSyntax(transferSyntax)
    }
  }

  /// Photometric Interpretation of frames coded from `decoded`: RGB goes through the reversible transform of JPEG 2000.
  package func label(of decoded: PhotometricInterpretation) -> PhotometricInterpretation {
    encoding == .jpeg2000 && decoded == .rgb ? .ybrRCT : decoded
  }

  private func jpeg2000(_ frame: StoredFrame) throws(DICOMFileError) -> [UInt8] {
    let format = frame.format
    guard format.bitsAllocated == 8 || format.bitsAllocated == 16, !format.isFloat else {
      throw .cannotEncode(detail: "JPEG 2000 takes 8 or 16 bits allocated here")
    }
    let shim = cdcmtk_frame_format(
      rows: UInt16(format.rows), columns: UInt16(format.columns), samples: UInt16(format.samplesPerPixel),
      bits_allocated: UInt16(format.bitsAllocated), bits_stored: UInt16(format.bitsStored))
    var error = cdcmtk_error()
    let encoded = unsafe cdcmtk_jpeg2000_encode(
      frame.bytes, frame.bytes.count, shim, format.isSigned, format.photometricInterpretation == .rgb, &error)
    guard let buffer = unsafe encoded else { throw .cannotEncode(detail: error.message) }
    defer { unsafe cdcmtk_buffer_free(buffer) }
    let bytes = unsafe UnsafeBufferPointer(start: cdcmtk_buffer_bytes(buffer), count: cdcmtk_buffer_length(buffer))
    return try clean(unsafe Array(bytes), .jpeg2000Lossless, format)
  }

  /// DCMTK codes whole objects, so one is made of the frame alone.
  private func jpeg(_ frame: StoredFrame) throws(DICOMFileError) -> [UInt8] {
    var format = frame.format
    guard format.bitsAllocated == 8 || format.bitsAllocated == 16, !format.isFloat else {
      throw .cannotEncode(detail: "JPEG takes 8 or 16 bits allocated")
    }
    if format.isSigned || format.bitsStored < 2 {
      (format.isSigned, format.bitsStored, format.highBit) = (false, format.bitsAllocated, format.bitsAllocated - 1)
    }
    let syntax: UID = encoding == .jpegLS ? .jpegLSLossless : .jpegLosslessSV1
    // The codecs refuse or convert some labels; the samples are all the same to them.
    format.photometricInterpretation = format.samplesPerPixel == 3 ? .rgb : .monochrome2
    let handle = try ObjectHandle()
    try handle.put(PixelModule.describing(format, frameCount: 1, in: DataSet()))
    try handle.putPixels(frame.bytes.count % 2 == 0 ? frame.bytes : frame.bytes + [0], words: format.bitsAllocated > 8)
    try handle.encode(syntax)
    return try clean(try handle.codeStream(), syntax, format)
  }

  /// The code stream without what the codec says of itself.
  private func clean(_ bytes: [UInt8], _ syntax: UID, _ format: ImageFormat) throws(DICOMFileError) -> [UInt8] {
    do {
      return try CodeStreamHygiene.cleaned(bytes, transferSyntax: syntax, format: format)
    } catch {
      throw .cannotEncode(detail: error.description)
    }
  }
}
