internal import DICOMCore

/// Native Pixel Data whose length field points beyond the end of the file.
///
/// DCMTK reads nothing of such an element. The frames may be there all the same, behind a wrong length or before
/// something else that is missing; they are then read from the file itself.
struct CutPixelData {
  private let source: SourceFile
  /// Of the first byte of the value in the file.
  private let start: Int
  /// Bytes up to the end of the value or the file, whichever comes first.
  let length: Int
  /// What DCMTK said of the file.
  let failure: String

  /// - Parameter start: Where reading stopped, just behind the header of Pixel Data.
  /// - Returns: `nil` where there is no little endian header of native Pixel Data with a defined length.
  init?(in source: SourceFile, valueStart start: Int, failure: String) throws(DICOMFileError) {
    guard start >= 12 else { return nil }
    let header = try source.read(at: start - 12, count: 12)
    let tag: [UInt8] = [0xE0, 0x7F, 0x10, 0x00]
    let isExplicit = header.starts(with: tag) && ["OB", "OW"].contains { $0.utf8.elementsEqual(header[4..<6]) }
    guard header.count == 12, isExplicit || header[4..<8].elementsEqual(tag) else { return nil }
    let stated = Int(ValueDecoding.numbers(Array(header[8...]), UInt32.self)[0])
    let available = source.size - start
    guard stated != 0xFFFF_FFFF, available >= 0 else { return nil }
    (self.source, self.start, self.length, self.failure) = (source, start, min(stated, available), failure)
  }

  func read(_ range: Range<Int>) throws(DICOMFileError) -> [UInt8] {
    try source.read(at: start + range.lowerBound, count: min(range.count, length - range.lowerBound))
  }
}
