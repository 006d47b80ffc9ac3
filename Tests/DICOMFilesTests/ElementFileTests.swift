import DICOMCore
import DICOMFiles
import TestSupport
import Testing

struct ElementFileTests {
  private static let sopClass = UID.secondaryCaptureImageStorage.value

  private func read(_ bytes: [UInt8]) throws -> ElementFile {
    let folder = try TemporaryFolder()
    let path = folder.path("file.dcm")
    try folder.write(bytes, to: "file.dcm")
    return try ElementFile(path: path)
  }

  private static func identity(_ bytes: inout ElementBytes, characterSet: String? = nil) {
    if let characterSet { bytes.add(0x0008_0005, "CS", characterSet) }
    bytes.add(0x0008_0016, "UI", sopClass)
    bytes.add(0x0008_0018, "UI", "1.2.3")
  }

  @Test("Every native encoding gives the same elements", arguments: ElementBytes.Encoding.allCases)
  func encodings(encoding: ElementBytes.Encoding) throws {
    var item = ElementBytes(encoding)
    item.add(0x0008_1155, "UI", "1.2.4")
    var bytes = ElementBytes(encoding)
    Self.identity(&bytes)
    bytes.add(0x0008_1140, items: [item.bytes, []])
    bytes.add(0x0008_1199, items: [item.bytes], hasLengths: true)
    bytes.add(0x0010_0010, "PN", "Doe^John")
    bytes.add(0x0028_0010, word: 0x0102)
    bytes.add(0x0028_9474, "CS", "YES")
    let file = try read(bytes.file(sopClass: Self.sopClass, instance: "1.2.3"))
    let dataSet = file.dataSet
    #expect(
      dataSet.elements.map(\.tag) == [
        .sopClassUID, .sopInstanceUID, Tag(0x0008, 0x1140), Tag(0x0008, 0x1199), .patientName, .rows,
        Tag(0x0028, 0x9474),
      ])
    #expect(dataSet.elementCount == 9)
    #expect(dataSet[.rows] == RawElement(.rows, .us, .bytes([0x02, 0x01])))
    #expect(dataSet[Tag(0x0008, 0x1140)]?.items?.map(\.elements.count) == [1, 0])
    #expect(dataSet.text(.patientName) == "Doe^John")
    #expect(file.metaTags.count == 5)
    #expect(file.hasPreamble)
  }

  @Test func `An unknown value where a sequence should be stays unknown, and nothing is lost behind it`() throws {
    var bytes = ElementBytes()
    Self.identity(&bytes)
    bytes.add(0x0008_1140, "UN", "no items at all")
    bytes.add(0x0010_0010, "PN", "Doe^John")
    let dataSet = try read(bytes.file(sopClass: Self.sopClass, instance: "1.2.3")).dataSet
    #expect(dataSet[Tag(0x0008, 0x1140)]?.vr == .un)
    #expect(dataSet[Tag(0x0008, 0x1140)]?.items == nil)
    #expect(dataSet.text(.patientName) == "Doe^John")
  }

  @Test func `A standard sequence that is stored as UN is a sequence, an unknown one stays unknown`() throws {
    var item = ElementBytes(.implicit)
    item.add(0x0010_0010, "PN", "Doe^John")
    var bytes = ElementBytes()
    Self.identity(&bytes)
    bytes.add(0x0008_1140, items: [item.bytes], hasLengths: true, vr: "UN")
    bytes.add(0x0008_4999, "UN", "MARKER")
    bytes.add(0x0010_0010, "UN", "Doe^Jane")
    let dataSet = try read(bytes.file(sopClass: Self.sopClass, instance: "1.2.3")).dataSet
    #expect(dataSet[Tag(0x0008, 0x1140)]?.items?.first?.text(.patientName) == "Doe^John")
    #expect(dataSet[Tag(0x0008, 0x4999)]?.vr == .un)
    #expect(dataSet[.patientName]?.vr == .pn)
  }

  @Test(
    "Text is UTF-8 whatever the file's character sets, at every level",
    arguments: [
      ("ISO_IR 100", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72] as [UInt8], "Müller"),
      ("ISO_IR 192", Array("山田^太郎".utf8), "山田^太郎"),
      ("GB18030", [0xCD, 0xF5], "王"),
      ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "山田"),
    ])
  func characterSets(set: String, source: [UInt8], text: String) throws {
    var inner = ElementBytes()
    inner.add(0x0008_0005, "CS", "ISO_IR 100")
    inner.add(0x0010_0010, "PN", [0xE9, 0x20])
    var outer = ElementBytes()
    outer.add(0x0010_0010, "PN", source + (source.count % 2 == 0 ? [] : [0x20]))
    var bytes = ElementBytes()
    Self.identity(&bytes, characterSet: set)
    bytes.add(0x0008_1140, items: [outer.bytes, inner.bytes, outer.bytes])
    bytes.add(0x0010_0010, "PN", source + (source.count % 2 == 0 ? [] : [0x20]))
    let dataSet = try read(bytes.file(sopClass: Self.sopClass, instance: "1.2.3")).dataSet
    let items = try #require(dataSet[Tag(0x0008, 0x1140)]?.items)
    #expect(items.map { $0.text(.patientName) } == [text, "é", text])
    #expect(dataSet.text(.patientName) == text)
    #expect(dataSet[.patientName]?.source?.starts(with: source) == true)
  }

  @Test func `What was read is written in Explicit VR Little Endian and read again the same`() throws {
    let folder = try TemporaryFolder()
    for encoding in ElementBytes.Encoding.allCases {
      var item = ElementBytes(encoding)
      item.add(0x0008_1155, "UI", "1.2.4")
      var bytes = ElementBytes(encoding)
      Self.identity(&bytes)
      bytes.add(0x0008_1140, items: [item.bytes, []])
      bytes.add(0x0010_0020, "LO", "odd")
      bytes.add(0x0028_0100, word: 16)
      bytes.add(0x7FE0_0010, "OW", (0..<1000).flatMap { bytes.number($0, 2) })
      let source = try read(
        bytes.file(sopClass: Self.sopClass, instance: "1.2.3", preamble: "MARKER") {
          $0.add(0x0002_0016, "AE", "MARKER")
        })
      let path = folder.path("out.dcm")
      try ElementWriter.write(source.dataSet, transferSyntax: .explicitVRLittleEndian, source: source, to: path)
      let written = try ElementFile(path: path)
      #expect(written.dataSet.elements.count == source.dataSet.elements.count)
      #expect(written.dataSet.text(.patientID) == "odd")
      let raw = try folder.read("out.dcm")
      #expect(raw[0..<128].allSatisfy { $0 == 0 })
      #expect(!raw.contains(sequence: Array("MARKER".utf8)))
      let pixels = (0..<1000).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      #expect(raw.suffix(2000).elementsEqual(pixels))
      #expect(written.mediaStorageSOPClass?.value == Self.sopClass)
    }
  }

  @Test func `Long values are left in the file and fragments are copied as they are`() throws {
    let folder = try TemporaryFolder()
    var bytes = ElementBytes()
    Self.identity(&bytes)
    bytes.add(0x0028_2000, "OB", [UInt8](repeating: 9, count: 70_000))
    var fragments: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]
    for fragment in [[1, 2, 3, 4], [5, 6]] as [[UInt8]] {
      fragments += [0xFE, 0xFF, 0x00, 0xE0, UInt8(fragment.count), 0, 0, 0] + fragment
    }
    fragments += [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    bytes.append([0xE0, 0x7F, 0x10, 0x00] + Array("OB".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF] + fragments)
    let file = bytes.file(sopClass: Self.sopClass, instance: "1.2.3", transferSyntax: UID.rleLossless.value)
    let source = try read(file)
    guard case .stored(let stored)? = source.dataSet[Tag(0x0028, 0x2000)]?.value else {
      Issue.record("the profile was loaded")
      return
    }
    #expect(try source.bytes(of: stored, from: 69_990, count: 100) == [UInt8](repeating: 9, count: 10))
    let path = folder.path("out.dcm")
    try ElementWriter.write(source.dataSet, transferSyntax: .rleLossless, source: source, to: path)
    #expect(try folder.read("out.dcm").suffix(fragments.count).elementsEqual(fragments))
  }

  @Test func `Values that lie about their length, and endless nesting, are errors`() throws {
    var bytes = ElementBytes()
    Self.identity(&bytes)
    bytes.append([0x10, 0, 0x10, 0] + Array("PN".utf8) + [0xFF, 0x7F, 0x41])
    #expect(throws: DICOMFileError.self) { try read(bytes.file(sopClass: Self.sopClass, instance: "1.2.3")) }
    var nested: [UInt8] = []
    for _ in 0..<100 {
      var level = ElementBytes()
      level.add(0x0008_1140, items: [nested])
      nested = level.bytes
    }
    var deep = ElementBytes()
    Self.identity(&deep)
    deep.append(nested)
    #expect(throws: DICOMFileError.self) { try read(deep.file(sopClass: Self.sopClass, instance: "1.2.3")) }
  }
}

extension [UInt8] {
  fileprivate func contains(sequence: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: sequence) }
  }
}
