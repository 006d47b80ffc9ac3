internal import CDCMTK
internal import DICOMCore

/// How Pixel Data is held by a file.
enum PixelLocation: Equatable {
  case native(length: Int)
  case encapsulated
}

extension ObjectHandle {
  /// Finds Pixel Data (7FE0,0010) without loading it.
  ///
  /// - Throws: `missingAttribute` or `unsupportedPixelData`.
  func locatePixels() throws(DICOMFileError) -> PixelLocation {
    guard let element = unsafe find(.pixelData) else {
      for tag in [Tag.floatPixelData, .doubleFloatPixelData] where unsafe find(tag) != nil {
        throw .unsupportedPixelData(tag)
      }
      throw .missingAttribute(.pixelData)
    }
    let info = unsafe cdcmtk_element_describe(element)
    return info.is_encapsulated ? .encapsulated : .native(length: Int(info.length))
  }

  /// Whether there are pixels of any kind, float ones included.
  var hasPixels: Bool {
    [Tag.pixelData, .floatPixelData, .doubleFloatPixelData].contains { unsafe find($0) != nil }
  }

  /// Reads a range of the bytes of native Pixel Data, words in little endian order.
  func readPixels(_ range: Range<Int>) throws(DICOMFileError) -> [UInt8] {
    guard let element = unsafe find(.pixelData) else { throw .missingAttribute(.pixelData) }
    // Words are swapped as a whole, so a range starts and ends at one where there are words.
    let length = Int(unsafe cdcmtk_element_describe(element).length)
    let words = range.lowerBound & ~1..<min(length, (range.upperBound + 1) & ~1)
    guard let start = UInt32(exactly: words.lowerBound), let count = UInt32(exactly: words.count) else {
      throw .pixelDataTooShort(expected: range.upperBound, found: length)
    }
    let bytes = try unsafe CopiedBytes.make(words.count) { destination, error in
      unsafe cdcmtk_element_read(element, start, count, destination, &error)
    }
    let first = range.lowerBound - words.lowerBound
    return first == 0 && bytes.count == range.count
      ? bytes : Array(bytes[first..<min(bytes.count, first + range.count)])
  }

  private func find(_ tag: Tag) -> OpaquePointer? {
    unsafe cdcmtk_item_find(cdcmtk_file_data_set(raw), tag.group, tag.element)
  }

  // MARK: - Fragments

  /// Fragments, the Basic Offset Table counted as the first.
  var fragmentCount: Int { Int(unsafe cdcmtk_file_fragment_count(raw)) }

  func length(ofFragment index: Int) -> Int {
    UInt32(exactly: index).map { Int(unsafe cdcmtk_file_fragment_length(raw, $0)) } ?? 0
  }

  /// At most `count` bytes from the start of a fragment.
  func readPrefix(ofFragment index: Int, count: Int) throws(DICOMFileError) -> [UInt8] {
    let available = min(count, length(ofFragment: index))
    guard let number = UInt32(exactly: index), let size = UInt32(exactly: available) else { return [] }
    return try unsafe CopiedBytes.make(available) { destination, error in
      unsafe cdcmtk_file_fragment_read(raw, number, 0, size, destination, &error)
    }
  }

  /// The bytes of several fragments, one after the other.
  func readFragments(_ range: Range<Int>) throws(DICOMFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in range {
      bytes += try readPrefix(ofFragment: index, count: length(ofFragment: index))
      guard bytes.count <= ImageFormat.maximumFrameBytes else {
        throw .frameTooLarge(bytes: bytes.count, limit: ImageFormat.maximumFrameBytes)
      }
    }
    return bytes
  }

  // MARK: - Decoding

  /// Writes the attributes that DCMTK's decoders read into the object in memory, as they were understood here:
  /// absent ones are filled in and colour comes out interleaved.
  func settle(_ format: ImageFormat, frameCount: Int) throws(DICOMFileError) {
    try put(.numberOfFrames, "IS", Array(String(frameCount).utf8))
    try put(.samplesPerPixel, "US", [UInt8(format.samplesPerPixel), 0])
    try put(.highBit, "US", [UInt8(format.highBit), 0])
    if format.samplesPerPixel > 1 { try put(.planarConfiguration, "US", [0, 0]) }
  }

  private func put(_ tag: Tag, _ vr: String, _ bytes: [UInt8]) throws(DICOMFileError) {
    var error = cdcmtk_error()
    let item = unsafe cdcmtk_file_data_set(raw)
    guard unsafe cdcmtk_item_put(item, tag.group, tag.element, vr, bytes, bytes.count, &error) else {
      throw .malformed(detail: error.message)
    }
  }

  /// Decodes one frame of encapsulated Pixel Data whose code stream has the container of `format`.
  func decode(
    frame index: Int, firstFragment: Int, _ format: ImageFormat
  ) throws(DICOMFileError) -> (bytes: [UInt8], photometric: String) {
    try put(.bitsAllocated, "US", [UInt8(format.bitsAllocated), 0])
    let byteCount = format.frameBytes
    guard let frame = UInt32(exactly: index), let fragment = UInt32(exactly: firstFragment) else {
      throw .undecodableFrame(index: index, detail: "no such fragment")
    }
    // DCMTK swaps bytes as words and asks for an even buffer.
    let size = (byteCount + 1) & ~1
    var bytes = [UInt8](repeating: 0, count: size)
    var label = [CChar](repeating: 0, count: 17)
    var error = cdcmtk_error()
    let succeeded = unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return false }
      return unsafe cdcmtk_file_decode_frame(raw, frame, fragment, start, UInt32(size), &label, &error)
    }
    guard succeeded else { throw .undecodableFrame(index: index, detail: error.message) }
    if bytes.count > byteCount { bytes.removeLast(bytes.count - byteCount) }
    let photometric = String(decoding: label.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (bytes, photometric)
  }
}
