import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Character sets (PS3.5 6.1, annexes H to K; PS3.3 C.12.1.1.2).
struct TextTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ characterSets: String?, _ value: [UInt8], _ vr: String = "PN", _ tag: DICOMCore.Tag = .patientName
  ) throws -> [String] {
    var dataSet = DICOMBytes()
    if let characterSets { dataSet.add(.specificCharacterSet, "CS", characterSets) }
    dataSet.add(.sopClassUID, "UI", UID.comprehensiveSRStorage.value)
    dataSet.add(tag, vr, value.count % 2 == 0 ? value : value + [0x20])
    let path = try folder.write(DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes), to: "text.dcm")
    return try DICOMHeader(path: path).dataSet.strings(tag)
  }

  private static let escape: UInt8 = 0x1B

  @Test func `PS3.5 H.3.1: Japanese in ISO 2022 IR 87 after ASCII`() throws {
    let value: [UInt8] =
      Array("Yamada^Tarou=".utf8) + [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, 0x5E] + [
        0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x42, 0x3D,
      ] + [0x1B, 0x24, 0x42, 0x24, 0x64, 0x24, 0x5E, 0x24, 0x40, 0x1B, 0x28, 0x42, 0x5E] + [
        0x1B, 0x24, 0x42, 0x24, 0x3F, 0x24, 0x6D, 0x24, 0x26, 0x1B, 0x28, 0x42,
      ]
    #expect(try read("\\ISO 2022 IR 87", value) == ["Yamada^Tarou=山田^太郎=やまだ^たろう"])
  }

  @Test func `PS3.5 H.3.2: half-width katakana of JIS X 0201 beside JIS X 0208`() throws {
    let value: [UInt8] =
      [0xD4, 0xCF, 0xC0, 0xDE, 0x5E, 0xC0, 0xDB, 0xB3, 0x3D] + [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44] + [
        0x1B, 0x28, 0x4A, 0x5E, 0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x4A,
      ]
    #expect(try read("ISO 2022 IR 13\\ISO 2022 IR 87", value) == ["ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"])
  }

  @Test func `JIS X 0212, GB 2312 and the bytes of delimiters inside two-byte characters`() throws {
    // 30 21 of JIS X 0212 is U+4E02.
    #expect(
      try read("\\ISO 2022 IR 159", [Self.escape, 0x24, 0x28, 0x44, 0x30, 0x21, Self.escape, 0x28, 0x42]) == ["丂"])
    // PS3.5 K.2: "Zhang^XiaoDong" in ISO 2022 IR 58, shortened.
    #expect(try read("\\ISO 2022 IR 58", [Self.escape, 0x24, 0x29, 0x41, 0xD5, 0xC5, 0x5E, 0x41]) == ["张^A"])
    // 25 5C of JIS X 0208 is U+30DC: no backslash there, but the next one divides.
    let values = try read(
      "\\ISO 2022 IR 87", [Self.escape, 0x24, 0x42, 0x25, 0x5C, Self.escape, 0x28, 0x42, 0x5C, 0x41], "LO",
      .seriesDescription)
    #expect(values == ["ボ", "A"])
  }

  @Test func `PS3.5 I.2: Korean in ISO 2022 IR 149`() throws {
    let value: [UInt8] =
      Array("Hong^Gildong=".utf8) + [0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3, 0x5E, 0x1B, 0x24, 0x29, 0x43] + [
        0xD1, 0xCE, 0xD4, 0xD7, 0x3D, 0x1B, 0x24, 0x29, 0x43, 0xC8, 0xAB, 0x5E, 0x1B, 0x24, 0x29, 0x43,
      ] + [0xB1, 0xE6, 0xB5, 0xBF]
    #expect(try read("\\ISO 2022 IR 149", value) == ["Hong^Gildong=洪^吉洞=홍^길동"])
  }

  @Test(
    "single-byte and Unicode character sets",
    arguments: [
      ("ISO_IR 100", [0x42, 0x75, 0x63, 0x5E, 0x4A, 0xE9, 0x72, 0xF4, 0x6D, 0x65], "Buc^Jérôme"),
      ("ISO_IR 126", [0xC4, 0xE9, 0xEF, 0xED, 0xF5, 0xF3, 0xE9, 0xEF, 0xF2], "Διονυσιος"),
      ("ISO_IR 144", [0xBB, 0xEE, 0xDA, 0x63, 0x65, 0xDC, 0x62, 0xD3], "Люкceмbг"),
      ("ISO_IR 192", Array("Wang^XiaoDong=王^小东".utf8), "Wang^XiaoDong=王^小东"),
      ("GB18030", Array("Wang^XiaoDong=".utf8) + [0xCD, 0xF5, 0x5E, 0xD0, 0xA1, 0xB6, 0xAB], "Wang^XiaoDong=王^小东"),
      // Spellings of the field.
      ("ISO-IR 100", [0xE9], "é"),
      ("ISO_IR_100", [0xE9], "é"),
      ("ISO 2022 IR 100", [0xE9], "é"),
      ("utf-8", Array("é".utf8), "é"),
    ] as [(String, [UInt8], String)])
  func characterSets(name: String, bytes: [UInt8], text: String) throws {
    #expect(try read(name, bytes) == [text])
  }

  @Test func `what cannot be decoded becomes U+FFFD and spoils nothing else`() throws {
    #expect(try read(nil, [0x41, 0xE9, 0x42]) == ["A\u{FFFD}B"])
    #expect(try read("ISO_IR 192", [0x41, 0xE9, 0x42]) == ["A\u{FFFD}B"])
    #expect(try read("NO SUCH SET", [0x41, 0xE9, 0x42]) == ["A\u{FFFD}B"])
    #expect(try read("ISO_IR 126", [0xC4, 0xFF, 0x5C, 0xC4], "LO", .seriesDescription).last == "Δ")
    #expect(try read("\\ISO 2022 IR 87", [0x41, Self.escape, 0x24]).count == 1)
  }

  @Test func `a backslash byte inside a character divides nothing in GB18030`() throws {
    // U+4E57 is 81 5C in GBK; the value ends at the second 5C.
    let values = try read("GBK", [0x81, 0x5C, 0x5C, 0x41], "LO", .seriesDescription)
    #expect(values == ["乗", "A"])
  }

  @Test func `an item may have its own character set`() throws {
    var item = DICOMBytes()
    item.add(.specificCharacterSet, "CS", "ISO_IR 126")
    item.add(.codeMeaning, "LO", [0xC4, 0x20])
    var plain = DICOMBytes()
    plain.add(.codeMeaning, "LO", [0xE9, 0x20])
    var sequence: [UInt8] = []
    for content in [item.bytes, plain.bytes] {
      sequence += item.word(0xFFFE) + item.word(0xE000) + item.long(UInt32(content.count)) + content
    }
    var dataSet = DICOMBytes()
    dataSet.add(.specificCharacterSet, "CS", "ISO_IR 100")
    dataSet.add(.sopClassUID, "UI", UID.comprehensiveSRStorage.value)
    dataSet.add(.anatomicRegionSequence, "SQ", sequence)
    let path = try folder.write(DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes), to: "items.dcm")
    let items = try DICOMHeader(path: path).dataSet.items(.anatomicRegionSequence)
    #expect(items.map { $0.string(.codeMeaning) } == ["Δ", "é"])
  }

  /// Without the corpus a real file with JIS X 0201 and JIS X 0208 goes unchecked.
  @Test(.enabled(if: SharedData.path("dicom-corpus") != nil, "needs ../shared/dicom-corpus"))
  func `a name of half-width katakana and kanji is read from a real file`() throws {
    let path = try #require(SharedData.path("dicom-corpus/pyd_chrh32.dcm"))
    let name = try DICOMHeader(path: path).dataSet.string(.patientName)
    #expect(name == "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")
  }
}
