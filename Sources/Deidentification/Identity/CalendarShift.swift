/// Dates as DICOM writes them, moved by whole days (PS3.5 6.2: DA, DT), at the precision they have.
package enum CalendarShift {
  /// `20040119`, the old `2004.01.19`, and ranges of them; `nil` for what is no date.
  package static func date(_ text: String, days: Int) -> String? {
    range(text) { part in
      let digits = part.replacing(".", with: "")
      guard digits.utf8.count == 8, let moved = move(digits, days) else { return nil }
      guard part.contains(".") else { return moved }
      guard part.utf8.count == 10 else { return nil }
      return "\(moved.prefix(4)).\(moved.dropFirst(4).prefix(2)).\(moved.suffix(2))"
    }
  }

  /// Date and time, down to the year alone; the offset from UTC goes, as it says where.
  package static func dateTime(_ text: String, days: Int) -> String? {
    let (first, second) = split(text)
    guard let start = single(first, days) else { return nil }
    guard let second else { return start }
    guard let end = single(second, days) else { return nil }
    return "\(start)-\(end)"
  }

  /// `hhmmss.ffffff` and its shorter forms, ranges too.
  package static func isTime(_ text: String) -> Bool {
    range(text) { part in
      let digits = part.replacing(":", with: "")
      let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
      guard let whole = parts.first, [2, 4, 6].contains(whole.utf8.count), parts.count <= 2 else { return nil }
      let isNumber = parts.allSatisfy { !$0.isEmpty && $0.utf8.count <= 6 && $0.utf8.allSatisfy(isDigit) }
      return isNumber && isTimeOfDay(whole) ? part : nil
    } != nil
  }

  /// `hh`, `hhmm` or `hhmmss` that a clock can show, a leap second included.
  private static func isTimeOfDay(_ digits: some StringProtocol) -> Bool {
    let pairs = stride(from: 0, to: digits.utf8.count, by: 2).compactMap { Int(digits.dropFirst($0).prefix(2)) }
    return zip(pairs, [23, 59, 60]).allSatisfy { $0 <= $1 }
  }

  /// `&ZZXX` of Timezone Offset From UTC (PS3.3 C.12.1.1.8).
  package static func isOffsetFromUTC(_ text: String) -> Bool {
    let digits = text.dropFirst()
    return ["+", "-"].contains(text.prefix(1)) && digits.utf8.count == 4 && digits.utf8.allSatisfy(isDigit)
  }

  // MARK: - Parts

  /// A date-time without its zone. A hyphen after a full date-time is a zone, else a range.
  private static func single(_ text: String, _ days: Int) -> String? {
    let body = text.split(separator: "+", maxSplits: 1).first.map(String.init) ?? ""
    let digits = String(body.prefix { isDigit($0.utf8.first ?? 0) })
    let fraction = body.dropFirst(digits.count)
    guard fraction.isEmpty || (fraction.first == "." && fraction.dropFirst().utf8.allSatisfy(isDigit)) else {
      return nil
    }
    guard [4, 6, 8, 10, 12, 14].contains(digits.utf8.count), isTimeOfDay(digits.dropFirst(8)) else { return nil }
    // Half a year or month on, so that what is not known moves least.
    let full: String =
      switch digits.utf8.count {
      case 4: digits + "0701"
      case 6: digits + "15"
      default: String(digits.prefix(8))
      }
    guard let moved = move(full, days) else { return nil }
    return String(moved.prefix(min(8, digits.utf8.count))) + String(digits.dropFirst(8)) + String(fraction)
  }

  /// The two sides of a range; a hyphen with four digits behind it after a time of day is a zone.
  private static func split(_ text: String) -> (String, String?) {
    guard let hyphen = text.lastIndex(of: "-") else { return (text, nil) }
    let (before, after) = (String(text[..<hyphen]), String(text[text.index(after: hyphen)...]))
    let isZone = after.utf8.count == 4 && before.utf8.count >= 10 && !before.contains("-")
    return isZone ? (before, nil) : (before, after)
  }

  private static func range(_ text: String, _ convert: (String) -> String?) -> String? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { return nil }
    var converted: [String] = []
    for part in parts {
      guard let value = part.isEmpty ? "" : convert(part) else { return nil }
      converted.append(value)
    }
    return converted.joined(separator: "-")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Eight digits, moved in the proleptic Gregorian calendar.
  private static func move(_ digits: String, _ days: Int) -> String? {
    guard digits.utf8.allSatisfy(isDigit), let number = Int(digits) else { return nil }
    let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
    guard (1...12).contains(month), (1...31).contains(day), year > 0 else { return nil }
    // Days since 1 March of year 0, so that the leap day comes last.
    let y = month > 2 ? year : year - 1
    let m = (month + 9) % 12
    let count = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 + days
    let (era, dayOfEra) = (floor(count, 146_097), count - floor(count, 146_097) * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let newDay = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let newMonth = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let newYear = yearOfEra + era * 400 + (newMonth <= 2 ? 1 : 0)
    guard (1...9999).contains(newYear) else { return nil }
    return padded(newYear, 4) + padded(newMonth, 2) + padded(newDay, 2)
  }

  private static func floor(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
