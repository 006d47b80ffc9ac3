import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// A child finds what the reader in this process finds, in good files and in bad ones.
struct DecoderEqualityTests {
  private let children: DecoderChildren

  init() throws { children = try DecoderChildren() }

  private func compare(_ paths: [String]) {
    for path in paths {
      let here = DecodedFile(path, .inProcess)
      let there = DecodedFile(path, children.decoder)
      #expect(here == there, "\(path): \(String(describing: here.error)), \(String(describing: there.error))")
    }
  }

  private func files(below folder: String) -> [String] {
    let found = InputDiscovery.discover([folder]).files.map(\.path)
    #expect(found.count > 20)
    return found
  }

  @Test func `every sample study is read alike`() {
    compare(files(below: PackageRoot.path("SampleStudies/studies")))
    #expect(children.processes.count == 1)
  }

  /// Without `BUCKY_SHARED` real files of many makers go unchecked.
  @Test(.enabled(if: SharedData.path("dicom-corpus") != nil, "needs ../shared/dicom-corpus"))
  func `every file of the corpus is read alike, refusals included`() throws {
    compare(files(below: try #require(SharedData.path("dicom-corpus"))))
  }

  @Test func `what cannot be opened is refused alike`() throws {
    let folder = try TemporaryFolder()
    let paths = [
      folder.path("absent"), folder.path, "/dev/null", try folder.write([], to: "empty"),
      try folder.write("a text", to: "text"), try folder.write([UInt8](repeating: 0x41, count: 500), to: "letters"),
    ]
    compare(paths)
  }

  @Test func `texts in every character set come through`() throws {
    let folder = try TemporaryFolder()
    for (index, set) in [
      "ISO_IR 101", "ISO_IR 144", "ISO_IR 127", "ISO_IR 126", "ISO_IR 166", "ISO_IR 13", "GB18030", "GBK",
      #"\ISO 2022 IR 87"#, #"\ISO 2022 IR 159"#, #"\ISO 2022 IR 149"#, #"\ISO 2022 IR 58"#,
    ].enumerated() {
      var bytes = DICOMBytes()
      bytes.add(.specificCharacterSet, "CS", set)
      bytes.addImage()
      let text: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x42, 0x20, 0xB1, 0xC1, 0xD1, 0xE1, 0x20]
      bytes.add(.patientName, "PN", text)
      bytes.add(.pixelData, "OB", [1, 2, 3, 4, 5, 6, 7, 8])
      try folder.write(DICOMBytes.file(.explicitVRLittleEndian, bytes.bytes), to: "text-\(index)")
    }
    compare((0..<12).map { folder.path("text-\($0)") })
  }

  @Test func `a damaged file is refused alike, and the child goes on`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("sample")
    try DICOMFileWriter.write(
      SampleObjects.secondaryCapture(), transferSyntax: .jpegBaseline8Bit,
      frames: (0..<2).map { _ in SampleObjects.gradient(16, 16, .monochrome2) }, to: path)
    let bytes = try folder.read("sample")
    var random = FixedRandom(seed: 5)
    var paths: [String] = []
    for round in 0..<60 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 128..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      paths.append(try folder.write(damaged, to: "damaged-\(round)"))
      paths.append(try folder.write(Array(bytes.prefix(bytes.count * round / 60)), to: "cut-\(round)"))
    }
    compare(paths)
  }

  @Test func `a header value of every kind comes through`() throws {
    let folder = try TemporaryFolder()
    var dataSet = SampleObjects.secondaryCapture()
    dataSet.set(.windowCenter, .ds, "40", "300.5")
    dataSet[Tag(0x0028, 0x1101)] = DataSet.Element(.us, .integers([256, 0, 16]))
    dataSet[Tag(0x0018, 0x9087)] = DataSet.Element(.fd, .floats([1.5, -0.0, .infinity]))
    dataSet[Tag(0x0028, 0x0009)] = DataSet.Element(.at, .tags([Tag(0x0018, 0x1063)]))
    dataSet[Tag(0x0009, 0x1001)] = DataSet.Element(.ob, .bytes([1, 2, 3, 4]))
    dataSet[Tag(0x0009, 0x0010)] = DataSet.Element(.lo, .strings(["BUCKY"]))
    var item = DataSet()
    item.set(.codeMeaning, .lo, "inner")
    dataSet.set(.anatomicRegionSequence, items: [item, DataSet()])
    try DICOMFileWriter.write(
      dataSet, transferSyntax: .explicitVRLittleEndian, frames: [SampleObjects.frame()], to: folder.path("all"))
    compare([folder.path("all")])
    let brief = DecodedFile(folder.path("all"), children.decoder, extent: .brief)
    #expect(brief == DecodedFile(folder.path("all"), .inProcess, extent: .brief))
    #expect(brief.header?.dataSet.contains(Tag(0x0009, 0x1001)) == false)
  }
}
