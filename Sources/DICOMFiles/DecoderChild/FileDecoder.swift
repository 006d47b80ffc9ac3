package import DICOMCore

/// Where untrusted bytes become values.
package enum FileDecoder: Sendable {
  /// In this process: what the child itself uses, and what measurements and tests compare it with.
  case inProcess
  /// In decoder children. What they are given to read cannot harm this process.
  case children(DecoderPool)

  /// The verdict on a file, from its header alone.
  package func classify(_ file: InputFile) -> FileClassification {
    switch self {
    case .inProcess: FileClassification(of: file)
    case .children(let pool): pool.classify(file)
    }
  }

  /// Opens an image, to take frames from it.
  ///
  /// - Throws: ``DICOMFileError``, the same in both cases but for `decoderLost` and `outOfMemory`.
  package func open(_ path: String, extent: DICOMHeader.Extent = .full) throws(DICOMFileError) -> ImageReader {
    switch self {
    case .inProcess: ImageReader(try DICOMFile(path: path, extent: extent))
    case .children(let pool): ImageReader(try ChildImage(pool, opening: SourceFile(opening: path), extent))
    }
  }
}

/// An open image: its header at once, its frames one at a time, decoded here or in a child.
package struct ImageReader: ~Copyable {
  package let header: DICOMHeader
  package let format: ImageFormat
  package let frameCount: Int

  // One of the two is there.
  private var file: DICOMFile?
  private var remote: ChildImage?

  init(_ file: consuming DICOMFile) {
    (header, format, frameCount) = (file.header, file.format, file.frameCount)
    self.file = consume file
    remote = nil
  }

  init(_ remote: consuming ChildImage) {
    (header, format, frameCount) = (remote.header, remote.format, remote.frameCount)
    file = nil
    self.remote = consume remote
  }

  /// Decodes one frame, as ``DICOMFile/frame(_:)`` does.
  ///
  /// - Parameter index: From 0.
  package mutating func frame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    if let frame = try file?.frame(index) { return frame }
    if let frame = try remote?.frame(index) { return frame }
    throw .frameOutOfRange(index: index, count: frameCount)
  }
}
