package import DICOMCore

/// A data set without its pixel data, and how it was encoded.
package struct DICOMHeader: Sendable, Equatable {
  /// Text in Unicode, numbers as numbers. Pixel Data (7FE0,0010) and group lengths are left out.
  package let dataSet: DataSet
  package let transferSyntax: UID
  /// False for a bare data set without preamble and meta information (PS3.10 7).
  package let hasMetaInformation: Bool

  package init(dataSet: DataSet, transferSyntax: UID, hasMetaInformation: Bool) {
    self.dataSet = dataSet
    self.transferSyntax = transferSyntax
    self.hasMetaInformation = hasMetaInformation
  }

  /// How much of a header is wanted.
  package enum Extent: Sendable {
    case full
    /// What selection and reports need: no private elements, functional groups, overlays, or values above 4 KiB.
    case brief
  }

  /// Reads the header of a file of any kind; pixel data is not loaded.
  ///
  /// - Throws: ``DICOMFileError`` for a file that cannot be opened, is empty, is not DICOM or does not parse.
  package init(path: String, extent: Extent = .full) throws(DICOMFileError) {
    let source = try SourceFile(opening: path)
    try FileStart.check(source)
    let extent = ReadingExtent(isBrief: extent == .brief)
    self = try Self(of: ObjectHandle.open(source, extent), extent)
  }

  init(of handle: borrowing ObjectHandle, _ extent: ReadingExtent) throws(DICOMFileError) {
    let stated = try handle.statedTransferSyntax()
    guard let transferSyntax = stated ?? handle.detectedTransferSyntax else {
      throw .missingAttribute(.transferSyntaxUID)
    }
    let dataSet = try handle.readDataSet(extent)
    self.init(dataSet: dataSet, transferSyntax: transferSyntax, hasMetaInformation: handle.hasMetaInformation)
  }
}

/// The checks that come before DCMTK sees a file.
enum FileStart {
  /// - Throws: What stands in the way of reading a file as DICOM.
  static func check(_ source: SourceFile) throws(DICOMFileError) {
    switch FileSignature(try source.read(at: 0, count: FileSignature.length)) {
    case .part10, .bareDataSet: return
    case .displacedDataSet(let offset): throw .malformed(detail: "the data set starts \(offset) bytes late")
    case .unknown: throw .notDICOM
    }
  }
}
