package import DICOMCore

extension ReportDate {
  /// The newest date and time at which any of the instances was acquired or written; `nil` when none carries a date.
  ///
  /// Looks at Acquisition DateTime and at the date and time pairs of instance, content, acquisition, series and study, all
  /// in the instance's Timezone Offset From UTC (0008,0201) where it has one. A malformed value counts as absent, and the
  /// order of the instances does not matter.
  package static func newest(in instances: some Sequence<DataSet>) -> ReportDate? {
    instances.flatMap(candidates).max()
  }

  private static let pairs: [(date: Tag, time: Tag)] = [
    (.instanceCreationDate, .instanceCreationTime), (.contentDate, .contentTime),
    (.acquisitionDate, .acquisitionTime), (.seriesDate, .seriesTime), (.studyDate, .studyTime),
  ]

  private static func candidates(in instance: DataSet) -> [ReportDate] {
    let offset = instance.string(.timezoneOffsetFromUTC).flatMap(dicomOffset)
    var dates = pairs.compactMap { pair in
      instance.string(pair.date).flatMap { date in
        ReportDate(dicomDate: date, time: instance.string(pair.time) ?? "", offsetMinutes: offset)
      }
    }
    if let moment = instance.string(.acquisitionDateTime).flatMap({ ReportDate(dicomDateTime: $0, offset) }) {
      dates.append(moment)
    }
    return dates
  }

  /// A DA value and a TM value, which may end after hours or minutes (PS3.5 6.2). A malformed time counts as midnight.
  package init?(dicomDate: String, time: String = "", offsetMinutes: Int? = nil) {
    let date = Array(dicomDate.utf8)
    guard date.count == 8, let year = Self.number(date[0..<4]), let month = Self.number(date[4..<6]),
      let day = Self.number(date[6..<8])
    else { return nil }
    let clock = Self.clock(time) ?? (0, 0, 0)
    self.init(
      year: year, month: month, day: day, hour: clock.hour, minute: clock.minute, second: clock.second,
      offsetMinutes: offsetMinutes)
  }

  /// A DT value with at least year, month and day; its own offset counts before `fallback`.
  init?(dicomDateTime text: String, _ fallback: Int?) {
    let bytes = Array(text.utf8)
    let sign = bytes.firstIndex { $0 == 0x2B || $0 == 0x2D } ?? bytes.endIndex
    guard sign >= 8 else { return nil }
    let offset = Self.dicomOffset(String(decoding: bytes[sign...], as: UTF8.self))
    self.init(
      dicomDate: String(decoding: bytes[..<8], as: UTF8.self), time: String(decoding: bytes[8..<sign], as: UTF8.self),
      offsetMinutes: offset ?? fallback)
  }

  /// Hours, minutes and seconds of a TM value; `nil` when malformed.
  static func clock(_ text: String) -> (hour: Int, minute: Int, second: Int)? {
    let whole = Array(text.utf8.prefix { $0 != 0x2E })
    let fraction = text.utf8.dropFirst(whole.count).dropFirst()
    guard [2, 4, 6].contains(whole.count), fraction.count <= 6, fraction.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let parts = stride(from: 0, to: whole.count, by: 2).map { number(whole[$0..<($0 + 2)]) }
    guard let hour = parts[0], hour < 24 else { return nil }
    guard let minute = parts.count > 1 ? parts[1] : 0, minute < 60 else { return nil }
    guard let second = parts.count > 2 ? parts[2] : 0, second <= 60 else { return nil }
    return (hour, minute, second)
  }

  /// Minutes east of UTC from `&ZZXX`.
  static func dicomOffset(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, let minutes = offset(hours: bytes[0..<3], minutes: bytes[3..<5]) else { return nil }
    return (-720...840).contains(minutes) ? minutes : nil
  }
}
