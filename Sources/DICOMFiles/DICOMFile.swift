package import DICOMCore

/// An open image file: its header at once, its frames one at a time.
///
/// Pixel data stays on disk; a call of ``frame(_:)`` holds one frame, or the code stream of one, in memory. The file is
/// not Sendable: open it, copy values out and let it go within one task.
package struct DICOMFile: ~Copyable {
  package let header: DICOMHeader
  /// The format as the attributes state it. Decoded frames can differ in Photometric Interpretation.
  package let format: ImageFormat
  /// At least 1.
  package let frameCount: Int
  /// The file ends inside its pixel data, although all frames are there.
  package var isCut: Bool { handle.cutPixels != nil }

  private let handle: ObjectHandle
  private let source: FrameSource

  /// Opens an image and checks that its attributes and its pixel data agree, before anything large is allocated.
  ///
  /// - Throws: ``DICOMFileError``; `missingAttribute` of Pixel Data for an object that is no image.
  package init(path: String, extent: DICOMHeader.Extent = .full) throws(DICOMFileError) {
    try self.init(SourceFile(opening: path), extent)
  }

  /// The same from a file that is open already.
  init(_ source: SourceFile, _ extent: DICOMHeader.Extent) throws(DICOMFileError) {
    try FileStart.check(source)
    let extent = ReadingExtent(isBrief: extent == .brief)
    let handle = try ObjectHandle.open(source, extent)
    let header = try DICOMHeader(of: handle, extent)
    try self.init(handle, header)
  }

  init(_ handle: consuming ObjectHandle, _ header: DICOMHeader) throws(DICOMFileError) {
    guard let encoding = TransferSyntax.encoding(header.transferSyntax), encoding != .unsupported else {
      throw .unsupportedTransferSyntax(header.transferSyntax)
    }
    let pixels = try handle.locatePixels()
    let format: ImageFormat
    if case .float(_, let bits) = pixels {
      format = try ImageFormat(of: header.dataSet, floatBits: bits)
    } else {
      format = try ImageFormat(of: header.dataSet)
    }
    let source: FrameSource
    switch (encoding, pixels) {
    case (.native, .native(let length, let isWords)):
      let isBigEndian = header.transferSyntax == .explicitVRBigEndian
      do {
        let layout = try NativeLayout(of: header.dataSet, format, length: length)
        source = .native(layout, isBigEndian ? .bigEndian(isWords: isWords) : .littleEndian)
      } catch .pixelDataTooShort(let expected, let found) {
        // A file that ends too early is a broken transfer; one that is whole contradicts itself.
        if let cut = handle.cutPixels { throw .truncated(detail: cut.failure) }
        throw .pixelDataTooShort(expected: expected, found: found)
      }
    case (.native, .float(let length, _)):
      source = .float(try NativeLayout(of: header.dataSet, format, length: length))
    case (.native, .encapsulated), (_, .native), (_, .float):
      // The transfer syntax says one thing, the element another: no guess is safe.
      throw .malformed(detail: "Pixel Data is not encoded as its transfer syntax says")
    case (_, .encapsulated):
      try format.check(for: encoding)
      let decoder = FrameDecoder(
        transferSyntax: header.transferSyntax, encoding: encoding, dataSet: header.dataSet, format: format)
      source = .encapsulated(
        decoder, try FragmentLayout(of: header.dataSet, handle, markers: encoding.markers))
    }
    try format.checkBudget()
    self.init(header: header, format: format, handle: handle, source: source)
  }

  private init(header: DICOMHeader, format: ImageFormat, handle: consuming ObjectHandle, source: FrameSource) {
    self.header = header
    self.format = format
    self.frameCount = source.frameCount
    self.handle = handle
    self.source = source
  }

  /// Decodes one frame: rows from top to bottom, samples interleaved, little endian.
  ///
  /// Colour is not converted, except that 4:2:2 subsampling is undone: a JPEG with YBR_FULL_422 yields YBR_FULL. Palette
  /// indices stay indices. The container holds nothing but the stored value: in its low bits, sign-extended where signed,
  /// so that overlay bits (PS3.5 8.1.2) and other leavings never change a digest.
  ///
  /// - Parameter index: From 0.
  /// - Returns: The frame in the format it has after decoding.
  /// - Throws: `frameOutOfRange`, `codeStreamMismatch` or `undecodableFrame`.
  package mutating func frame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    try decodedFrame(index).withoutUnusedBits()
  }

  /// Where a frame is, and what it takes to get it; nothing is read.
  ///
  /// - Throws: `frameOutOfRange`.
  func placeOfFrame(_ index: Int) throws(DICOMFileError) -> FramePlace {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    switch source {
    case .native(let layout, .littleEndian) where layout.isAsStored(format):
      let range = layout.byteRange(ofFrame: index)
      guard let pixels = handle.nativePixels, pixels.count >= range.upperBound, range.count == format.frameBytes
      else { fallthrough }
      let start = pixels.lowerBound
      return .file(format.withFullChrominance, start + range.lowerBound..<start + range.upperBound)
    case .native, .float: return .coded(bytes: format.frameBytes, heap: 3 * format.frameBytes)
    case .encapsulated(let decoder, let layout):
      let length = layout.fragments(ofFrame: index).reduce(0) { $0 + handle.length(ofFragment: $1) }
      return .coded(bytes: format.frameBytes, heap: decoder.memory(forCodeStream: length))
    }
  }

  /// The bytes of a compressed frame as they lie in the file, padding included: all its fragments, one after the other.
  ///
  /// - Returns: `nil` for native pixel data.
  /// - Throws: `frameOutOfRange` and errors of reading.
  package mutating func codeStream(_ index: Int) throws(DICOMFileError) -> [UInt8]? {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    guard case .encapsulated(_, let layout) = source else { return nil }
    return try handle.readFragments(layout.fragments(ofFrame: index))
  }

  /// Decodes bytes that stand for a compressed frame of this object, as ``frame(_:)`` would if they lay in the file.
  package func decode(_ codeStream: [UInt8], as index: Int) throws(DICOMFileError) -> StoredFrame {
    guard case .encapsulated(let decoder, _) = source else {
      throw .unsupportedTransferSyntax(header.transferSyntax)
    }
    return try decoder.decode(codeStream, frame: index).withoutUnusedBits()
  }

  private func decodedFrame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    switch source {
    case .native(let layout, let order):
      let bytes = order.littleEndian(try handle.readPixels(layout.byteRange(ofFrame: index)), format)
      return try layout.frame(index, from: bytes, format)
    case .float(let layout):
      return try layout.frame(index, from: try handle.readFloatPixels(layout.byteRange(ofFrame: index)), format)
    case .encapsulated(let decoder, let layout):
      return try decoder.decode(try handle.readFragments(layout.fragments(ofFrame: index)), frame: index)
    }
  }
}

/// Where the frames of an image are.
enum FrameSource {
  case native(NativeLayout, PixelByteOrder)
  case float(NativeLayout)
  case encapsulated(FrameDecoder, FragmentLayout)

  var frameCount: Int {
    switch self {
    case .native(let layout, _), .float(let layout): layout.frameCount
    case .encapsulated(_, let layout): layout.frameCount
    }
  }
}

extension TransferSyntax.Encoding {
  /// How code streams are told apart where no offset table does it; `nil` where they cannot be.
  var markers: CodeStreamMarkers? {
    switch self {
    case .jpeg, .jpegLS: .jpeg
    case .jpeg2000: .jpeg2000
    case .native, .encapsulatedUncompressed, .deflatedFrame, .rle, .unsupported: nil
    }
  }
}
