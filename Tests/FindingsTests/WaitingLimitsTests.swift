import DICOMCore
import Findings
import Testing

struct WaitingLimitsTests {
  /// A study that arrives so many minutes after midnight of the first of January, or nobody knows when.
  private func study(_ number: Int, minute: Int?, _ level: PriorityLevel, score: Double = 0.5) throws -> WorklistStudy {
    let time = minute.map { minute in
      let (day, hour, rest) = (minute / 1440 + 1, minute / 60 % 24, minute % 60)
      return (
        date: "202601\(day < 10 ? "0" : "")\(day)", time: "\(hour < 10 ? "0" : "")\(hour)\(rest < 10 ? "0" : "")\(rest)"
      )
    }
    return WorklistStudy(
      studyInstanceUID: try uid("1.2.\(number)"), arrival: StudyArrival(studyDate: time?.date, studyTime: time?.time),
      priority: level == .none
        ? .unranked : PriorityDecision(level: level, ruleID: "test", because: [], rankScore: score))
  }

  private func pile(_ seed: UInt64, minutes: Int = 2000, undated: Bool = true) throws -> [WorklistStudy] {
    var generator = SeededGenerator(seed: seed)
    return try (0..<Int.random(in: 1...40, using: &generator)).map { number in
      try study(
        number,
        minute: undated && Int.random(in: 0..<8, using: &generator) == 0
          ? nil : Int.random(in: 0..<minutes, using: &generator),
        PriorityLevel.allCases.randomElement(using: &generator) ?? .none,
        score: Double(Int.random(in: 1...4, using: &generator)) / 4)
    }
  }

  private let limits = [
    WaitingLimits(limit: 240 * 60), WaitingLimits(limit: 600 * 60, levels: [.high: 60 * 60, .medium: 300 * 60]),
  ].compactMap(\.self)

  private func minutes(_ study: WorklistStudy) -> Int { study.arrival.microseconds.map { $0 / 60_000_000 } ?? -1 << 40 }

  private func readBy(_ study: WorklistStudy, _ limits: WaitingLimits) -> Int {
    study.arrival.isKnown ? minutes(study) + limits.seconds(for: study.priority.level) / 60 : -1 << 40
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `nothing is lost, and the order of the input makes no difference`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed &+ 1_000)
    let studies = try pile(seed)
    for limits in limits {
      let ordered = ReadingOrder.ordered(studies, waiting: limits)
      #expect(ordered.sorted(by: WorklistStudy.arrivesBefore) == studies.sorted(by: WorklistStudy.arrivesBefore))
      #expect(ReadingOrder.ordered(studies.shuffled(using: &generator), waiting: limits) == ordered)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no study stands behind one that arrived after its read-by time`(seed: UInt64) throws {
    for limits in limits {
      let ordered = ReadingOrder.ordered(try pile(seed), waiting: limits)
      for (place, study) in ordered.enumerated() {
        #expect(ordered[..<place].allSatisfy { minutes($0) <= readBy(study, limits) })
      }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `whoever stands before an earlier study is ranked higher, and the rest is first in, first out`(seed: UInt64)
    throws
  {
    for limits in limits {
      let ordered = ReadingOrder.ordered(try pile(seed), waiting: limits)
      for (place, study) in ordered.enumerated() {
        for before in ordered[..<place] where WorklistStudy.arrivesBefore(study, before) {
          #expect(
            (before.priority.level, before.priority.rankScore) > (study.priority.level, study.priority.rankScore))
        }
      }
      let unflagged = ordered.filter { $0.priority.level == .none }
      #expect(unflagged == unflagged.sorted(by: WorklistStudy.arrivesBefore))
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `studies that arrive within one limit are ordered as without`(seed: UInt64) throws {
    let studies = try pile(seed, minutes: 200, undated: false)
    let limits = try #require(WaitingLimits(limit: 240 * 60))
    #expect(ReadingOrder.ordered(studies, waiting: limits) == ReadingOrder.ordered(studies))
    #expect(ReadingOrder.places(of: studies, waiting: limits).allSatisfy { !$0.isDue })
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `due are those before a higher-ranked study that arrived after their read-by time`(seed: UInt64) throws {
    for limits in limits {
      let places = ReadingOrder.places(of: try pile(seed), waiting: limits)
      let ranked = ReadingOrder.ordered(places.map(\.study))
      for (index, place) in places.enumerated() {
        let own = try #require(ranked.firstIndex(of: place.study))
        let passed = places[index...].contains { later in
          minutes(later.study) > readBy(place.study, limits) && ranked[..<own].contains(later.study)
        }
        #expect(place.isDue == passed)
      }
    }
  }

  /// Waits of a day in which one reader always takes the first study of the list and needs ten minutes for each.
  private func waits(_ studies: [WorklistStudy], order: ([WorklistStudy]) -> [WorklistStudy]) -> [Int] {
    var (left, now, waits): ([WorklistStudy], Int, [Int]) = (studies, 0, [])
    while !left.isEmpty {
      let here = left.filter { minutes($0) <= now }
      guard let next = order(here).first else {
        now = left.map(minutes).min() ?? now
        continue
      }
      waits.append(now - minutes(next))
      left.removeAll { $0 == next }
      now += 10
    }
    return waits
  }

  /// A pile-up of eighty studies, of which half are flagged; the first minute of the axis is taken off.
  private func day(_ seed: UInt64) throws -> [WorklistStudy] {
    var generator = SeededGenerator(seed: seed)
    return try (0..<80).map { number in
      let level: PriorityLevel = Bool.random(using: &generator) ? .none : .high
      return try study(number, minute: Int.random(in: 0..<600, using: &generator), level)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `nobody waits longer than first in, first out would have anybody wait, plus the limit`(seed: UInt64) throws {
    let studies = try day(seed)
    let longest = try #require(waits(studies) { $0.sorted(by: WorklistStudy.arrivesBefore) }.max())
    for limit in [30, 60, 120] {
      let limits = try #require(WaitingLimits(limit: limit * 60))
      let limited = try #require(waits(studies) { ReadingOrder.ordered($0, waiting: limits) }.max())
      #expect(limited <= longest + limit)
    }
  }

  @Test func `without a limit somebody does wait longer, and flagged studies wait less with either`() throws {
    let limits = try #require(WaitingLimits(limit: 60 * 60))
    let days = try (0..<20 as Range<UInt64>).map(day)
    let exceeding = days.count { studies in
      let longest = waits(studies) { $0.sorted(by: WorklistStudy.arrivesBefore) }.max() ?? 0
      return (waits(studies) { ReadingOrder.ordered($0) }.max() ?? 0) > longest + 60
    }
    #expect(exceeding > 10)
    for studies in days {
      let ranks = ReadingOrder.ordered(studies, waiting: limits).enumerated().filter { $1.priority.level == .high }
      let arrivals = studies.sorted(by: WorklistStudy.arrivesBefore).enumerated().filter { $1.priority.level == .high }
      #expect(ranks.reduce(0) { $0 + $1.offset } < arrivals.reduce(0) { $0 + $1.offset })
    }
  }

  @Test func `a study without a date counts as waiting longer than any limit`() throws {
    let limits = try #require(WaitingLimits(limit: 86_400))
    let studies = [
      try study(1, minute: 10, .high), try study(2, minute: nil, .none), try study(3, minute: 5, .low),
      try study(4, minute: nil, .medium),
    ]
    let places = ReadingOrder.places(of: studies, waiting: limits)
    #expect(places.map(\.study.studyInstanceUID.value) == ["1.2.4", "1.2.2", "1.2.1", "1.2.3"])
    #expect(places.map(\.isDue) == [true, true, false, false])
  }

  @Test func `limits are bounded and do not grow with the priority`() throws {
    #expect(WaitingLimits(limit: 59) == nil && WaitingLimits(limit: 366 * 86_400) == nil)
    #expect(WaitingLimits(limit: 3600, levels: [.high: 7200]) == nil)
    #expect(WaitingLimits(limit: 7200, levels: [.high: 3600, .medium: 1800]) == nil)
    #expect(
      WaitingLimits(limit: 7200, levels: [.low: 3600]) == WaitingLimits(limit: 7200, levels: [.low: 3600, .high: 3600]))
    let limits = try #require(WaitingLimits(limit: 7200, levels: [.high: 60]))
    #expect(PriorityLevel.allCases.map(limits.seconds) == [7200, 7200, 7200, 60])
  }

  @Test func `the axis of arrivals has no gaps at leap days, and a leap second stays in its day`() {
    func arrival(_ date: String, _ time: String?) -> StudyArrival { StudyArrival(studyDate: date, studyTime: time) }
    let day = 86_400_000_000
    for (first, second) in [("20240228", "20240229"), ("20240229", "20240301"), ("20251231", "20260101")] {
      #expect(arrival(second, "00").microseconds == (arrival(first, "00").microseconds ?? 0) + day)
    }
    #expect(arrival("20251231", "235960").calendarFields == [2025, 12, 31, 23, 59, 59])
    #expect(arrival("20251231", nil).calendarFields == [2025, 12, 31, 0, 0, 0])
    #expect(arrival("", "10").calendarFields == nil && arrival("", "10").microseconds == nil)
  }
}
