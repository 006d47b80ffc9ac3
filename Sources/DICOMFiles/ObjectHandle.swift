// The owner of a DCMTK file. All pointers into it stay in this file and its extensions `ObjectHandle+…`.

internal import CDCMTK
internal import DICOMCore

/// A DICOM file held by DCMTK; freed with its only owner. Not Sendable: it is used where it was opened.
@safe struct ObjectHandle: ~Copyable {
  let raw: OpaquePointer
  /// The file that values are read from when they are asked for; `nil` for an object made here.
  private let source: SourceFile?
  /// Pixel Data that DCMTK could not read.
  let cutPixels: CutPixelData?
  /// Where in the file native Pixel Data has its value, as far as the structure tells.
  let nativePixels: Range<Int>?

  /// Scans the file's structure, then lets DCMTK parse it; large values stay on disk. A file that ends inside native
  /// Pixel Data is opened with what there is.
  ///
  /// - Throws: `memoryExceeded` before anything large is allocated, and why the file cannot be read.
  static func open(_ source: SourceFile, _ extent: ReadingExtent) throws(DICOMFileError) -> ObjectHandle {
    let scan = try PreScan(source, limits: source.structureLimits)
    let needed = scan.memoryForParsing(extent)
    guard needed <= source.parsingLimit else { throw .memoryExceeded(needed: needed, limit: source.parsingLimit) }
    var error = cdcmtk_error()
    if let file = unsafe cdcmtk_file_open(source.descriptor, limits, &error) {
      return unsafe ObjectHandle(file, of: source, nil, scan.nativePixels)
    }
    let failure = DICOMFileError(reading: error)
    guard case .truncated(let detail) = failure else { throw failure }
    guard let file = unsafe cdcmtk_file_open_before_pixels(source.descriptor, limits, &error) else { throw failure }
    let start = unsafe Int(clamping: cdcmtk_file_end_of_reading(file))
    do throws(DICOMFileError) {
      if let cut = try CutPixelData(in: source, valueStart: start, failure: detail) {
        return unsafe ObjectHandle(file, of: source, cut, scan.nativePixels)
      }
    } catch {
      unsafe cdcmtk_file_free(file)
      throw error
    }
    unsafe cdcmtk_file_free(file)
    throw failure
  }

  /// Opens a file whose pixel data is cut short, as far as its attributes go.
  init(openingBeforePixels source: SourceFile) throws(DICOMFileError) {
    var error = cdcmtk_error()
    guard let file = unsafe cdcmtk_file_open_before_pixels(source.descriptor, Self.limits, &error) else {
      throw DICOMFileError(reading: error)
    }
    unsafe self.init(file, of: source, nil)
  }

  private init(
    _ file: OpaquePointer, of source: SourceFile?, _ cutPixels: CutPixelData?, _ nativePixels: Range<Int>? = nil
  ) {
    unsafe raw = file
    self.source = source
    self.cutPixels = cutPixels
    self.nativePixels = nativePixels
  }

  /// One MiB is room for some hundred levels of nesting, on threads whose stack is a few MiB.
  private static var limits: cdcmtk_limits { cdcmtk_limits(stack_bytes: 1 << 20, inflated_bytes: 1 << 30) }

  /// An empty file, to be filled and written.
  init() throws(DICOMFileError) {
    var error = cdcmtk_error()
    guard let file = unsafe cdcmtk_file_create(&error) else { throw DICOMFileError(writing: error) }
    unsafe self.init(file, of: nil, nil)
  }

  deinit { unsafe cdcmtk_file_free(raw) }

  /// The UID DCMTK read the data set with; `nil` when it does not know the transfer syntax.
  var detectedTransferSyntax: UID? {
    unsafe UID(String(cString: cdcmtk_file_transfer_syntax(raw)))
  }
}

// MARK: - Errors

extension cdcmtk_error {
  var message: String {
    unsafe withUnsafeBytes(of: text) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension DICOMFileError {
  /// An error of opening or reading a file.
  init(reading error: cdcmtk_error) {
    switch error.status {
    case .CDCMTK_STATUS_SYSTEM: self.init(openingFailedWith: error.system_error)
    case .CDCMTK_STATUS_TRUNCATED: self = .truncated(detail: error.message)
    case .CDCMTK_STATUS_NESTING: self = .nestingTooDeep(limit: ReadingExtent.maximumDepth)
    case .CDCMTK_STATUS_NO_MEMORY: self = .outOfMemory
    case .CDCMTK_STATUS_INFLATED: self = .malformed(detail: "the data set inflates to more than 1 GiB")
    default: self = .malformed(detail: error.message)
    }
  }

  /// An error of building or writing a file.
  init(writing error: cdcmtk_error) {
    self =
      error.status == .CDCMTK_STATUS_SYSTEM
      ? .cannotWrite(errno: error.system_error) : .cannotEncode(detail: error.message)
  }
}
