import DICOMCore
import Findings
import Testing

struct ReadingOrderTests {
  /// A pile of studies with repeated dates, unknown arrivals and all levels, in random order.
  private func pile(_ seed: UInt64) throws -> [WorklistStudy] {
    var generator = SeededGenerator(seed: seed)
    return try (0..<Int.random(in: 0...40, using: &generator)).map { number in
      let level = PriorityLevel.allCases.randomElement(using: &generator) ?? .none
      let day = Int.random(in: 10...19, using: &generator)
      let hour = Int.random(in: 10...12, using: &generator)
      return WorklistStudy(
        studyInstanceUID: try uid("1.2.\(number)"),
        arrival: StudyArrival(
          studyDate: Bool.random(using: &generator) ? "202601\(day)" : nil,
          studyTime: Bool.random(using: &generator) ? "\(hour)" : nil),
        priority: PriorityDecision(
          level: level, ruleID: "test", because: [],
          rankScore: Double(Int.random(in: 0...3, using: &generator)) / 4))
    }.shuffled(using: &generator)
  }

  private func firstInFirstOut(_ studies: [WorklistStudy]) -> [WorklistStudy] {
    studies.sorted(by: WorklistStudy.arrivesBefore)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `nothing is lost, and the order of the input makes no difference`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed &+ 1_000)
    let studies = try pile(seed)
    let ordered = ReadingOrder.ordered(studies)
    #expect(firstInFirstOut(ordered) == firstInFirstOut(studies))
    #expect(ReadingOrder.ordered(studies.shuffled(using: &generator)) == ordered)
    #expect(ReadingOrder.ordered(ordered) == ordered)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `studies without a flag keep their first-in-first-out order`(seed: UInt64) throws {
    let studies = try pile(seed)
    let unflagged = { (study: WorklistStudy) in study.priority.level == .none }
    #expect(ReadingOrder.ordered(studies).filter(unflagged) == firstInFirstOut(studies).filter(unflagged))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a flag never moves a study behind one without`(seed: UInt64) throws {
    let studies = try pile(seed)
    let ordered = ReadingOrder.ordered(studies)
    let queue = firstInFirstOut(studies)
    for study in studies where study.priority.level > .none {
      func unflaggedBefore(_ list: [WorklistStudy]) -> Int {
        list.prefix { $0 != study }.count { $0.priority.level == .none }
      }
      #expect(unflaggedBefore(ordered) <= unflaggedBefore(queue))
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `high stands above medium above low, and in a level the higher score above the lower`(seed: UInt64) throws {
    let ordered = ReadingOrder.ordered(try pile(seed))
    for (first, second) in zip(ordered, ordered.dropFirst()) {
      #expect(first.priority.level >= second.priority.level)
      if first.priority.level == second.priority.level, first.priority.level > .none {
        #expect(first.priority.rankScore >= second.priority.rankScore)
        if first.priority.rankScore == second.priority.rankScore {
          #expect(WorklistStudy.arrivesBefore(first, second))
        }
      }
    }
  }

  @Test func `a study that ends in no assist keeps its place`() throws {
    func study(_ number: Int, _ date: String, _ level: PriorityLevel) throws -> WorklistStudy {
      WorklistStudy(
        studyInstanceUID: try uid("1.2.\(number)"), arrival: StudyArrival(studyDate: date, studyTime: nil),
        priority: level == .none
          ? .unranked : PriorityDecision(level: level, ruleID: "test", because: [], rankScore: 0.5))
    }
    let studies = [
      try study(1, "20260101", .none), try study(2, "20260102", .low), try study(3, "20260103", .none),
      try study(4, "20260104", .high),
    ]
    #expect(ReadingOrder.ordered(studies).map(\.studyInstanceUID.value) == ["1.2.4", "1.2.2", "1.2.1", "1.2.3"])
  }
}

struct StudyArrivalTests {
  private func arrival(_ date: String?, _ time: String?) -> StudyArrival {
    StudyArrival(studyDate: date, studyTime: time)
  }

  @Test func `earlier studies come first, and what is unknown counts as early`() {
    let inOrder = [
      arrival(nil, "235959"), arrival("19991231", nil), arrival("20260101", nil), arrival("20260101", "00"),
      arrival("20260101", "0000.01"), arrival("20260101", "000001"), arrival("20260101", "000001.000001"),
      arrival("20260101", "0001"), arrival("20260101", "235960"), arrival("20260102", "00"),
    ]
    // The fifth has a malformed time, which counts as none.
    #expect(inOrder[4] == inOrder[2])
    let sorted = inOrder.enumerated().filter { $0.offset != 4 }.map(\.element)
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test(arguments: ["1996.10.29", "1996-10-29", "1996/10/29", "19961029 ", "19961029\0"])
  func `older and sloppy forms of a date are read`(text: String) {
    #expect(arrival(text, "1000") == arrival("19961029", "1000"))
  }

  @Test(arguments: [
    "", "1996", "199610", "19961301", "19960230", "20230229", "19000229", "00000101", "1996.10-29", "abcdefgh",
    "１９９６１０２９", "199610290", "-9961029",
  ])
  func `a date that does not exist is unknown`(text: String) {
    #expect(!arrival(text, "1000").isKnown)
    #expect(arrival(text, "1000") == arrival(nil, nil))
  }

  @Test func `leap days exist in leap years`() {
    #expect(arrival("20240229", nil).isKnown)
    #expect(arrival("20000229", nil).isKnown)
  }

  @Test(arguments: ["10:30:00", "103000", "103000.0", "103000.000000", "1030", "10:30"])
  func `older and short forms of a time are read`(text: String) {
    #expect(arrival("20260101", text) == arrival("20260101", "103000"))
  }

  @Test(arguments: ["24", "1060", "103061", "1", "103", "10300", "103000.", "103000.1234567", "10.5", "x", "103000.x"])
  func `a malformed time is none`(text: String) {
    #expect(arrival("20260101", text) == arrival("20260101", nil))
  }

  @Test func `a study arrives with its earliest instance that has a date and a time`() {
    func instance(_ date: String?, _ time: String?) -> DataSet {
      var dataSet = DataSet()
      if let date { dataSet.set(.studyDate, .da, date) }
      if let time { dataSet.set(.studyTime, .tm, time) }
      return dataSet
    }
    let instances = [
      instance(nil, "01"), instance("20260102", "08"), instance("20260101", nil), instance("20260101", "11"),
      instance("20260101", "09"),
    ]
    #expect(StudyArrival(of: instances) == arrival("20260101", "09"))
    #expect(StudyArrival(of: Array(instances.reversed())) == arrival("20260101", "09"))
    #expect(!StudyArrival(of: [instance(nil, "01"), DataSet()]).isKnown)
  }
}
