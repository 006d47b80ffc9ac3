import DICOMCore
import Foundation
import Testing

struct UIDTests {
  @Test(
    "accepts what PS3.5 9.1 allows, padding dropped",
    arguments: [
      ("1.2.840.10008.1.2", "1.2.840.10008.1.2"),
      ("1.2.840.10008.1.2\0", "1.2.840.10008.1.2"),
      ("2.25.0 ", "2.25.0"),
      ("0.0", "0.0"),
      ("1." + String(repeating: "9", count: 62), "1." + String(repeating: "9", count: 62)),
    ])
  func accepts(text: String, value: String) {
    #expect(UID(text)?.value == value)
  }

  @Test(
    "refuses what PS3.5 9.1 forbids",
    arguments: [
      "", " ", "1", "1.", ".1", "1..2", "1.02", "1.2a", "1.2/../3", "1.-2", "1.2.٣", "..",
      "1." + String(repeating: "9", count: 63),
    ])
  func refuses(text: String) {
    #expect(UID(text) == nil)
  }

  @Test func `a derived UID is valid and has the version and variant of RFC 9562`() throws {
    for part in ["", "a", "1.2.3", "Ä\u{1F}"] {
      let uid = UID.derived("sr", [part])
      #expect(UID(uid.value) == uid)
      let number = try #require(UInt128(uid.value.dropFirst("2.25.".count)))
      #expect(number >> 76 & 0xF == 8)
      #expect(number >> 62 & 0b11 == 0b10)
    }
  }

  @Test func `a derived UID never changes and depends on every part`() {
    #expect(UID.derived("sr", ["a", "b"]) == UID.derived("sr", ["a", "b"]))
    // SHA-256 of "sr", U+001F, "a", U+001F, "b" by another program, version and variant set.
    #expect(UID.derived("sr", ["a", "b"]).value == "2.25.239886142516463931235399806650073892883")
    let others = [
      UID.derived("sr", ["ab"]), UID.derived("sr", ["b", "a"]), UID.derived("device", ["a", "b"]),
      UID.derived("sr", ["a"]),
      UID.derived("sr", ["a", "b", ""]),
    ]
    #expect(Set(others + [UID.derived("sr", ["a", "b"])]).count == 6)
  }

  @Test func `JSON holds the bare text and is checked on the way in`() throws {
    let uid = UID.ctImageStorage
    let data = try JSONEncoder().encode([uid])
    #expect(String(decoding: data, as: UTF8.self) == #"["1.2.840.10008.5.1.4.1.1.2"]"#)
    #expect(try JSONDecoder().decode([UID].self, from: data) == [uid])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([UID].self, from: Data(#"["../etc"]"#.utf8)) }
  }
}
