internal import CPNG

extension PNGImage {
  /// libpng's version, such as `1.6.39`.
  package static var libraryVersion: String { unsafe String(cString: cpng_library_version()) }

  /// The image as PNG bytes.
  ///
  /// - Throws: ``PixelTransformError/png(_:)`` with libpng's reason, such as an image without pixels.
  package func encoded() throws(PixelTransformError) -> [UInt8] {
    let bytes: [UInt8] =
      depth == .bits8
      ? samples.map { UInt8(truncatingIfNeeded: $0) }
      : unsafe samples.withUnsafeBytes { unsafe Array($0) }
    let format = cpng_format(
      width: UInt32(clamping: columns), height: UInt32(clamping: rows), channels: Int32(channels),
      bit_depth: Int32(depth.rawValue))
    var output: UnsafeMutablePointer<UInt8>?
    var length = 0
    var error = cpng_error()
    let status = unsafe bytes.withUnsafeBufferPointer { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return -1 }
      return unsafe cpng_encode(base, buffer.count, format, &output, &length, &error)
    }
    defer { unsafe cpng_free(output) }
    guard status == 0, let output = unsafe output else { throw .png(error.reason) }
    return unsafe Array(UnsafeBufferPointer(start: output, count: length))
  }

  /// Reads a PNG of the kind that ``encoded()`` makes.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - largestSampleCount: Images with more samples are refused before anything is allocated for them.
  /// - Throws: ``PixelTransformError/png(_:)`` with libpng's reason.
  package init(
    decoding bytes: [UInt8], largestSampleCount: Int = 1 << 28
  ) throws(PixelTransformError) {
    var format = cpng_format()
    var output: UnsafeMutablePointer<UInt8>?
    var length = 0
    var error = cpng_error()
    let status = unsafe bytes.withUnsafeBufferPointer { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return -1 }
      return unsafe cpng_decode(base, buffer.count, largestSampleCount, &format, &output, &length, &error)
    }
    defer { unsafe cpng_free(output) }
    guard status == 0, let output = unsafe output, let depth = Depth(rawValue: Int(format.bit_depth)) else {
      throw .png(error.reason)
    }
    let buffer = unsafe UnsafeRawBufferPointer(start: output, count: length)
    let samples: [UInt16] =
      depth == .bits8
      ? unsafe buffer.map(UInt16.init)
      : (0..<length / 2).map { unsafe buffer.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self) }
    self.init(
      rows: Int(format.height), columns: Int(format.width), channels: Int(format.channels), depth: depth,
      samples: samples)
  }
}

extension cpng_error {
  /// The text up to its NUL; a fixed phrase when there was nothing to encode.
  fileprivate var reason: String {
    let bytes = unsafe withUnsafeBytes(of: text) { unsafe Array($0.prefix { $0 != 0 }) }
    return bytes.isEmpty ? "no samples" : String(decoding: bytes, as: UTF8.self)
  }
}
