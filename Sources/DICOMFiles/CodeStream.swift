internal import CDCMTK
internal import DICOMCore

/// The decoders behind the shim: bytes of one frame in, stored values out.
enum CodeStream {
  /// Decodes a JPEG or JPEG-LS code stream, samples interleaved, without colour conversion.
  static func decode(
    _ bytes: [UInt8], _ transferSyntax: UID, frame index: Int, _ format: ImageFormat
  ) throws(DICOMFileError) -> [UInt8] {
    // DCMTK swaps bytes as words and asks for an even buffer.
    let size = (format.frameBytes + 1) & ~1
    var decoded = try unsafe CopiedBytes.make(size, failure: undecodable(index)) { destination, error in
      unsafe cdcmtk_code_stream_decode(
        transferSyntax.value, bytes, bytes.count, shimFormat(format), destination, UInt32(size), &error)
    }
    if size > format.frameBytes { decoded.removeLast() }
    return decoded
  }

  /// Decodes a JPEG 2000 code stream that starts at `start`. A component transform is undone; negative values fill their
  /// container with the sign.
  static func decodeJPEG2000(
    _ bytes: [UInt8], from start: Int, frame index: Int, _ format: ImageFormat
  ) throws(DICOMFileError) -> [UInt8] {
    try unsafe CopiedBytes.make(format.frameBytes, failure: undecodable(index)) { destination, error in
      unsafe bytes.withUnsafeBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return false }
        return unsafe cdcmtk_jpeg2000_decode(
          first + start, buffer.count - start, shimFormat(format), destination, format.frameBytes, &error)
      }
    }
  }

  /// Inflates a deflated frame (PS3.5 8.2.16), which may have a byte of padding more than its samples take.
  static func inflate(_ bytes: [UInt8], frame index: Int, _ format: ImageFormat) throws(DICOMFileError) -> [UInt8] {
    let limit = (format.sampleCount * format.bitsAllocated + 7) / 8 + 1
    var count = 0
    let inflated = try unsafe CopiedBytes.make(limit, failure: undecodable(index)) { destination, error in
      unsafe cdcmtk_inflate(bytes, bytes.count, destination, limit, &count, &error)
    }
    return Array(inflated.prefix(count))
  }

  private static func undecodable(_ index: Int) -> (cdcmtk_error) -> DICOMFileError {
    { .undecodableFrame(index: index, detail: $0.message) }
  }

  /// Rows, columns and bits are in range once the format has been checked.
  private static func shimFormat(_ format: ImageFormat) -> cdcmtk_frame_format {
    cdcmtk_frame_format(
      rows: UInt16(format.rows), columns: UInt16(format.columns), samples: UInt16(format.samplesPerPixel),
      bits_allocated: UInt16(format.bitsAllocated), bits_stored: UInt16(format.bitsStored))
  }
}
