import DICOMCore
import Deidentification
import Testing

/// The same person and the same day in the spellings that people use.
struct ScrubberTests {
  private static func harvest(_ elements: [RawElement]) -> Harvest {
    var harvest = Harvest()
    harvest.add(RawDataSet(elements), policy: DeidentificationPolicy())
    return harvest
  }

  private static func scrubber(name: String, id: String = "MRN-4711-88") -> IdentityScrubber {
    let found = harvest([
      RawElement(.patientName, .pn, text: name), RawElement(.patientID, .lo, text: id),
      RawElement(.studyDate, .da, text: "20090716"),
    ])
    return IdentityScrubber(found, residue: SearchTokens(found))
  }

  @Test(
    "A name goes in other scripts and without its accents",
    arguments: [
      ("Br\u{FC}ckm\u{F6}ller^J\u{F6}rgen", "Brueckmoeller"), ("Br\u{FC}ckm\u{F6}ller^J\u{F6}rgen", "JOERGEN"),
      ("Br\u{FC}ckm\u{F6}ller^J\u{F6}rgen", "bruckmoller"), ("Лукашевич^Тимофей", "Lukashevich"),
      ("Лукашевич^Тимофей", "LUKASEVIC"), ("Лукашевич^Тимофей", "Timofey"), ("Παπαδοπουλος^Διονυσιος", "Papadopoulos"),
      ("やまでら^たろひこ", "Yamadera"), ("ﾔﾏﾃﾞﾗ^ﾀﾛﾋｺ", "やまでら"), ("Wu^Li", "Li"), ("Harkenwell^I", "xHarkenwellx"),
      ("Harkenwell^Isidore", "HarkenwellIsidore"),
    ])
  func names(name: String, spelling: String) {
    #expect(Self.scrubber(name: name).scrub("chest \(spelling) lateral") == "chest lateral")
  }

  @Test(
    "An identifier goes however it is punctuated",
    arguments: ["MRN471188", "mrn_4711_88", "MRN 4711 88", "MRN.4711.88"])
  func identifiers(text: String) {
    #expect(Self.scrubber(name: "Doe^Jane").scrub("chest \(text) lateral") == "chest lateral")
  }

  @Test(
    "A harvested day goes in every form",
    arguments: [
      "16.07.2009", "7/16/09", "16JUL2009", "16. Juli 2009", "July 16, 2009", "16 juillet 2009", "160709", "16072009",
      "2009-07-16", "16-Jul-09",
    ])
  func dates(text: String) {
    let left = Self.scrubber(name: "Doe^Jane").scrub("chest \(text) lateral")
    #expect(!left.contains(where: \.isNumber) && !left.lowercased().contains("jul"), "\(left)")
  }

  @Test func `Text of which something would be left that is searched for does not stay at all`() {
    let scrubber = Self.scrubber(name: "Doe^Jane")
    #expect(scrubber.scrub("xMRN-4711-88x") == "")
    #expect(scrubber.scrub("chest lateral") == "chest lateral")
  }
}

/// What is neither in Table E.1-1 nor text.
struct UnlistedValueTests {
  private let strict: (inout DeidentificationPolicy) -> Void = { $0.unlistedText = .vocabulary }

  @Test func `Numbers that are the Patient ID go, others stay`() throws {
    let planned = try PlannedObject([
      RawElement(.patientID, .lo, text: "48151623"), RawElement(Tag(0x0018, 0x1130), .ds, text: "48151623"),
      RawElement(Tag(0x0018, 0x1100), .ds, text: "481.51623"), RawElement(Tag(0x0018, 0x0088), .ds, text: "4815162"),
    ])
    #expect(planned.text(Tag(0x0018, 0x1130)) == "")
    #expect(planned.text(Tag(0x0018, 0x1100)) == "")
    #expect(planned.text(Tag(0x0018, 0x0088)) == "4815162")
  }

  @Test func `A UID below DICOM's root that nobody has registered is mapped`() throws {
    let tag = Tag(0x0020, 0x0052)
    let planned = try PlannedObject([RawElement(tag, .ui, text: "1.2.840.10008.4711.100200.3")])
    #expect(planned.text(tag)?.hasPrefix("2.25.") == true)
    for known in ["1.2.840.10008.1.4.1.1", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.6.1.24", "1.2.840.10008.2.16.4"]
    {
      #expect(IdentityMap.isWellKnown(known), "\(known)")
    }
    #expect(!IdentityMap.isWellKnown("1.2.840.10008.6.1.024"))
    #expect(!IdentityMap.isWellKnown("1.2.840.10008.6.1.48151623"))
  }

  @Test func `Bytes that are text go from binary values, and numbers stay`() throws {
    let words = Array("Ottoline Quillfeather".utf8)
    let table = (0..<128).map { UInt8($0 % 2 == 0 ? $0 / 2 : 3) }
    let planned = try PlannedObject([
      RawElement(Tag(0x0028, 0x1201), .ow, .bytes(table)), RawElement(Tag(0x0028, 0x1202), .ow, .bytes(words + [0x20])),
      RawElement(Tag(0x0400, 0x0520), .ob, .bytes([1, 2])),
      RawElement(Tag(0x0066, 0x0016), .of, .bytes(words + [1, 2, 3])),
      RawElement(Tag(0x0018, 0x9810), .ob, .bytes([0, 0] + words + [0])),
    ])
    #expect(planned.result[Tag(0x0028, 0x1201)]?.bytes == table)
    for tag in [Tag(0x0028, 0x1202), Tag(0x0400, 0x0520), Tag(0x0018, 0x9810)] {
      #expect(planned.result[tag]?.isEmpty == true, "\(tag)")
    }
  }

  @Test func `A colour profile loses its words and keeps its numbers`() throws {
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    var profile = [UInt8](repeating: 0, count: 128)
    profile.replaceSubrange(36..<40, with: "acsp".utf8)
    profile.replaceSubrange(48..<52, with: "JANE".utf8)
    let text = Array("text".utf8) + number(0) + Array("Jane's display!".utf8) + [0]
    let curve = Array("curv".utf8) + number(0) + number(1) + [2, 0x33, 0, 0]
    profile += number(2) + Array("cprt".utf8) + number(156) + number(text.count)
    profile += Array("rTRC".utf8) + number(156 + text.count) + number(curve.count) + text + curve
    let tag = Tag(0x0028, 0x2000)
    let cleaned = try #require(try PlannedObject([RawElement(tag, .ob, .bytes(profile))]).result[tag]?.bytes)
    #expect(cleaned.count == profile.count)
    #expect(cleaned.suffix(curve.count).elementsEqual(curve))
    #expect(!String(decoding: cleaned, as: UTF8.self).contains("Jane"))
    #expect(!String(decoding: cleaned, as: UTF8.self).contains("JANE"))
    #expect(try PlannedObject([RawElement(tag, .ob, .bytes(profile + [1]))]).result[tag]?.bytes?.last == 0)
    #expect(try PlannedObject([RawElement(tag, .ob, .bytes([1, 2]))]).result[tag]?.isEmpty == true)
  }

  @Test func `Under vocabulary, a site's own codes say what the vocabulary says, and the world's stay`() throws {
    func code(_ value: String, _ scheme: String, _ meaning: String) -> RawElement {
      RawElement(
        Tag(0x0008, 0x2218), .sq,
        .items([
          RawDataSet([
            RawElement(Tag(0x0008, 0x0100), .sh, text: value), RawElement(Tag(0x0008, 0x0102), .sh, text: scheme),
            RawElement(Tag(0x0008, 0x0104), .lo, text: meaning),
          ])
        ]))
    }
    func read(_ element: RawElement) throws -> [String?] {
      let item = try PlannedObject([element], change: strict).result[Tag(0x0008, 0x2218)]?.items?.first
      return [item?.text(Tag(0x0008, 0x0100)), item?.text(Tag(0x0008, 0x0104))]
    }
    #expect(try read(code("T-D1100", "SRT", "Head of Zqfoo")) == ["T-D1100", "Head of Zqfoo"])
    #expect(try read(code("R12", "99SITE", "Chest of Zqfoo")) == ["R12", "Chest of"])
    #expect(try read(code("Zqfoobar", "99SITE", "Zqfoo")) == ["ANONYMIZED", "ANONYMIZED"])
  }

  @Test func `Under vocabulary, what a device calls its settings stays and other text loses unknown words`() throws {
    let planned = try PlannedObject(
      [
        RawElement(Tag(0x0018, 0x1210), .sh, text: "Br40d\\3"),
        RawElement(Tag(0x0028, 0x1055), .lo, text: "Chest Zqfoo 13 Mai 1999"),
        RawElement(Tag(0x0062, 0x0006), .st, text: "Zqfoo"),
      ], change: strict)
    #expect(planned.text(Tag(0x0018, 0x1210)) == "Br40d\\3")
    #expect(planned.text(Tag(0x0028, 0x1055)) == "Chest")
    #expect(planned.text(Tag(0x0062, 0x0006)) == "ANONYMIZED")
  }

  @Test func `Safe private attributes are of the kind that the list says`() throws {
    let elements = [
      RawElement(Tag(0x0019, 0x0010), .lo, text: "SIEMENS MR HEADER"),
      RawElement(Tag(0x0043, 0x0010), .lo, text: "GEMS_PARM_01"),
      RawElement(Tag(0x0019, 0x100D), .cs, text: "ZQFOO"),
      RawElement(Tag(0x0019, 0x1027), .un, .bytes(Array("Zqfoobar".utf8))),
      RawElement(Tag(0x0043, 0x1039), .lo, text: "1000\\Zqfoo"),
    ]
    #expect(
      try PlannedObject(elements, options: [.retainSafePrivate]).result.elements.allSatisfy { $0.tag.element < 0x100 })
  }

  @Test func `What a content item should not hold, and a measurement that is no number, becomes a dummy`() throws {
    let item = RawDataSet([
      RawElement(Tag(0x0040, 0xA040), .cs, text: "NUM"), RawElement(Tag(0x0040, 0xA160), .ut, text: "Zqfoo"),
      RawElement(Tag(0x0040, 0xA30A), .ds, text: "Zqfoo"),
    ])
    let planned = try PlannedObject(
      [RawElement(Tag(0x0040, 0xA730), .sq, .items([item]))], sopClass: .comprehensiveSRStorage,
      options: [.cleanStructuredContent])
    let kept = try #require(planned.result[Tag(0x0040, 0xA730)]?.items?.first)
    #expect(kept.text(Tag(0x0040, 0xA160)) == "ANONYMIZED")
    #expect(kept.text(Tag(0x0040, 0xA30A)) == "0")
  }

  @Test("Times that no clock shows are no times", arguments: ["481516.23", "2460", "126000", "99"])
  func times(text: String) { #expect(!CalendarShift.isTime(text)) }
}
