import DICOMCore
import Deidentification
import Foundation
import TestSupport
import Testing

/// The tag of a data element, not that of a test.
typealias Tag = DICOMCore.Tag

/// The table of a standard that lies in the shared folder, to compare with.
private enum StandardTable {
  static let profile = SharedData.path("dicom-standard/ps315_e1.csv")
  static let contentItems = SharedData.path("dicom-standard/ps315_e341_content_items.csv")

  /// Rows by column name. The files quote fields that hold commas.
  static func rows(_ path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).map(fields)
    guard let names = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }

  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  static let columns: [(String, ProfileOption)] = [
    ("safe_priv", .retainSafePrivate), ("uids", .retainUIDs), ("dev", .retainDeviceIdentity),
    ("inst", .retainInstitutionIdentity), ("pat", .retainPatientCharacteristics), ("full_dates", .retainFullDates),
    ("modif", .retainModifiedDates), ("clean_desc", .cleanDescriptors), ("clean_struct", .cleanStructuredContent),
    ("clean_graph", .cleanGraphics),
  ]

  /// The cells of the option columns that say something.
  static func options(_ row: [String: String]) -> [ProfileOption: String] {
    var options: [ProfileOption: String] = [:]
    for (name, value) in row where !value.isEmpty {
      guard name.hasPrefix("rtn_") || name.hasPrefix("retain_") || name.hasPrefix("clean_") else { continue }
      let key = name.hasPrefix("retain_longitudinal_modified") ? "modif" : name
      if let option = columns.first(where: { key.contains($0.0) })?.1 { options[option] = value }
    }
    return options
  }
}

struct ProfileTableTests {
  @Test(
    "Table E.1-1 is that of PS3.15 2026d, row by row",
    .enabled(if: StandardTable.profile != nil, "BUCKY_SHARED holds no Table E.1-1"))
  func profile() throws {
    let rows = try StandardTable.rows(try #require(StandardTable.profile))
    #expect(rows.count == 657)
    #expect(ProfileRules.rules.count + ProfileRules.wildcards.count == rows.count)
    for row in rows {
      let place = try #require(row["tag"])
      let rule =
        Tag(hexadecimal: place).flatMap { ProfileRules.rules[$0] }
        ?? ProfileRules.wildcards[place.contains("odd") ? "PRIVATE" : place]
      #expect(rule?.basic.rawValue == row["basic"], "\(place)")
      #expect(rule?.options.mapValues(\.rawValue) == StandardTable.options(row), "\(place)")
    }
  }

  @Test(
    "Table E.3.4-1 is that of PS3.15 2026d, row by row",
    .enabled(if: StandardTable.contentItems != nil, "BUCKY_SHARED holds no Table E.3.4-1"))
  func contentItems() throws {
    let rows = try StandardTable.rows(try #require(StandardTable.contentItems))
    #expect(ContentItemRules.rules.count == rows.count)
    for row in rows {
      let key = ContentItemRules.Key(
        code: row["code"] ?? "", scheme: row["scheme"] ?? "", valueType: row["value_type"] ?? "")
      let rule = ContentItemRules.rules[key]
      #expect(rule?.basic.rawValue == row["basic"], "\(key)")
      #expect(rule?.options.mapValues(\.rawValue) == StandardTable.options(row), "\(key)")
    }
  }

  @Test func `Basic actions are as many as the standard has`() {
    let counts = Dictionary(
      Array(ProfileRules.rules.values).map { ($0.basic.rawValue, 1) }, uniquingKeysWith: +)
    // 657 rows; four of them, all X, stand for many attributes.
    #expect(
      counts == [
        "X": 413, "D": 93, "U": 55, "Z": 42, "X/D": 23, "X/Z": 11, "X/Z/D": 8, "Z/D": 6, "X/Z/U*": 2,
      ])
    #expect(Set(ProfileRules.wildcards.keys) == ["50XXXXXX", "60XX3000", "60XX4000", "PRIVATE"])
  }

  @Test func `Attribute Types are those of the object's own IOD`() throws {
    let ct = try #require(IOD(sopClass: .ctImageStorage))
    let pet = try #require(IOD(sopClass: .positronEmissionTomographyImageStorage))
    let stateClass = try #require(UID("1.2.840.10008.5.1.4.1.1.11.1"))
    let state = try #require(IOD(sopClass: stateClass))
    let seriesDate = Tag(0x0008, 0x0021)
    #expect(ct.type(of: seriesDate, in: nil) == .three)
    #expect(pet.type(of: seriesDate, in: nil) == .one)
    #expect(pet.type(of: Tag(0x0008, 0x0022), in: nil) == .two)
    #expect(state.type(of: Tag(0x0070, 0x0082), in: nil) == .one)
    #expect(ct.type(of: Tag(0x0070, 0x0082), in: nil) == .three)
    #expect(ct.type(of: .studyDate, in: nil) == .two)
  }

  @Test func `A SOP Class that PS3_4 does not list has no IOD`() throws {
    for text in ["1.3.46.670589.5.0.3", "1.2.840.10008.1.1"] {
      let uid = try #require(UID(text))
      #expect(IOD(sopClass: uid) == nil)
    }
  }

  @Test func `Safe private attributes are told by creator and place in whatever block`() {
    #expect(SafePrivate.vr(creator: "SIEMENS MR HEADER", Tag(0x0019, 0x100C)) == .is)
    #expect(SafePrivate.vr(creator: "SIEMENS MR HEADER", Tag(0x0019, 0x2A0C)) == .is)
    #expect(SafePrivate.vr(creator: "SIEMENS MR HEADER", Tag(0x0019, 0x1008)) == nil)
    #expect(SafePrivate.vr(creator: "SIEMENS CSA HEADER", Tag(0x0019, 0x100C)) == nil)
    #expect(SafePrivate.vr(creator: "Philips PET Private Group", Tag(0x7053, 0x1009)) == .ds)
  }
}
