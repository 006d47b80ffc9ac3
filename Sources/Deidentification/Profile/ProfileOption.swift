/// The options of PS3.15 Annex E, by the names of CID 7050 in lower case with hyphens.
package enum ProfileOption: String, Sendable, CaseIterable, Comparable {
  case cleanPixelData = "clean-pixel-data"
  case cleanRecognizableVisualFeatures = "clean-recognizable-visual-features"
  case cleanGraphics = "clean-graphics"
  case cleanStructuredContent = "clean-structured-content"
  case cleanDescriptors = "clean-descriptors"
  case retainFullDates = "retain-longitudinal-temporal-information-full-dates"
  case retainModifiedDates = "retain-longitudinal-temporal-information-modified-dates"
  case retainPatientCharacteristics = "retain-patient-characteristics"
  case retainDeviceIdentity = "retain-device-identity"
  case retainUIDs = "retain-uids"
  case retainSafePrivate = "retain-safe-private"
  case retainInstitutionIdentity = "retain-institution-identity"

  package static func < (lhs: ProfileOption, rhs: ProfileOption) -> Bool { lhs.code < rhs.code }

  /// The code of CID 7050 De-identification Method, scheme DCM.
  package var code: String {
    switch self {
    case .cleanPixelData: "113101"
    case .cleanRecognizableVisualFeatures: "113102"
    case .cleanGraphics: "113103"
    case .cleanStructuredContent: "113104"
    case .cleanDescriptors: "113105"
    case .retainFullDates: "113106"
    case .retainModifiedDates: "113107"
    case .retainPatientCharacteristics: "113108"
    case .retainDeviceIdentity: "113109"
    case .retainUIDs: "113110"
    case .retainSafePrivate: "113111"
    case .retainInstitutionIdentity: "113112"
    }
  }

  /// The meaning of ``code``.
  package var meaning: String {
    switch self {
    case .cleanPixelData: "Clean Pixel Data Option"
    case .cleanRecognizableVisualFeatures: "Clean Recognizable Visual Features Option"
    case .cleanGraphics: "Clean Graphics Option"
    case .cleanStructuredContent: "Clean Structured Content Option"
    case .cleanDescriptors: "Clean Descriptors Option"
    case .retainFullDates: "Retain Longitudinal Temporal Information Full Dates Option"
    case .retainModifiedDates: "Retain Longitudinal Temporal Information Modified Dates Option"
    case .retainPatientCharacteristics: "Retain Patient Characteristics Option"
    case .retainDeviceIdentity: "Retain Device Identity Option"
    case .retainUIDs: "Retain UIDs Option"
    case .retainSafePrivate: "Retain Safe Private Option"
    case .retainInstitutionIdentity: "Retain Institution Identity Option"
    }
  }

  /// The letter of the option's column in ``ProfileTable``; `nil` for options that Table E.1-1 has no column for.
  var letter: Character? {
    switch self {
    case .cleanPixelData, .cleanRecognizableVisualFeatures: nil
    case .retainSafePrivate: "S"
    case .retainUIDs: "U"
    case .retainDeviceIdentity: "V"
    case .retainInstitutionIdentity: "I"
    case .retainPatientCharacteristics: "P"
    case .retainFullDates: "F"
    case .retainModifiedDates: "M"
    case .cleanDescriptors: "D"
    case .cleanStructuredContent: "T"
    case .cleanGraphics: "G"
    }
  }

  init?(letter: Character) {
    guard let option = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
    self = option
  }
}
