import DICOMCore
import Deidentification
import Testing

/// Plans and applies at once, with what the tests want to know.
struct PlannedObject {
  let result: RawDataSet
  let ledger: Ledger
  let doubts: Set<Doubt>

  init(
    _ elements: [RawElement], sopClass: UID = .ctImageStorage, options: Set<ProfileOption> = [],
    change: (inout DeidentificationPolicy) -> Void = { _ in }
  ) throws {
    var policy = DeidentificationPolicy()
    policy.options = options
    change(&policy)
    let dataSet = RawDataSet(elements)
    var harvest = Harvest()
    harvest.add(dataSet, policy: policy)
    var planner = Planner(
      policy: policy, identities: IdentityMap(key: [UInt8](repeating: 7, count: 32), policy: policy),
      scrubber: IdentityScrubber(harvest), iod: try #require(IOD(sopClass: sopClass)),
      patient: PatientIdentity(of: dataSet))
    ledger = planner.plan(dataSet)
    doubts = planner.doubts
    result = ledger.apply(to: dataSet)
    #expect(ledger.entries.count == dataSet.elementCount)
    #expect(ledger.summary.reduce(0) { $0 + $1.counts.reduce(0) { $0 + $1.count } } == dataSet.elementCount)
  }

  func text(_ tag: Tag) -> String? { result[tag]?.text }
}

struct PlannerTests {
  private let seriesDate = Tag(0x0008, 0x0021)

  @Test func `Compound actions follow the Type in the object's own IOD`() throws {
    let elements = [
      RawElement(seriesDate, .da, text: "20240101"), RawElement(Tag(0x0008, 0x0022), .da, text: "20240101"),
    ]
    let ct = try PlannedObject(elements)
    #expect(ct.result[seriesDate] == nil)
    let pet = try PlannedObject(elements, sopClass: .positronEmissionTomographyImageStorage)
    #expect(pet.text(seriesDate) == "19000101")
    #expect(pet.text(Tag(0x0008, 0x0022)) == "")
  }

  @Test func `What the table removes and the IOD must have becomes a dummy`() throws {
    let date = RawElement(Tag(0x0070, 0x0082), .da, text: "20240101")
    let stateClass = try #require(UID("1.2.840.10008.5.1.4.1.1.11.1"))
    let state = try PlannedObject([date], sopClass: stateClass)
    #expect(state.text(Tag(0x0070, 0x0082)) == "19000101")
    #expect(state.ledger.entries.map(\.rule) == [.requiredByIOD])
    #expect(try PlannedObject([date]).result.elements.isEmpty)
  }

  @Test func `Actions hold at every depth, and every element below a removed sequence is accounted for`() throws {
    let person = RawDataSet([
      RawElement(.patientName, .pn, text: "DEEP^DOWN"), RawElement(.studyDescription, .lo, text: "deep words"),
    ])
    let inner = RawElement(Tag(0x0008, 0x2218), .sq, .items([person]))
    let kept = try PlannedObject([
      RawElement(Tag(0x0008, 0x2218), .sq, .items([RawDataSet([inner]), RawDataSet()])),
      RawElement(Tag(0x0400, 0x0561), .sq, .items([person, person])),
    ])
    let items = try #require(kept.result[Tag(0x0008, 0x2218)]?.items)
    #expect(items.count == 2)
    let leaf = try #require(items[0][Tag(0x0008, 0x2218)]?.items?.first)
    #expect(leaf.elements.map(\.tag) == [.patientName])
    #expect(leaf.text(.patientName)?.hasPrefix("P") == true)
    #expect(kept.result[Tag(0x0400, 0x0561)] == nil)
    #expect(kept.ledger.entries.filter { $0.rule == .within }.count == 4)
  }

  @Test func `UIDs are mapped wherever they stand, listed or not, and class UIDs of the standard are not`() throws {
    let planned = try PlannedObject([
      RawElement(.sopClassUID, .ui, text: UID.ctImageStorage.value), RawElement(.sopInstanceUID, .ui, text: "1.2.3"),
      RawElement(Tag(0x0020, 0x9312), .ui, text: "1.2.3\\1.2.4"),
    ])
    #expect(planned.text(.sopClassUID) == UID.ctImageStorage.value)
    let mapped = try #require(planned.text(.sopInstanceUID))
    #expect(planned.result[Tag(0x0020, 0x9312)]?.texts.first == mapped)
    #expect(planned.result[Tag(0x0020, 0x9312)]?.texts.count == 2)
    let retained = try PlannedObject([RawElement(.sopInstanceUID, .ui, text: "1.2.3")], options: [.retainUIDs])
    #expect(retained.text(.sopInstanceUID) == "1.2.3")
  }

  @Test func `Dates of a patient move together, times stay, zones go`() throws {
    let planned = try PlannedObject(
      [
        RawElement(.studyDate, .da, text: "20240110"), RawElement(.studyTime, .tm, text: "101112"),
        RawElement(Tag(0x0008, 0x002A), .dt, text: "20240111101112+0100"),
        RawElement(.timezoneOffsetFromUTC, .sh, text: "+0100"), RawElement(.patientBirthDate, .da, text: "19400101"),
      ], options: [.retainModifiedDates])
    let date = try #require(planned.text(.studyDate))
    #expect(date != "20240110")
    #expect(planned.text(Tag(0x0008, 0x002A)) == CalendarShift.date(date, days: 1).map { $0 + "101112" })
    #expect(planned.text(.studyTime) == "101112")
    #expect(planned.result[.timezoneOffsetFromUTC] == nil)
    #expect(planned.text(.patientBirthDate) == "")
  }

  @Test(
    "Ages of ninety years and more are one, in any unit",
    arguments: [("089Y", "089Y"), ("090Y", "090Y"), ("103Y", "090Y"), ("999M", "999M"), ("012D", "012D"), ("OLD!", "")])
  func ages(age: String, expected: String) throws {
    let planned = try PlannedObject(
      [RawElement(.patientAge, .as, text: age)], options: [.retainPatientCharacteristics])
    #expect(planned.text(.patientAge) == expected)
    #expect(try PlannedObject([RawElement(.patientAge, .as, text: age)]).text(.patientAge) == nil)
  }

  @Test func `Patient characteristics are numbers and known words`() throws {
    let planned = try PlannedObject(
      [
        RawElement(.patientSex, .cs, text: "F"), RawElement(Tag(0x0010, 0x1030), .ds, text: "71.5"),
        RawElement(Tag(0x0010, 0x2160), .sh, text: "ZQ17XK"), RawElement(Tag(0x0010, 0x1020), .ds, text: "MARKER"),
      ], options: [.retainPatientCharacteristics])
    #expect(planned.text(.patientSex) == "F")
    #expect(planned.text(Tag(0x0010, 0x1030)) == "71.5")
    #expect(planned.text(Tag(0x0010, 0x1020)) == "")
    #expect((planned.text(Tag(0x0010, 0x2160)) ?? "").isEmpty)
  }

  @Test func `Private groups go, or stay as far as they are safe, in their blocks`() throws {
    let elements = [
      RawElement(Tag(0x0019, 0x0010), .lo, text: "ACME"),
      RawElement(Tag(0x0019, 0x0011), .lo, text: "SIEMENS MR HEADER"),
      RawElement(Tag(0x0019, 0x100C), .is, text: "1"), RawElement(Tag(0x0019, 0x110C), .un, .bytes(Array("1000".utf8))),
      RawElement(Tag(0x0019, 0x110D), .cs, text: "DIRECTIONAL"),
      RawElement(Tag(0x0019, 0x1108), .cs, text: "IMAGE NUM 4"),
      RawElement(Tag(0x0019, 0x1127), .is, text: "MARKER"),
    ]
    #expect(try PlannedObject(elements).result.elements.isEmpty)
    let safe = try PlannedObject(elements, options: [.retainSafePrivate])
    #expect(
      safe.result.elements.map(\.tag) == [
        Tag(0x0019, 0x0011), Tag(0x0019, 0x110C), Tag(0x0019, 0x110D),
      ])
    #expect(safe.result[Tag(0x0019, 0x110C)]?.vr == .is)
  }

  @Test func `Structure that no table lists goes`() throws {
    let tags = [
      Tag(0x0008, 0x0000), Tag(0x0004, 0x1130), Tag(0x5000, 0x3000), Tag(0x6002, 0x0010), Tag(0x0088, 0x0200),
      Tag(0xFFFC, 0xFFFC), Tag(0x0008, 0x4999), Tag(0xFFFA, 0xFFFA),
    ]
    let planned = try PlannedObject(tags.map { RawElement($0, .ob, .bytes([1, 2])) })
    #expect(planned.result.elements.isEmpty)
  }

  @Test func `Of an attribute that is repeated the last one counts, and all are accounted for`() throws {
    let planned = try PlannedObject([
      RawElement(.modality, .cs, text: "MARKER"), RawElement(.modality, .cs, text: "CT"),
    ])
    #expect(planned.result.elements == [RawElement(.modality, .cs, text: "CT")])
    #expect(planned.ledger.entries.map(\.rule) == [.duplicate, .unlisted])
  }

  @Test func `Unlisted text loses what was harvested, in any order, and what looks like a date, a number or a name`()
    throws
  {
    let planned = try PlannedObject([
      RawElement(.patientName, .pn, text: "Sommer^Änne"), RawElement(.accessionNumber, .sh, text: "ACC-20311"),
      RawElement(.studyDate, .da, text: "20240119"), RawElement(.sopInstanceUID, .ui, text: "1.2.3.44.5"),
      RawElement(
        Tag(0x0018, 0x1020), .lo,
        text: "syngo for anne SOMMER acc 20311, 19.01.2024, 1.2.3.44.5, ACC-20311"),
      RawElement(Tag(0x0008, 0x2111), .st, text: "read by Dr. Winter, call 030 123 45 67 or a@b.de on 2023-05-06"),
    ])
    let software = try #require(planned.text(Tag(0x0018, 0x1020)))
    for piece in ["anne", "SOMMER", "2024", "1.2.3.44.5", "ACC-20311"] {
      #expect(!software.contains(piece), "\(piece)")
    }
    #expect(software.contains("syngo"))
  }

  @Test func `Where full dates stay, offsets from UTC do too, and what is no date goes`() throws {
    let offset = Tag(0x0008, 0x0201)
    let stamp = RawElement(Tag(0x0400, 0x0310), .ob, .bytes(Array("MARKER".utf8)))
    let kept = try PlannedObject([RawElement(offset, .sh, text: "+0100"), stamp], options: [.retainFullDates])
    #expect(kept.result.elements == [RawElement(offset, .sh, text: "+0100")])
    let other = try PlannedObject([RawElement(offset, .sh, text: "ZQMARK")], options: [.retainFullDates])
    #expect(other.text(offset)?.contains("ZQMARK") != true)
  }

  @Test func `Clean Descriptors leaves words of the vocabulary`() throws {
    let planned = try PlannedObject(
      [RawElement(.seriesDescription, .lo, text: "T1 axial ZQMARK 5mm Chest")], options: [.cleanDescriptors])
    #expect(planned.text(.seriesDescription) == "T1 axial 5mm Chest")
    let basic = try PlannedObject([RawElement(.seriesDescription, .lo, text: "T1 axial")])
    #expect(basic.result.elements.isEmpty)
  }

  @Test func `Unlisted names, unknown values and codes that hold prose do not stay`() throws {
    let planned = try PlannedObject([
      RawElement(Tag(0x0008, 0x0060), .cs, text: "CT"), RawElement(Tag(0x0018, 0x0050), .ds, text: "MARKER"),
      RawElement(Tag(0x0018, 0x0060), .ds, text: "120"),
      RawElement(Tag(0x0018, 0x5100), .cs, text: "Quorxal in prose, long"),
      RawElement(Tag(0x0018, 0x0022), .un, .bytes(Array("MARKER".utf8))),
    ])
    #expect(planned.text(Tag(0x0018, 0x0050)) == "")
    #expect(planned.text(Tag(0x0018, 0x0060)) == "120")
    #expect(planned.text(Tag(0x0018, 0x5100))?.contains("QUORXAL") != true)
    #expect(planned.result[Tag(0x0018, 0x0022)] == nil)
  }

  @Test func `A site's own decision on an attribute comes before the table`() throws {
    let serial = RawElement(Tag(0x0018, 0x1000), .lo, text: "SN-77")
    #expect(try PlannedObject([serial]).text(Tag(0x0018, 0x1000)) != "SN-77")
    let planned = try PlannedObject([serial]) { policy in
      policy.overrides[serial.tag] = .init(tag: serial.tag, action: .remove, reason: "not wanted")
    }
    #expect(planned.result.elements.isEmpty)
    #expect(planned.ledger.entries.map(\.rule) == [.policy])
  }
}
