import DICOMCore
import Reports

extension ReportSamples {
  /// Scores under a named calibration, a threshold on one of them.
  static let calibrated: Sample = {
    var finding = pneumothorax()
    finding.scores.calibrated = 0.625
    finding.calibration = .init(id: "site-a-2026", method: .isotonic, digest: digest("calibration"), n: 812, site: "A")
    finding.threshold = .init(on: .calibrated, value: 0.5, target: "sensitivity 0.95")
    return sample("calibrated", findings: [finding, effusion(flag: false)])
  }()

  /// Images that another program de-identified, with and without a word about itself.
  static let deidentified: Sample = sample("deidentified", findings: [pneumothorax()]) { dataSet in
    dataSet.set(.patientIdentityRemoved, .cs, "YES")
    dataSet.set(.deidentificationMethod, .lo, "Basic profile")
    dataSet.set(
      .contributingEquipmentSequence, items: [equipment("109101", "Acquisition"), equipment("109104", "Remover")])
  }
  static let deidentifiedElsewhere: Sample = sample("deidentified-elsewhere", findings: [pneumothorax()]) {
    $0.set(.patientIdentityRemoved, .cs, "YES")
  }

  private static func equipment(_ purpose: String, _ manufacturer: String) -> DataSet {
    var code = DataSet()
    code.set(.codeValue, .sh, purpose)
    code.set(.codingSchemeDesignator, .sh, "DCM")
    code.set(.codeMeaning, .lo, "Purpose")
    var item = DataSet()
    item.set(.manufacturer, .lo, manufacturer)
    item.set(.softwareVersions, .lo, "7.1")
    item.set(.institutionName, .lo, "St. Elsewhere")
    item.set(.purposeOfReferenceCodeSequence, items: [code])
    return item
  }
}
