import DICOMCore
import Deidentification
import Testing

struct IdentityTests {
  private static func map(_ key: UInt8 = 1, prefix: String = "P", weekdays: Bool = false, days: Int = 3652)
    -> IdentityMap
  {
    var policy = DeidentificationPolicy()
    policy.pseudonymPrefix = prefix
    policy.keepsWeekday = weekdays
    policy.maximumShiftDays = days
    return IdentityMap(key: [UInt8](repeating: key, count: 32), policy: policy)
  }

  @Test func `A UID has one image under one key and another under another`() throws {
    let first = Self.map().uid("1.2.3.4")
    #expect(first == Self.map().uid("1.2.3.4\0"))
    #expect(first != Self.map().uid("1.2.3.5"))
    #expect(first != Self.map(2).uid("1.2.3.4"))
    #expect(UID(first) != nil)
    #expect(first.hasPrefix("2.25."))
  }

  @Test func `A mapped UID has the version and variant of an RFC 9562 UUID`() throws {
    for seed in 0..<20 {
      let number = try #require(UInt128(Self.map().uid("1.2.\(seed)").dropFirst(5)))
      #expect(number >> 76 & 0xF == 8)
      #expect(number >> 62 & 0x3 == 2)
    }
  }

  @Test func `UIDs of the standard are not mapped, those that only look like them are`() {
    #expect(Self.map().uid("1.2.840.10008.5.1.4.1.1.2") == "1.2.840.10008.5.1.4.1.1.2")
    #expect(Self.map().uid("1.2.840.10008.MARKER").hasPrefix("2.25."))
    #expect(Self.map().uid("1.2.840.100080.1").hasPrefix("2.25."))
  }

  @Test func `A pseudonym depends on issuer and ID, not on case or padding`() {
    let one = Self.map().pseudonym(PatientIdentity(issuer: "A", id: "123"))
    #expect(one == Self.map().pseudonym(PatientIdentity(issuer: " a", id: "123 ")))
    #expect(one != Self.map().pseudonym(PatientIdentity(issuer: "B", id: "123")))
    #expect(one != Self.map().pseudonym(PatientIdentity(issuer: "", id: "A123")))
    #expect(one.utf8.count == 14)
    #expect(Self.map(prefix: "TRIAL-").pseudonym(PatientIdentity(issuer: "A", id: "123")).hasPrefix("TRIAL-"))
  }

  @Test func `Dates move back by at most what the policy says, by whole weeks where it says so`() {
    for number in 0..<200 {
      let patient = PatientIdentity(issuer: "", id: "\(number)")
      #expect((-30 ... -1).contains(Self.map(days: 30).dateShift(patient)))
      let weeks = Self.map(weekdays: true, days: 365).dateShift(patient)
      #expect((-364 ... -7).contains(weeks))
      #expect(weeks % 7 == 0)
    }
  }

  @Test func `Objects without Patient ID are of nobody else`() {
    func identity(_ values: [(Tag, VR, String)]) -> PatientIdentity {
      PatientIdentity(of: RawDataSet(values.map { RawElement($0.0, $0.1, text: $0.2) }))
    }
    let first = identity([(.patientID, .lo, ""), (.studyInstanceUID, .ui, "1.2.3")])
    #expect(first != identity([(.studyInstanceUID, .ui, "1.2.4")]))
    #expect(first == identity([(.studyInstanceUID, .ui, "1.2.3")]))
    #expect(identity([(.patientID, .lo, "7")]) == PatientIdentity(issuer: "", id: "7"))
  }
}

struct CalendarShiftTests {
  @Test(
    "Dates move by whole days in any form that DICOM has had",
    arguments: [
      ("20240301", -1, "20240229"), ("20230301", -1, "20230228"), ("20000101", -1, "19991231"),
      ("1943.01.04", -4, "1942.12.31"), ("20240101-20240131", -31, "20231201-20231231"), ("20240101-", 1, "20240102-"),
      ("19000301", -1, "19000228"), ("20240229", 0, "20240229"),
    ])
  func dates(text: String, days: Int, moved: String) {
    #expect(CalendarShift.date(text, days: days) == moved)
  }

  @Test("What is no date is not moved", arguments: ["", "MARKER", "2024", "20241301", "20240132", "2024-01-01", "--"])
  func noDates(text: String) {
    #expect(CalendarShift.date(text, days: -1) == nil)
  }

  @Test(
    "Date-times keep their precision and lose their zone",
    arguments: [
      ("20240301101112.123456+0100", -1, "20240229101112.123456"), ("20240301101112-0500", -1, "20240229101112"),
      ("2024", -365, "2023"), ("202403", -31, "202402"), ("20240301", -1, "20240229"),
      ("20240101101112-20240102101112", -1, "20231231101112-20240101101112"),
    ])
  func dateTimes(text: String, days: Int, moved: String) {
    #expect(CalendarShift.dateTime(text, days: days) == moved)
  }

  @Test func `Times are told from text`() {
    for text in ["10", "1011", "101112", "101112.123456", "10:11:12", "1011-1012"] {
      #expect(CalendarShift.isTime(text))
    }
    for text in ["", "1", "MARKER", "101112.", "101112.1234567", "10111"] { #expect(!CalendarShift.isTime(text)) }
  }
}
