internal import DICOMCore

/// The age of a patient at the time of the study.
package enum PatientAge {
  /// The age in years, from Patient's Age (0010,1010), else from Patient's Birth Date (0010,0030) and Study Date
  /// (0008,0020); `nil` when neither tells.
  static func years(of dataSet: DataSet) -> Double? {
    if let age = dataSet.string(.patientAge).flatMap(years(ageString:)) { return age }
    guard let birth = dataSet.string(.patientBirthDate).flatMap({ CalendarDate($0) }),
      let study = dataSet.string(.studyDate).flatMap({ CalendarDate($0) }), birth <= study
    else { return nil }
    let hadBirthday = (study.month, study.day) >= (birth.month, birth.day)
    return Double(study.year - birth.year - (hadBirthday ? 0 : 1))
  }

  /// Reads an Age String (AS, PS3.5 6.2): three digits and D, W, M or Y.
  ///
  /// Fewer digits are read too, and digits without a unit, which public collections hold, as years.
  package static func years(ageString: String) -> Double? {
    var digits = ageString.trimmingPadding().uppercased()[...]
    let unit = digits.last.flatMap { "DWMY".contains($0) ? $0 : nil }
    if unit != nil { digits = digits.dropLast() }
    guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Double(digits)
    else { return nil }
    return switch unit {
    case "D": number / 365.25
    case "W": number * 7 / 365.25
    case "M": number / 12
    default: number
    }
  }
}
