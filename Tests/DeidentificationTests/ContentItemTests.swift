import DICOMCore
import Deidentification
import Testing

struct ContentItemTests {
  private static let content = Tag(0x0040, 0xA730)

  private static func item(_ type: String, _ code: String, _ scheme: String = "DCM", _ value: RawElement...)
    -> RawDataSet
  {
    let concept = RawDataSet([
      RawElement(Tag(0x0008, 0x0100), .sh, text: code), RawElement(Tag(0x0008, 0x0102), .sh, text: scheme),
      RawElement(Tag(0x0008, 0x0104), .lo, text: "Meaning"),
    ])
    return RawDataSet(
      [RawElement(Tag(0x0040, 0xA040), .cs, text: type), RawElement(Tag(0x0040, 0xA043), .sq, .items([concept]))]
        + value)
  }

  private static func text(_ text: String) -> RawElement { RawElement(Tag(0x0040, 0xA160), .ut, text: text) }

  private func planned(_ items: [RawDataSet], options: Set<ProfileOption> = [.cleanStructuredContent]) throws
    -> PlannedObject
  {
    try PlannedObject(
      [RawElement(Self.content, .sq, .items(items))], sopClass: .comprehensiveSRStorage, options: options)
  }

  @Test func `Items are removed, kept and dummied by their concept`() throws {
    let tree = try planned([
      Self.item("TEXT", "121022", "DCM", Self.text("ACC-1")),
      Self.item("TEXT", "113724", "DCM", Self.text("MARKER")),
      Self.item("TEXT", "99999", "99SITE", Self.text("MARKER")),
      Self.item("NUM", "81827009", "SCT", RawElement(Tag(0x0040, 0xA30A), .ds, text: "12")),
      Self.item("PNAME", "99998", "99SITE", RawElement(Tag(0x0040, 0xA123), .pn, text: "X^Y")),
    ])
    let items = try #require(tree.result[Self.content]?.items)
    #expect(items.map { $0.text(Tag(0x0040, 0xA040)) } == ["TEXT", "NUM"])
    #expect(items[0].text(Tag(0x0040, 0xA160)) == "ANONYMIZED")
    #expect(tree.doubts.isEmpty)
  }

  @Test func `Items of items are treated the same, and a tree that loses all its items is not left empty`() throws {
    let inner = RawElement(Self.content, .sq, .items([Self.item("TEXT", "121022", "DCM", Self.text("ACC-1"))]))
    let tree = try planned([Self.item("CONTAINER", "126000", "DCM", inner)])
    let container = try #require(tree.result[Self.content]?.items?.first)
    #expect(container[Self.content] == nil)
    #expect(container.text(Tag(0x0040, 0xA040)) == "CONTAINER")
  }

  @Test func `UIDs in content are mapped`() throws {
    let tree = try planned([
      Self.item("UIDREF", "99997", "99SITE", RawElement(Tag(0x0040, 0xA124), .ui, text: "1.2.3.4"))
    ])
    #expect(tree.result[Self.content]?.items?.first?.text(Tag(0x0040, 0xA124))?.hasPrefix("2.25.") == true)
  }

  @Test func `References between items are doubtful once an item has to go`() throws {
    let reference = RawDataSet([RawElement(Tag(0x0040, 0xDB73), .ul, .bytes([1, 0, 0, 0]))])
    let kept = Self.item("NUM", "81827009", "SCT")
    #expect(try planned([kept, reference]).doubts.isEmpty)
    let dropped = Self.item("TEXT", "121022", "DCM", Self.text("ACC-1"))
    #expect(try planned([dropped, kept, reference]).doubts == [.contentReferences])
  }

  @Test func `The Basic Profile leaves a content sequence with one item that says nothing`() throws {
    let tree = try planned(
      [
        Self.item("TEXT", "121071", "DCM", Self.text("MARKER")),
        Self.item("TEXT", "121071", "DCM", Self.text("MARKER")),
      ], options: [])
    let items = try #require(tree.result[Self.content]?.items)
    #expect(items.count == 1)
    #expect(items[0].text(Tag(0x0040, 0xA160)) == "ANONYMIZED")
    #expect(items[0].text(Tag(0x0040, 0xA040)) == "TEXT")
  }
}
