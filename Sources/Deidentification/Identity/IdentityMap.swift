package import DICOMCore

/// Who a data set is about, as far as it says: what pseudonym and date shift depend on.
package struct PatientIdentity: Sendable, Hashable {
  package let issuer: String
  package let id: String

  /// Case, padding and runs of spaces make no difference.
  package init(issuer: String, id: String) {
    self.issuer = Self.normalized(issuer)
    self.id = Self.normalized(id)
  }

  /// From Issuer of Patient ID and Patient ID; without an ID from name and birth date; without those from the study, so that
  /// nobody is taken for somebody else.
  package init(of dataSet: RawDataSet) {
    let issuer = dataSet.text(.issuerOfPatientID) ?? ""
    if let id = dataSet.text(.patientID), id.contains(where: { $0.isLetter || $0.isNumber }) {
      self.init(issuer: issuer, id: id)
    } else if let name = dataSet.text(.patientName), let birth = dataSet.text(.patientBirthDate) {
      self.init(issuer: issuer, id: "name\u{1F}\(name)\u{1F}\(birth)")
    } else {
      self.init(issuer: issuer, id: "study\u{1F}\(dataSet.text(.studyInstanceUID) ?? "")")
    }
  }

  private static func normalized(_ text: String) -> String {
    text.trimmingPadding().uppercased().split(separator: " ").joined(separator: " ")
  }
}

/// From identities to what stands for them: everything follows from the key, nothing is remembered.
package struct IdentityMap: Sendable {
  private let key: KeyedDigest
  private let policy: DeidentificationPolicy

  package init(key: [UInt8], policy: DeidentificationPolicy) {
    self.key = KeyedDigest(key: key)
    self.policy = policy
  }

  /// Eight hexadecimal digits that tell keys apart and nothing about them.
  package var keyID: String { key.hexadecimal("id", [], count: 4) }

  /// The UID that stands for `text` in every run with this key; UIDs of the standard stay.
  ///
  /// What is no UID has its own all the same: an attribute of this VR may hold anything.
  package func uid(_ text: String) -> String {
    let trimmed = text.trimmingPadding()
    return Self.isWellKnown(trimmed) ? trimmed : key.uid("uid", [trimmed]).value
  }

  /// Registered in PS3.6 annex A, or a context group of PS3.16: below DICOM's own root alone, anybody may write anything.
  package static func isWellKnown(_ text: String) -> Bool {
    let root = "1.2.840.10008."
    guard text.hasPrefix(root) else { return false }
    let arc = text.dropFirst(root.count)
    if standard.contains(arc) || IOD.isStorageClass(text) { return true }
    guard arc.hasPrefix("6.1."), let group = Int(arc.dropFirst(4)) else { return false }
    return (1...9999).contains(group) && String(group) == arc.dropFirst(4)
  }

  private static let standard = Set(StandardUIDTable.text.tableWords)

  /// Prefix and 13 characters of base 32: 65 bits.
  package func pseudonym(_ patient: PatientIdentity) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var bits = key.bytes("pid", [patient.issuer, patient.id]).prefix(9).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    var text = ""
    for _ in 0..<13 {
      text.append(alphabet[Int(bits & 31)])
      bits >>= 5
    }
    return policy.pseudonymPrefix + text
  }

  /// Days to add to each date of a patient: always negative, whole weeks where the policy keeps weekdays.
  package func dateShift(_ patient: PatientIdentity) -> Int {
    let number = key.number("dates", [patient.issuer, patient.id])
    guard policy.keepsWeekday else { return -(1 + Int(number % UInt64(policy.maximumShiftDays))) }
    return -7 * (1 + Int(number % UInt64(max(1, policy.maximumShiftDays / 7))))
  }

  /// What a file is called in records: only who has key and path can tell.
  package func inputName(_ path: String) -> String { key.hexadecimal("input", [path]) }
}
