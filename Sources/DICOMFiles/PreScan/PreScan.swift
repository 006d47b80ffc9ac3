/// One bounded pass over the structure of a file, in Swift, before a native parser sees a byte of it.
///
/// Values are passed over unread, except the few that decide how much memory the pixels take, so that a gigabyte of native
/// pixel data costs a few reads. Memory does not depend on the file. What the scan accepts is not thereby a good file: it
/// is one whose size, nesting and pixel count are what they claim and within ``PreScanLimits``.
package struct PreScan: Sendable, Equatable {
  /// Data elements and items.
  package let elementCount: Int
  /// Sequences inside each other.
  package let deepestNesting: Int
  /// Bytes of everything but pixels.
  let headerBytes: Int
  /// Bytes of a deflated data set once inflated, 0 for others.
  let inflatedBytes: Int
  /// Where in the file native Pixel Data has its value, when there is one such place.
  let nativePixels: Range<Int>?

  /// Scans the file at `path`.
  package init(path: String, limits: PreScanLimits = PreScanLimits()) throws(DICOMFileError) {
    try self.init(SourceFile(opening: path), limits: limits)
  }

  /// Scans a file that ``FileSignature`` takes for DICOM.
  ///
  /// - Throws: ``DICOMFileError/structure(_:)`` for a broken rule, `truncated` when the file ends too early, or why it
  ///   cannot be read at all.
  init(_ source: SourceFile, limits: PreScanLimits = PreScanLimits()) throws(DICOMFileError) {
    var input = ScanInput(source, inflatedLimit: limits.inflatedBytes)
    do throws(ScanFailure) {
      var scanner = ElementScanner(limits: limits)
      try scanner.scan(&input)
      try scanner.outline.check(limits)
      (elementCount, deepestNesting) = (scanner.elementCount, scanner.deepestNesting)
      headerBytes = input.position - scanner.outline.pixelBytes
      inflatedBytes = input.isInflated ? input.position : 0
      nativePixels = scanner.outline.nativeValue
    } catch {
      switch error {
      case .finding(let finding): throw .structure(finding)
      case .file(let failure): throw failure
      }
    }
  }
}
