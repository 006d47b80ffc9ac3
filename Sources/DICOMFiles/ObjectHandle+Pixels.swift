internal import CDCMTK
internal import DICOMCore

/// How Pixel Data is held by a file.
enum PixelLocation: Equatable {
  /// `isWords` as the VR says: 16-bit words (OW) rather than bytes.
  case native(length: Int, isWords: Bool)
  case encapsulated
}

extension ObjectHandle {
  /// Finds Pixel Data (7FE0,0010) without loading it.
  ///
  /// - Throws: `missingAttribute` or `unsupportedPixelData`.
  func locatePixels() throws(DICOMFileError) -> PixelLocation {
    if let cutPixels { return .native(length: cutPixels.length, isWords: true) }
    guard let element = unsafe find(.pixelData) else {
      for tag in [Tag.floatPixelData, .doubleFloatPixelData] where unsafe find(tag) != nil {
        throw .unsupportedPixelData(tag)
      }
      throw .missingAttribute(.pixelData)
    }
    let info = unsafe cdcmtk_element_describe(element)
    if info.is_encapsulated { return .encapsulated }
    return .native(length: Int(info.length), isWords: info.vr.1 == CChar(bitPattern: UInt8(ascii: "W")))
  }

  /// Whether there are pixels of any kind, float ones included.
  var hasPixels: Bool {
    cutPixels != nil || [Tag.pixelData, .floatPixelData, .doubleFloatPixelData].contains { unsafe find($0) != nil }
  }

  /// Reads a range of the bytes of native Pixel Data, words in little endian order.
  func readPixels(_ range: Range<Int>) throws(DICOMFileError) -> [UInt8] {
    if let cutPixels { return try cutPixels.read(range) }
    guard let element = unsafe find(.pixelData) else { throw .missingAttribute(.pixelData) }
    // Words are swapped as a whole, so a range starts and ends at one where there are words.
    let length = Int(unsafe cdcmtk_element_describe(element).length)
    let words = range.lowerBound & ~1..<min(length, (range.upperBound + 1) & ~1)
    guard let start = UInt32(exactly: words.lowerBound), let count = UInt32(exactly: words.count) else {
      throw .pixelDataTooShort(expected: range.upperBound, found: length)
    }
    let bytes = try unsafe CopiedBytes.make(words.count) { destination, error in
      unsafe cdcmtk_file_read_pixels(raw, start, count, destination, &error)
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
    try readFragment(index, from: 0, count: min(count, length(ofFragment: index)))
  }

  /// At most `count` bytes from the end of a fragment.
  func readSuffix(ofFragment index: Int, count: Int) throws(DICOMFileError) -> [UInt8] {
    let length = length(ofFragment: index)
    return try readFragment(index, from: max(0, length - count), count: min(count, length))
  }

  private func readFragment(_ index: Int, from offset: Int, count: Int) throws(DICOMFileError) -> [UInt8] {
    guard let number = UInt32(exactly: index), let start = UInt32(exactly: offset), let size = UInt32(exactly: count)
    else { return [] }
    return try unsafe CopiedBytes.make(count) { destination, error in
      unsafe cdcmtk_file_fragment_read(raw, number, start, size, destination, &error)
    }
  }

  /// The bytes of several fragments, one after the other.
  func readFragments(_ range: Range<Int>) throws(DICOMFileError) -> [UInt8] {
    let total = range.reduce(0) { $0 + length(ofFragment: $1) }
    guard total <= ImageFormat.maximumFrameBytes else {
      throw .frameTooLarge(bytes: total, limit: ImageFormat.maximumFrameBytes)
    }
    if range.count == 1 { return try readPrefix(ofFragment: range.lowerBound, count: total) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    for index in range { bytes += try readPrefix(ofFragment: index, count: length(ofFragment: index)) }
    return bytes
  }
}
