package import DICOMCore

/// Who and when: the patient-free identity of a phantom study, derived from its number alone.
package struct PhantomIdentity: Sendable, Equatable {
  /// From 1.
  package let number: Int
  /// In years, for (0010,1010).
  package var age: Int
  package var sex: String
  /// Distinguishes sets of phantoms that have the same numbers.
  package var namespace: String

  /// An adult of 19 to 93 years, whose age follows from the number.
  package init(number: Int, sex: String = "O", age: Int? = nil, namespace: String = "phantoms") {
    self.number = number
    self.age = age ?? 19 + number * 37 % 75
    self.sex = sex
    self.namespace = namespace
  }

  package var studyInstanceUID: UID { UID.derived("phantom-study", [namespace, padded]) }

  func seriesInstanceUID(_ series: Int) -> UID { UID.derived("phantom-series", [namespace, padded, "\(series)"]) }

  func sopInstanceUID(_ series: Int, _ instance: Int) -> UID {
    UID.derived("phantom-instance", [namespace, padded, "\(series)", "\(instance)"])
  }

  /// Days of 2024, 2025 and 2026 in a scattered but fixed order, so that the first study is not the first to arrive.
  var studyDate: String {
    let scattered = number * 101 % 1000
    return "\(2024 + scattered % 3)" + Self.two(1 + scattered / 3 % 12) + Self.two(1 + scattered * 7 % 28)
  }

  var studyTime: String {
    Self.two(6 + number * 13 % 17) + Self.two(number * 29 % 60) + Self.two(number * 47 % 60)
  }

  private var padded: String { Self.digits(number, 4) }

  /// Patient, General Study and the timing of everything else (PS3.3 C.7.1.1, C.7.2.1).
  func dataSet(description: String) -> DataSet {
    var result = DataSet()
    result.set(.specificCharacterSet, .cs, "ISO_IR 192")
    result.set(.patientName, .pn, "Phantom^\(padded)")
    result.set(.patientID, .lo, "BUCKY-PH-\(padded)")
    result.setEmpty(.patientBirthDate, .da)
    result.set(.patientSex, .cs, sex)
    result.set(.patientAge, .as, Self.digits(age, 3) + "Y")
    result.set(.studyInstanceUID, studyInstanceUID)
    result.set(.studyID, .sh, "PH\(padded)")
    result.set(.accessionNumber, .sh, "PHA\(padded)")
    result.set(.studyDescription, .lo, description)
    result.setEmpty(.referringPhysicianName, .pn)
    for tag in [Tag.studyDate, .seriesDate, .acquisitionDate, .contentDate] { result.set(tag, .da, studyDate) }
    for tag in [Tag.studyTime, .seriesTime, .acquisitionTime, .contentTime] { result.set(tag, .tm, studyTime) }
    return result
  }

  private static func two(_ value: Int) -> String { digits(value, 2) }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
