import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct ClassificationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func classify(_ bytes: [UInt8], as name: String = "file") throws -> FileClassification {
    FileClassification(of: InputFile(path: try folder.write(bytes, to: name), source: name))
  }

  private func expect(_ bytes: [UInt8], _ reason: RefusalReason, _ detail: String = "") throws {
    guard case .refused(let refusal, _) = try classify(bytes) else {
      Issue.record("not refused: \(reason)")
      return
    }
    #expect(refusal.reason == reason, "\(refusal.detail)")
    #expect(detail.isEmpty || refusal.detail.contains(detail), "\(refusal.detail)")
    #expect(refusal.source == "file")
  }

  private func image(
    _ transferSyntax: UID = .explicitVRLittleEndian, pixels: Int = 8, _ build: (inout DICOMBytes) -> Void
  ) -> [UInt8] {
    var dataSet = DICOMBytes()
    build(&dataSet)
    dataSet.add(.pixelData, "OW", [UInt8](repeating: 1, count: pixels))
    return DICOMBytes.file(transferSyntax, dataSet.bytes)
  }

  // MARK: - Recognised by content

  @Test func `a data set is recognised with preamble, without it, and without meta information`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage()
    dataSet.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8))
    let file = DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes)
    for (bytes, hasMeta) in [(file, true), (Array(file.dropFirst(132)), true), (dataSet.bytes, false)] {
      guard case .image(let image) = try classify(bytes) else {
        Issue.record("refused: \(try classify(bytes))")
        continue
      }
      #expect(image.header.hasMetaInformation == hasMeta)
      #expect(image.header.transferSyntax == .explicitVRLittleEndian)
      #expect(image.identity.sopInstanceUID == UID("1.2.3.1.1"))
      #expect(image.format.rows == 2)
      #expect(image.frameCount == 1)
    }
  }

  @Test func `implicit and big endian data sets are recognised without meta information`() throws {
    var implicit = DICOMBytes(isImplicit: true)
    implicit.addImage()
    implicit.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8))
    guard case .image(let little) = try classify(implicit.bytes) else {
      Issue.record("refused: \(try classify(implicit.bytes))")
      return
    }
    #expect(little.header.transferSyntax == .implicitVRLittleEndian)

    var big = DICOMBytes(isBigEndian: true)
    big.addImage()
    big.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8))
    guard case .image(let swapped) = try classify(big.bytes) else {
      Issue.record("refused: \(try classify(big.bytes))")
      return
    }
    #expect(swapped.header.transferSyntax == .explicitVRBigEndian)
  }

  // MARK: - Skipped

  @Test(
    "what is no DICOM is skipped",
    arguments: [
      Array("Dear colleague,\n".utf8), [0], [UInt8](repeating: 0, count: 4096), Array("DICM".utf8),
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], Array("{\"00080005\": {}}".utf8),
    ])
  func notDICOM(bytes: [UInt8]) throws {
    try expect(bytes, .notDICOM)
  }

  @Test func `a document is skipped with the name of its SOP class`() throws {
    let path = folder.path("sr")
    try DICOMFileWriter.write(SampleObjects.document(), transferSyntax: .explicitVRLittleEndian, to: path)
    try expect(try folder.read("sr"), .nonImage, "Comprehensive3DSRStorage")
  }

  @Test func `a media directory is skipped`() throws {
    var dataSet = DICOMBytes()
    dataSet.add(Tag(0x0004, 0x1130), "CS", "DISC")
    dataSet.add(.directoryRecordSequence, "SQ", [])
    try expect(
      DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes, sopClass: .mediaStorageDirectoryStorage), .dicomdir)
  }

  // MARK: - Quarantined

  @Test func `an empty file is quarantined`() throws {
    try expect([], .emptyFile)
  }

  @Test(
    "an image without an attribute it needs is quarantined with the tag",
    arguments: [
      Tag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID, .rows, .columns, .bitsAllocated, .bitsStored,
      .photometricInterpretation, .pixelRepresentation,
    ])
  func missingAttribute(tag: DICOMCore.Tag) throws {
    try expect(image { $0.addImage(without: [tag]) }, .missingAttribute, tag.description)
  }

  @Test func `an image class without pixel data is a damaged image`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage()
    try expect(DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes), .missingAttribute, "(7FE0,0010)")
  }

  @Test func `contradictions of the Image Pixel Module are found`() throws {
    try expect(image { $0.addImage(rows: 0) }, .malformedHeader, "(0028,0010)")
    try expect(image(pixels: 24) { $0.addImage(samples: 3) }, .malformedHeader, "(0028,0002)")
    try expect(image { $0.addImage(photometric: "RGB") }, .malformedHeader, "(0028,0002)")
    try expect(image { $0.addImage(stored: 9) }, .malformedHeader, "(0028,0101)")
    try expect(image { $0.addImage(signed: 2) }, .malformedHeader, "(0028,0103)")
    try expect(image { $0.addImage(frames: "0") }, .malformedHeader, "(0028,0008)")
    try expect(image { $0.addImage(frames: "-3") }, .malformedHeader, "(0028,0008)")
    try expect(image { $0.addImage(photometric: "CMYK") }, .unsupportedPixelData, "CMYK")
    try expect(image(pixels: 64) { $0.addImage(allocated: 64) }, .unsupportedPixelData, "64")
  }

  @Test func `a high bit below the stored bits or above the container is taken for the lowest possible`() throws {
    for highBit in [6, 8, 0xFFFF] {
      let bytes = image {
        $0.addImage(without: [.highBit, .pixelRepresentation])
        $0.add(.highBit, word: highBit)
        $0.add(.pixelRepresentation, word: 0)
      }
      #expect(try DICOMFile(path: folder.write(bytes, to: "high.dcm")).format.highBit == 7)
    }
  }

  @Test func `pixel data shorter than asked for is found before it is allocated`() throws {
    try expect(image { $0.addImage(rows: 65535, columns: 65535, allocated: 16) }, .structureRule, "frame-size")
    try expect(image { $0.addImage(frames: "2") }, .structureRule, "(8, needed are 16)")
    for frames in ["2147483647", "999999999999", "9223372036854775807"] {
      try expect(image { $0.addImage(frames: frames) }, .structureRule, "frame-count")
    }
  }

  @Test func `a compressed frame beyond the budget is refused before it is decoded`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 65535, columns: 65535, allocated: 16)
    dataSet.addFragments([[0xFF, 0xD8, 0xFF, 0xD9]])
    try expect(DICOMBytes.file(.jpegLosslessSV1, dataSet.bytes), .structureRule, "8589672450")
  }

  @Test func `a transfer syntax without decoder is named, a private one too`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage()
    dataSet.addFragments([[0xFF, 0x4F, 0xFF, 0x51]])
    let names = [
      ("4.92", "JPEG 2000 Part 2 Multi-component"), ("4.94", "JPIP Referenced"), ("4.100", "MPEG2 Main Profile"),
      ("4.102", "MPEG-4 AVC/H.264"), ("4.107", "HEVC/H.265"), ("4.110", "JPEG XL Lossless"), ("4.204", "JPIP HTJ2K"),
    ]
    for (suffix, name) in names {
      let transferSyntax = try #require(UID("1.2.840.10008.1.2.\(suffix)"))
      try expect(DICOMBytes.file(transferSyntax, dataSet.bytes), .unsupportedTransferSyntax, name)
    }
    let privateSyntax = try #require(UID("1.2.3.4.5"))
    try expect(DICOMBytes.file(privateSyntax, dataSet.bytes), .unsupportedTransferSyntax, "1.2.3.4.5")
  }

  @Test func `pixel data that is not encoded as its transfer syntax says is refused`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage()
    dataSet.addFragments([[1, 2, 3, 4, 5, 6, 7, 8]])
    try expect(DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes), .malformedHeader)
  }
}
