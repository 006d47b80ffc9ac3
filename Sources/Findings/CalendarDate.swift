internal import DICOMCore

/// A day of the Gregorian calendar, as DA gives it (PS3.5 6.2).
struct CalendarDate: Sendable, Equatable, Comparable {
  let year: Int
  let month: Int
  let day: Int

  /// Reads `YYYYMMDD`, the older `YYYY.MM.DD` and, as some devices write, `YYYY-MM-DD` or `YYYY/MM/DD`.
  ///
  /// - Returns: `nil` for anything else and for a day that does not exist.
  init?(_ text: String) {
    var digits = Array(text.trimmingPadding().utf8)
    if digits.count == 10, digits[4] == digits[7], [0x2E, 0x2D, 0x2F].contains(digits[4]) {
      digits.remove(at: 7)
      digits.remove(at: 4)
    }
    guard digits.count == 8, let number = decimal(digits[...]) else { return nil }
    (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
    guard year > 0, (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { return nil }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days on a proleptic Gregorian axis.
  var dayNumber: Int {
    // Years that begin in March put the leap day last.
    let shifted = month > 2 ? year : year - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day - 1
  }

  static func < (lhs: CalendarDate, rhs: CalendarDate) -> Bool {
    (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
  }
}

/// A time of day as TM gives it, in microseconds (PS3.5 6.2).
struct TimeOfDay: Sendable, Equatable {
  let microseconds: Int

  /// Reads `HH`, `HHMM`, `HHMMSS` and `HHMMSS.F` to six digits, and the older form with colons.
  ///
  /// - Returns: `nil` for anything else. A second of 60, a leap second, is allowed.
  init?(_ text: String) {
    let parts = text.trimmingPadding().utf8.filter { $0 != 0x3A }.split(
      separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
    guard let clock = parts.first, [2, 4, 6].contains(clock.count) else { return nil }
    func field(_ position: Int) -> Int? {
      guard clock.count > 2 * position else { return 0 }
      let start = clock.startIndex + 2 * position
      return decimal(clock[start..<start + 2])
    }
    guard let hour = field(0), let minute = field(1), let second = field(2) else { return nil }
    guard hour < 24, minute < 60, second <= 60 else { return nil }
    var fraction = 0
    if parts.count == 2 {
      guard (1...6).contains(parts[1].count), clock.count == 6, let value = decimal(parts[1]) else { return nil }
      fraction = (parts[1].count..<6).reduce(value) { result, _ in result * 10 }
    }
    microseconds = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
  }
}

/// The number that at most nine ASCII digits spell.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
  guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}
