package import DICOMCore

/// The patient and study attributes that a report takes over from the images it is about.
///
/// Identifiers and names are copied as they stand, so that the report files with its study. Dates, times and sex whose
/// value the standard does not permit are left empty: the report must be valid even if the image is not.
package struct SourceHeader: Sendable, Equatable {
  /// Patient (PS3.3 C.7.1.1) and General Study (C.7.2.1) attributes; Type 2 attributes are present, empty when unknown.
  package let attributes: DataSet
  /// Items of Contributing Equipment Sequence (0018,A001) that tell what de-identified the images (109104, DCM); empty where
  /// nothing did.
  private(set) var deidentifyingEquipment: [DataSet]

  /// - Parameter source: The data set of any image of the study; the same one in every run.
  package init(of source: DataSet) {
    var attributes = DataSet()
    for rule in Self.rules {
      let values = source.strings(rule.tag).map(Self.withoutControls).compactMap(rule.form.accept)
      if values.contains(where: { !$0.isEmpty }) {
        attributes.set(rule.tag, rule.vr, strings: values)
      } else if rule.isRequired {
        attributes.setEmpty(rule.tag, rule.vr)
      }
    }
    let methods = source.items(.deidentificationMethodCodeSequence)
    if !methods.isEmpty { attributes.set(.deidentificationMethodCodeSequence, items: methods) }
    // One of the two is required beside Patient Identity Removed YES (PS3.3 C.7.1.1, Type 1C); many images have neither.
    if attributes.string(.patientIdentityRemoved) == "YES", methods.isEmpty,
      attributes.string(.deidentificationMethod) == nil
    {
      attributes.set(.deidentificationMethod, .lo, Self.unstatedMethod)
    }
    self.attributes = attributes
    deidentifyingEquipment =
      attributes.string(.patientIdentityRemoved) == "YES" ? Self.deidentifyingEquipment(in: source) : []
  }

  /// De-identification Method of a report on images that say they were de-identified and not how.
  static let unstatedMethod = "Not stated by the source images"

  /// The same header with this program as what de-identified the images.
  package func deidentified(by software: TriageReport.Software) -> SourceHeader {
    var header = self
    var item = DataSet()
    item.set(.manufacturer, .lo, Product.manufacturer)
    item.set(.manufacturerModelName, .lo, Product.deidentifierModelName)
    item.set(.softwareVersions, .lo, software.version)
    item.set(.purposeOfReferenceCodeSequence, items: [StandardCode.deidentifyingEquipment.dataSet])
    header.deidentifyingEquipment = [item]
    return header
  }

  /// What the images name as having de-identified them. Manufacturer must have a value (PS3.3 C.12.1, Type 1).
  private static func deidentifyingEquipment(in source: DataSet) -> [DataSet] {
    let code = StandardCode.deidentifyingEquipment
    let named = source.items(.contributingEquipmentSequence).filter { item in
      item.items(.purposeOfReferenceCodeSequence).contains {
        $0.string(.codeValue) == code.value && $0.string(.codingSchemeDesignator) == code.scheme
      }
    }
    return (named.isEmpty ? [DataSet()] : named).map { source in
      var item = DataSet()
      item.set(.manufacturer, .lo, source.string(.manufacturer).map(withoutControls) ?? unstatedMethod)
      for tag in [Tag.manufacturerModelName, .softwareVersions] {
        if let text = source.string(tag) { item.set(tag, .lo, withoutControls(text)) }
      }
      item.set(.purposeOfReferenceCodeSequence, items: [code.dataSet])
      return item
    }
  }

  package var studyInstanceUID: UID? { attributes.uid(.studyInstanceUID) }

  /// Whether the images say that the patient's identity was removed from them.
  package var isDeidentified: Bool { attributes.string(.patientIdentityRemoved) == "YES" }

  /// What a JSON report says about the study.
  package func subject(study: UID) -> TriageReport.Subject {
    TriageReport.Subject(
      deidentified: isDeidentified, studyInstanceUID: study, patientID: attributes.string(.patientID),
      issuerOfPatientID: attributes.string(.issuerOfPatientID), accessionNumber: attributes.string(.accessionNumber),
      studyDate: attributes.string(.studyDate), studyDescription: attributes.string(.studyDescription))
  }

  /// A digest of the copied text, so that a corrected header makes a new report.
  var digest: ContentDigest {
    ContentDigest(ofText: ([attributes] + deidentifyingEquipment).map(\.contentDigest.description).joined())
  }

  // MARK: Rules

  private struct Rule {
    let tag: Tag
    let vr: VR
    var isRequired = false
    var form = Form.text
  }

  private enum Form {
    case text, date, time, sex, yesOrNo

    /// The value to write, or `nil` for one that the VR or the attribute does not permit.
    func accept(_ value: String) -> String? {
      switch self {
      case .text: value
      case .date: ReportDate(dicomDate: value.filter { $0 != "." }).map(\.dicomDate)
      case .time: ReportDate.clock(value) == nil ? nil : value
      case .sex: ["M", "F", "O"].contains(value) ? value : nil
      case .yesOrNo: ["YES", "NO"].contains(value) ? value : nil
      }
    }
  }

  private static let rules = [
    Rule(tag: .patientName, vr: .pn, isRequired: true),
    Rule(tag: .patientID, vr: .lo, isRequired: true),
    Rule(tag: .issuerOfPatientID, vr: .lo),
    Rule(tag: .patientBirthDate, vr: .da, isRequired: true, form: .date),
    Rule(tag: .patientSex, vr: .cs, isRequired: true, form: .sex),
    Rule(tag: .patientIdentityRemoved, vr: .cs, form: .yesOrNo),
    Rule(tag: .deidentificationMethod, vr: .lo),
    Rule(tag: .studyInstanceUID, vr: .ui, isRequired: true),
    Rule(tag: .studyDate, vr: .da, isRequired: true, form: .date),
    Rule(tag: .studyTime, vr: .tm, isRequired: true, form: .time),
    Rule(tag: .accessionNumber, vr: .sh, isRequired: true),
    Rule(tag: .referringPhysicianName, vr: .pn, isRequired: true),
    Rule(tag: .studyID, vr: .sh, isRequired: true),
    Rule(tag: .studyDescription, vr: .lo),
  ]

  private static func withoutControls(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isControl) else { return text }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: text.unicodeScalars.filter { !$0.isControl })
    return String(kept)
  }
}
