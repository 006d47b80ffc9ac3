package import DICOMCore

/// When a study was made: its place in the queue without any triage.
///
/// Study Date (0008,0020) and Study Time (0008,0030) as the device wrote them, in its own time zone: Timezone Offset
/// From UTC (0008,0201) is not applied, since studies with and without it would then not compare.
package struct StudyArrival: Sendable, Equatable, Comparable {
  private let date: CalendarDate?
  private let time: TimeOfDay?

  /// - Parameters:
  ///   - studyDate: A DA value; absent or malformed means unknown.
  ///   - studyTime: A TM value; not used without a date.
  package init(studyDate: String?, studyTime: String?) {
    self.date = studyDate.flatMap { CalendarDate($0) }
    self.time = date == nil ? nil : studyTime.flatMap { TimeOfDay($0) }
  }

  /// The earliest known arrival among the instances of one study, unknown when none tells.
  package init(of instances: [DataSet]) {
    let known = instances.map {
      StudyArrival(studyDate: $0.string(.studyDate), studyTime: $0.string(.studyTime))
    }.filter(\.isKnown)
    // Of two instances with one date, the one that also has a time says more.
    let earliest = known.compactMap(\.date).min()
    let sameDay = known.filter { $0.date == earliest }
    self = sameDay.filter { $0.time != nil }.min() ?? sameDay.first ?? StudyArrival(studyDate: nil, studyTime: nil)
  }

  /// Whether there is a date at all.
  package var isKnown: Bool { date != nil }

  /// Microseconds on a proleptic Gregorian axis, in the time zone of the device; the start of the day where no time is known.
  /// `nil` without a date.
  package var microseconds: Int? {
    date.map { $0.dayNumber * 86_400_000_000 + (time?.microseconds ?? 0) }
  }

  /// Year, month, day, hour, minute and second (59 for a leap second); midnight where no time is known. `nil` without a date.
  package var calendarFields: [Int]? {
    guard let date else { return nil }
    let seconds = (time?.microseconds ?? 0) / 1_000_000
    // A leap second is the 61st of its minute: 23:59:60 must not become the next day.
    let isLeap = seconds == 86_400
    let clock = isLeap ? 86_399 : seconds
    return [date.year, date.month, date.day, clock / 3600, clock / 60 % 60, clock % 60]
  }

  private var key: (Int, Int, Int, Int) {
    (date?.year ?? 0, date?.month ?? 0, date?.day ?? 0, time?.microseconds ?? -1)
  }

  /// Earlier first. A study of unknown date counts as waiting longest, one of unknown time as the first of its day, so
  /// that missing data never makes a study wait.
  package static func < (lhs: StudyArrival, rhs: StudyArrival) -> Bool { lhs.key < rhs.key }
}
