extension ReportDate {
  /// The moment so many seconds later, with the same offset from UTC.
  ///
  /// - Returns: `nil` where that lies outside the years 1 to 9999.
  package func adding(seconds interval: Int) -> ReportDate? {
    let shifted = seconds + interval + (offsetMinutes ?? 0) * 60
    guard shifted >= 0 else { return nil }
    let (day, clock) = (shifted / 86_400, shifted % 86_400)
    // The axis begins with March of year 0; 400 years have 146,097 days.
    let (era, dayOfEra) = (day / 146_097, day % 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    return ReportDate(
      year: 400 * era + yearOfEra + (month < 10 ? 0 : 1), month: month < 10 ? month + 3 : month - 9,
      day: dayOfYear - (153 * month + 2) / 5 + 1, hour: clock / 3600, minute: clock / 60 % 60, second: clock % 60,
      offsetMinutes: offsetMinutes)
  }
}
