package import DICOMCore

/// Where untrusted bytes become values.
package enum FileDecoder: Sendable {
  /// In this process: what the child itself uses, and what measurements and tests compare it with.
  case inProcess
  /// In decoder children. What they are given to read cannot harm this process.
  case children(DecoderPool)

  /// The children, where there are some.
  package var pool: DecoderPool? { if case .children(let pool) = self { pool } else { nil } }

  /// The verdict on a file, from its header alone.
  package func classify(_ file: InputFile) -> FileClassification {
    switch self {
    case .inProcess: FileClassification(of: file)
    case .children(let pool): pool.classify(file)
    }
  }

  /// Opens an image, to take frames from it.
  ///
  /// - Parameter frame: The one that will be asked for first, from 0: a child hands it over with the header.
  /// - Throws: ``DICOMFileError``, the same in both cases but for `decoderLost` and those about memory.
  package func open(
    _ path: String, extent: DICOMHeader.Extent = .full, frame: Int? = nil
  ) throws(DICOMFileError) -> ImageReader {
    guard let pool else { return ImageReader(try DICOMFile(path: path, extent: extent)) }
    do throws(DICOMFileError) {
      return ImageReader(try ChildImage(pool, opening: path, extent, frame: frame))
    } catch {
      pool.refusals.note(error, path: path)
      throw error
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
    try frame(index, working: 0).frame
  }

  /// Decodes one frame to work on. Waits for others that work on large frames where all of them together would take too
  /// much memory.
  ///
  /// - Parameters:
  ///   - index: From 0.
  ///   - working: Bytes that the frame and what is made of it take in this process.
  package mutating func frame(_ index: Int, working: Int) throws(DICOMFileError) -> LoadedFrame {
    if let frame = try file?.frame(index) { return LoadedFrame(frame: frame, grant: nil) }
    if let frame = try remote?.frame(index, working: working) { return frame }
    throw .frameOutOfRange(index: index, count: frameCount)
  }
}

/// A frame and the memory that it may take while it is worked on.
package struct LoadedFrame {
  let frame: StoredFrame
  let grant: MemoryGrant?

  /// Works on the frame; its memory is given back afterwards.
  package func use<Value, Failure>(_ body: (StoredFrame) throws(Failure) -> Value) throws(Failure) -> Value {
    defer { withExtendedLifetime(grant) {} }
    return try body(frame)
  }
}
