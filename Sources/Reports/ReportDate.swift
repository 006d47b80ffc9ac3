/// A civil date and time to the second, with the offset from UTC where it is known.
///
/// A report is dated by its inputs, not by a clock: two runs over the same study then write the same bytes.
package struct ReportDate: Sendable, Hashable {
  package let year: Int
  package let month: Int
  package let day: Int
  package let hour: Int
  package let minute: Int
  package let second: Int
  /// Minutes east of UTC, -720...840; `nil` when the source does not say.
  package let offsetMinutes: Int?

  /// - Returns: `nil` for a date or time that does not exist. A leap second becomes second 59, as PS3.5 6.2 lets `60` pass
  ///   and most readers do not.
  package init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, offsetMinutes: Int? = nil
  ) {
    guard (1...9999).contains(year), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
    else { return nil }
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
    if let offsetMinutes, !(-720...840).contains(offsetMinutes) { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = min(second, 59)
    self.offsetMinutes = offsetMinutes
  }

  /// Midnight of 1970-01-01 UTC: the date of a report whose inputs carry no date at all.
  package static let undated = ReportDate(startOf: 1970)

  private init(startOf year: Int) {
    (self.year, month, day) = (year, 1, 1)
    (hour, minute, second, offsetMinutes) = (0, 0, 0, 0)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension ReportDate: Comparable {
  /// Orders by instant; an unknown offset counts as UTC, so that the order is total.
  package static func < (lhs: ReportDate, rhs: ReportDate) -> Bool {
    (lhs.seconds, lhs.offsetMinutes ?? 0) < (rhs.seconds, rhs.offsetMinutes ?? 0)
  }

  /// Seconds on a proleptic Gregorian axis, in UTC.
  var seconds: Int {
    // Years that begin in March put the leap day last.
    let shiftedYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let days = 365 * shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear
    return (days * 24 + hour) * 3600 + minute * 60 + second - (offsetMinutes ?? 0) * 60
  }
}

// MARK: - Text forms

extension ReportDate: CustomStringConvertible {
  /// RFC 3339, such as `2024-03-01T08:15:00+09:00`; an unknown offset is written `-00:00` (RFC 3339 4.3).
  package var description: String {
    let offset =
      switch offsetMinutes {
      case let minutes?: sign(minutes) + digits(abs(minutes) / 60, 2) + ":" + digits(abs(minutes) % 60, 2)
      case nil: "-00:00"
      }
    return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(day, 2) + "T" + digits(hour, 2) + ":"
      + digits(minute, 2) + ":" + digits(second, 2) + offset
  }

  /// The DA form, `YYYYMMDD` (PS3.5 6.2).
  package var dicomDate: String { digits(year, 4) + digits(month, 2) + digits(day, 2) }
  /// The TM form, `HHMMSS`.
  package var dicomTime: String { digits(hour, 2) + digits(minute, 2) + digits(second, 2) }
  /// The DT form, with the offset where it is known.
  package var dicomDateTime: String { dicomDate + dicomTime + (dicomOffset ?? "") }
  /// Timezone Offset From UTC (0008,0201), `&ZZXX`; `nil` when unknown.
  package var dicomOffset: String? {
    offsetMinutes.map { sign($0) + digits(abs($0) / 60, 2) + digits(abs($0) % 60, 2) }
  }

  private func sign(_ minutes: Int) -> String { minutes < 0 ? "-" : "+" }

  private func digits(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

extension ReportDate: Codable {
  /// Reads the RFC 3339 form that ``description`` writes; fractions of a second are dropped.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A,
      bytes[16] == 0x3A
    else { return nil }
    var rest = bytes[19...]
    if rest.first == 0x2E { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
    let offset: Int?
    if rest.count == 1, let zulu = rest.first, zulu | 0x20 == 0x7A {
      offset = 0
    } else if rest.count == 6, let minutes = Self.offset(hours: rest.dropLast(3), minutes: rest.suffix(2)) {
      offset = rest.elementsEqual("-00:00".utf8) ? nil : minutes
    } else {
      return nil
    }
    guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
      let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
      let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19])
    else { return nil }
    self.init(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, offsetMinutes: offset)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let date = ReportDate(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 date-time")
    }
    self = date
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// The number that `bytes`, ASCII digits only, spell.
  static func number(_ bytes: some Sequence<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte), value < 1_000_000 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  /// Minutes east of UTC from a sign with two digits of hours, and two digits of minutes.
  static func offset(hours: ArraySlice<UInt8>, minutes: ArraySlice<UInt8>) -> Int? {
    guard hours.count == 3, minutes.count == 2, let sign = hours.first, sign == 0x2B || sign == 0x2D,
      let hour = number(hours.dropFirst()), let minute = number(minutes), minute < 60
    else { return nil }
    return (sign == 0x2D ? -1 : 1) * (hour * 60 + minute)
  }
}
