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
    let handle = try ObjectHandle(opening: source)
    let header = try DICOMHeader(of: handle, ReadingExtent(isBrief: extent == .brief))
    try self.init(handle, header)
  }

  init(_ handle: consuming ObjectHandle, _ header: DICOMHeader) throws(DICOMFileError) {
    guard let encoding = TransferSyntax.encoding(header.transferSyntax), encoding != .unsupported else {
      throw .unsupportedTransferSyntax(header.transferSyntax)
    }
    let pixels = try handle.locatePixels()
    let format = try ImageFormat(of: header.dataSet)
    if header.transferSyntax == .explicitVRBigEndian, format.bitsAllocated == 32 {
      throw .unsupportedAttribute(.bitsAllocated, found: "32 in big endian order")
    }
    let source: FrameSource
    switch (encoding, pixels) {
    case (.native, .native(let length)):
      source = .native(try NativeLayout(of: header.dataSet, format, length: length))
    case (.native, .encapsulated), (_, .native):
      // The transfer syntax says one thing, the element another: no guess is safe.
      throw .malformed(detail: "Pixel Data is not encoded as its transfer syntax says")
    case (_, .encapsulated):
      try format.check(for: encoding)
      source = .encapsulated(
        encoding, try FragmentLayout(of: header.dataSet, handle, findsStartMarkers: encoding.startsWithMarker))
    }
    try format.checkBudget()
    if case .encapsulated = source { try handle.settle(format, frameCount: source.frameCount) }
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

  private func decodedFrame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    switch source {
    case .native(let layout):
      let range = layout.byteRange(ofFrame: index)
      return try layout.frame(index, from: try handle.readPixels(range), format)
    case .encapsulated(.encapsulatedUncompressed, let layout):
      let bytes = try handle.readFragments(layout.fragments(ofFrame: index))
      let native = try NativeLayout(of: header.dataSet, format, length: bytes.count, frameCount: 1)
      return try native.frame(0, from: bytes, format)
    case .encapsulated(.rle, let layout):
      let stream = try RLEStream(try handle.readFragments(layout.fragments(ofFrame: index)), frame: index, format)
      return StoredFrame(format: format.withFullChrominance, bytes: try stream.decode())
    case .encapsulated(_, let layout):
      return try decode(index, firstFragment: layout.fragments(ofFrame: index).lowerBound)
    }
  }

  /// Decodes a code stream of the JPEG family.
  private func decode(_ index: Int, firstFragment: Int) throws(DICOMFileError) -> StoredFrame {
    var coded = format
    let prefix = try handle.readPrefix(ofFragment: firstFragment, count: CodeStreamHeader.searchLength)
    if let header = CodeStreamHeader(prefix) {
      try header.check(against: format)
      // The decoder works in bytes up to eight bits a sample, whatever container the attributes ask for.
      if header.precision <= 8, format.bitsAllocated == 16 { (coded.bitsAllocated, coded.bitsStored) = (8, 8) }
    }
    let decoded = try handle.decode(frame: index, firstFragment: firstFragment, coded)
    var result = format
    if format.samplesPerPixel == 3 {
      // The label of the decoded samples; subsampled chrominance has been filled in by the decoder.
      switch PhotometricInterpretation(rawValue: decoded.photometric) {
      case .rgb?: result.photometricInterpretation = .rgb
      case .ybrFull?, .ybrFull422?: result.photometricInterpretation = .ybrFull
      default: throw .unsupportedAttribute(.photometricInterpretation, found: decoded.photometric)
      }
    }
    let isNarrow = coded.bitsAllocated < format.bitsAllocated
    return StoredFrame(format: result, bytes: isNarrow ? decoded.bytes.flatMap { [$0, 0] } : decoded.bytes)
  }
}

/// Where the frames of an image are.
enum FrameSource {
  case native(NativeLayout)
  case encapsulated(TransferSyntax.Encoding, FragmentLayout)

  var frameCount: Int {
    switch self {
    case .native(let layout): layout.frameCount
    case .encapsulated(_, let layout): layout.frameCount
    }
  }
}

extension TransferSyntax.Encoding {
  /// Code streams of the JPEG family start with the SOI marker.
  var startsWithMarker: Bool { self == .jpeg || self == .jpegLS }
}
