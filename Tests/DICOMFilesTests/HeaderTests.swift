import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct HeaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ dataSet: DICOMBytes, _ transferSyntax: UID, extent: DICOMHeader.Extent = .full) throws -> DataSet
  {
    let path = try folder.write(DICOMBytes.file(transferSyntax, dataSet.bytes), to: "header.dcm")
    return try DICOMHeader(path: path, extent: extent).dataSet
  }

  @Test func `PS3.5 6.2.2: a standard sequence stored as UN is read as a sequence`() throws {
    var implicit = DICOMBytes(isImplicit: true)
    implicit.add(.codeValue, "SH", "T-D1100")
    let item = implicit.word(0xFFFE) + implicit.word(0xE000) + implicit.long(UInt32(implicit.bytes.count))
    for isUndefined in [false, true] {
      var dataSet = DICOMBytes()
      dataSet.add(.sopClassUID, "UI", UID.comprehensiveSRStorage.value)
      let end = isUndefined ? dataSet.word(0xFFFE) + dataSet.word(0xE0DD) + dataSet.long(0) : []
      let value = item + implicit.bytes
      dataSet.add(
        .anatomicRegionSequence, "UN", value + end, statedLength: isUndefined ? .max : UInt32(value.count))
      dataSet.add(.rows, word: 7)
      let read = try read(dataSet, .explicitVRLittleEndian)
      #expect(read.items(.anatomicRegionSequence).map { $0.string(.codeValue) } == ["T-D1100"])
      #expect(read.integer(.rows) == 7)
    }
  }

  @Test("an implicit US or SS takes its sign from Pixel Representation", arguments: [(0, 65534), (1, -2)])
  func signOfImplicitWords(pixelRepresentation: Int, expected: Int) throws {
    var dataSet = DICOMBytes(isImplicit: true)
    dataSet.add(.sopClassUID, "UI", UID.ctImageStorage.value)
    dataSet.add(.pixelRepresentation, word: pixelRepresentation)
    dataSet.add(.pixelPaddingValue, word: 0xFFFE)
    #expect(try read(dataSet, .implicitVRLittleEndian).integer(.pixelPaddingValue) == expected)
  }

  @Test func `a brief header leaves out what selection does not need`() throws {
    var dataSet = DICOMBytes()
    dataSet.add(.sopClassUID, "UI", UID.ctImageStorage.value)
    dataSet.add(Tag(0x0009, 0x0010), "LO", "SOMEBODY")
    dataSet.add(.patientID, "LO", "PHANTOM")
    dataSet.add(.lutData, "OW", [UInt8](repeating: 1, count: 5000))
    dataSet.add(Tag(0x6000, 0x0010), word: 512)
    dataSet.add(.pixelData, "OW", [1, 2])
    #expect(try read(dataSet, .explicitVRLittleEndian, extent: .brief).tags == [.sopClassUID, .patientID])
    let full = try read(dataSet, .explicitVRLittleEndian)
    #expect(full.tags == [.sopClassUID, Tag(0x0009, 0x0010), .patientID, .lutData, Tag(0x6000, 0x0010)])
    #expect(full.bytes(.lutData) == [UInt8](repeating: 1, count: 5000))
  }

  @Test func `numbers of big endian files come out as numbers, bytes of words in little endian order`() throws {
    var dataSet = DICOMBytes(isBigEndian: true)
    dataSet.add(.sopClassUID, "UI", UID.ctImageStorage.value)
    dataSet.add(.rows, word: 258)
    dataSet.add(.lutData, "OW", [1, 2, 3, 4])
    let read = try read(dataSet, .explicitVRBigEndian)
    #expect(read.integer(.rows) == 258)
    #expect(read.bytes(.lutData) == [2, 1, 4, 3])
  }

  @Test func `padding is trimmed and values are divided`() throws {
    var dataSet = DICOMBytes()
    dataSet.add(.sopClassUID, "UI", UID.ctImageStorage.value)
    dataSet.add(.imageType, "CS", "ORIGINAL \\ PRIMARY\\\\AXIAL ")
    dataSet.add(Tag(0x0010, 0x4000), "LT", "  a\\b  ")
    dataSet.add(.accessionNumber, "SH", "")
    let read = try read(dataSet, .explicitVRLittleEndian)
    #expect(read.strings(.imageType) == ["ORIGINAL", "PRIMARY", "", "AXIAL"])
    #expect(read.strings(Tag(0x0010, 0x4000)) == ["  a\\b"])
    #expect(read[.accessionNumber] == DataSet.Element(.sh, .strings([])))
    #expect(read.uid(.sopClassUID) == .ctImageStorage)
  }

  /// DCMTK's codecs and dictionary are shared by all threads, its objects by none.
  @Test func `many files are read and decoded at once`() async throws {
    let frames = (0..<8).map { SampleObjects.frame(32, 32, allocated: 16, stored: 12, seed: UInt64($0)) }
    let syntaxes: [UID] = [.explicitVRLittleEndian, .rleLossless, .jpegLosslessSV1, .jpegLSLossless]
    for (index, frame) in frames.enumerated() {
      try DICOMFileWriter.write(
        SampleObjects.secondaryCapture(), transferSyntax: syntaxes[index % 4], frames: [frame],
        to: folder.path("\(index)"))
    }
    let folder = folder
    let isRight = try await withThrowingTaskGroup(of: Bool.self) { group in
      for round in 0..<64 {
        group.addTask {
          var file = try DICOMFile(path: folder.path("\(round % 8)"))
          return try file.frame(0) == frames[round % 8]
        }
      }
      var results: [Bool] = []
      for try await result in group { results.append(result) }
      return results
    }
    #expect(isRight == [Bool](repeating: true, count: 64))
  }
}
