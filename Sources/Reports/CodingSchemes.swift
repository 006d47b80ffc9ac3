internal import DICOMCore

/// A coding scheme as Coding Scheme Identification Sequence (0008,0110) declares it (PS3.3 C.12.1).
struct CodingScheme: Sendable {
  let designator: String
  let name: String
  var uid: String?
  var version: String?
  var responsibleOrganization: String?

  /// The scheme of `designator`; one that is not known here is declared by its designator alone.
  init(_ designator: String) {
    self.designator = designator
    switch designator {
    case "DCM":
      name = "DICOM Controlled Terminology"
      uid = "1.2.840.10008.2.16.4"
    case "SCT":
      name = "SNOMED CT"
      uid = "2.16.840.1.113883.6.96"
    case "UCUM":
      name = "Unified Code for Units of Measure"
      uid = "2.16.840.1.113883.6.8"
    case "UMLS":
      name = "Unified Medical Language System"
      uid = "2.16.840.1.113883.6.86"
    case "RFC5646":
      name = "Tags for Identifying Languages"
      uid = "2.16.840.1.113883.6.316"
    case "LN":
      name = "LOINC"
      uid = "2.16.840.1.113883.6.1"
    case "RADLEX":
      name = "RadLex"
      uid = "2.16.840.1.113883.6.256"
    case PrivateCode.scheme:
      name = "Bucky triage concepts"
      version = "1"
      responsibleOrganization = Product.manufacturer
    default: name = designator.hasPrefix("99") ? "Private coding scheme" : designator
    }
  }

  /// The item of the sequence; a scheme with a UID is registered with HL7.
  var dataSet: DataSet {
    var item = DataSet()
    item.set(.codingSchemeDesignator, .sh, designator)
    if let uid {
      item.set(.codingSchemeRegistry, .lo, "HL7")
      item.set(.codingSchemeUID, .ui, uid)
    }
    item.set(.codingSchemeName, .st, name)
    if let version { item.set(.codingSchemeVersion, .sh, version) }
    if let responsibleOrganization {
      item.set(.codingSchemeResponsibleOrganization, .st, responsibleOrganization)
    }
    return item
  }
}
