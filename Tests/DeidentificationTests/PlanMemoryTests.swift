import DICOMCore
import Deidentification
import PhantomStudies
import Testing

/// What is remembered of other objects changes no decision.
struct PlanMemoryTests {
  private static let policy: DeidentificationPolicy = {
    var policy = DeidentificationPolicy()
    policy.options = [.cleanDescriptors, .retainModifiedDates, .cleanStructuredContent, .retainDeviceIdentity]
    return policy
  }()

  private static func slice(_ number: Int, _ change: Int) -> RawDataSet {
    let code = RawDataSet([
      RawElement(Tag(0x0008, 0x0100), .sh, text: change == 1 ? "XYZ" : "24627-2"),
      RawElement(Tag(0x0008, 0x0102), .sh, text: change == 2 ? "99LOCAL" : "LN"),
      RawElement(Tag(0x0008, 0x0104), .lo, text: "CT Chest for Jane Doe"),
    ])
    let item = RawDataSet([
      RawElement(Tag(0x0040, 0xA040), .cs, text: "TEXT"), RawElement(Tag(0x0040, 0xA043), .sq, .items([code])),
      RawElement(Tag(0x0040, 0xA160), .ut, text: "Mrs Doe \(change == 3 ? "came" : "went")"),
      RawElement(Tag(0x0040, 0xDB73), .ul, .bytes([1, 0, 0, 0])),
    ])
    return RawDataSet(
      [
        RawElement(.sopInstanceUID, .ui, text: "1.2.3.\(number)"), RawElement(.studyDate, .da, text: "20240115"),
        RawElement(Tag(0x0008, 0x1032), .sq, .items(change == 4 ? [] : [code, code])),
        RawElement(.seriesDescription, .lo, text: change == 5 ? "Chest Doe" : "Chest routine"),
        RawElement(.patientName, .pn, text: "Doe^Jane"),
        RawElement(.patientID, .lo, text: change == 6 ? "MRN2" : "MRN1"),
        RawElement(Tag(0x0010, 0x0021), .lo, text: change == 7 ? "OTHER" : "SITE"),
        RawElement(Tag(0x0018, 0x1020), .lo, text: "VB\(number)"),
        RawElement(Tag(0x0020, 0x0013), .is, text: "\(number)"),
        RawElement(Tag(0x0029, 0x0010), .lo, text: "EXAMPLE"), RawElement(Tag(0x0029, 0x1001), .lo, text: "Doe"),
        RawElement(Tag(0x0040, 0xA730), .sq, .items(change == 8 ? [item, item] : [item])),
      ] + (change == 9 ? [RawElement(Tag(0x0040, 0xA730), .sq, .items([]))] : []))
  }

  @Test func `Slices are planned as they are without it`() throws {
    var harvest = Harvest()
    for number in 0..<3 { harvest.add(Self.slice(number, 0), policy: Self.policy) }
    let iods = try [UID.ctImageStorage, .comprehensive3DSRStorage].map { try #require(IOD(sopClass: $0)) }
    let (identities, scrubber) = (
      IdentityMap(key: [UInt8](repeating: 7, count: 32), policy: Self.policy), IdentityScrubber(harvest)
    )
    let memory = PlanMemory()
    var random = PhantomRandom(seed: 3)
    for number in 0..<400 {
      let dataSet = Self.slice(number % 5, random.integer(0...9))
      let (iod, patient) = (random.pick(iods), PatientIdentity(of: dataSet))
      var planners = [nil, memory].map {
        Planner(
          policy: Self.policy, identities: identities, scrubber: scrubber, iod: iod, patient: patient, memory: $0)
      }
      let ledgers = planners.indices.map { planners[$0].plan(dataSet) }
      #expect(ledgers[0].entries.map(\.rule) == ledgers[1].entries.map(\.rule))
      #expect(ledgers[0].entries.map(\.edit) == ledgers[1].entries.map(\.edit))
      #expect(
        ledgers[0].summary.map { $0.counts.map { "\($0.path) \($0.count)" } }
          == ledgers[1].summary.map { $0.counts.map { "\($0.path) \($0.count)" } })
      #expect(planners[0].doubts == planners[1].doubts)
      #expect(ledgers[0].apply(to: dataSet) == ledgers[1].apply(to: dataSet))
    }
  }
}
