package import DICOMCore

/// Concepts of PS3.16 (and the terminologies it uses) that a triage report is written with.
package enum StandardCode {
  // MARK: Document and observation context

  static let imagingMeasurementReport = CodedConcept("126000", "DCM", "Imaging Measurement Report")
  static let language = CodedConcept("121049", "DCM", "Language of Content Item and Descendants")
  static let americanEnglish = CodedConcept("en-US", "RFC5646", "English (United States)")
  static let observerType = CodedConcept("121005", "DCM", "Observer Type")
  static let device = CodedConcept("121007", "DCM", "Device")
  static let deviceObserverUID = CodedConcept("121012", "DCM", "Device Observer UID")
  static let deviceObserverName = CodedConcept("121013", "DCM", "Device Observer Name")
  static let deviceObserverManufacturer = CodedConcept("121014", "DCM", "Device Observer Manufacturer")
  static let deviceObserverModelName = CodedConcept("121015", "DCM", "Device Observer Model Name")
  static let deviceObserverSerialNumber = CodedConcept("121016", "DCM", "Device Observer Serial Number")
  static let procedureReported = CodedConcept("121058", "DCM", "Procedure reported")
  /// The procedure when nothing more exact is known (CID 100).
  package static let imagingProcedure = CodedConcept("363679005", "SCT", "Imaging procedure")
  static let processingEquipment = CodedConcept("109102", "DCM", "Processing Equipment")
  static let deidentifyingEquipment = CodedConcept("109104", "DCM", "De-identifying Equipment")

  // MARK: Image library

  static let imageLibrary = CodedConcept("111028", "DCM", "Image Library")
  static let imageLibraryGroup = CodedConcept("126200", "DCM", "Image Library Group")
  static let modality = CodedConcept("121139", "DCM", "Modality")
  static let pixelDataRows = CodedConcept("110910", "DCM", "Pixel Data Rows")
  static let pixelDataColumns = CodedConcept("110911", "DCM", "Pixel Data Columns")

  // MARK: Measurement groups

  static let imagingMeasurements = CodedConcept("126010", "DCM", "Imaging Measurements")
  static let measurementGroup = CodedConcept("125007", "DCM", "Measurement Group")
  static let trackingIdentifier = CodedConcept("112039", "DCM", "Tracking Identifier")
  static let trackingUniqueIdentifier = CodedConcept("112040", "DCM", "Tracking Unique Identifier")
  static let finding = CodedConcept("121071", "DCM", "Finding")
  static let findingSite = CodedConcept("363698007", "SCT", "Finding Site")
  static let algorithmName = CodedConcept("111001", "DCM", "Algorithm Name")
  static let algorithmParameters = CodedConcept("111002", "DCM", "Algorithm Parameters")
  static let algorithmVersion = CodedConcept("111003", "DCM", "Algorithm Version")
  static let certaintyOfFinding = CodedConcept("111012", "DCM", "Certainty of Finding")
  static let sourceOfMeasurement = CodedConcept("121112", "DCM", "Source of Measurement")

  // MARK: Evaluations of the whole study

  static let qualitativeEvaluations = CodedConcept("C0034375", "UMLS", "Qualitative Evaluations")
  static let findingsSummary = CodedConcept("111017", "DCM", "CAD Processing and Findings Summary")
  static let summaryOfDetections = CodedConcept("111064", "DCM", "Summary of Detections")
  static let succeeded = CodedConcept("111222", "DCM", "Succeeded")
  static let partiallySucceeded = CodedConcept("111223", "DCM", "Partially Succeeded")
  static let failed = CodedConcept("111224", "DCM", "Failed")
  static let notAttempted = CodedConcept("111225", "DCM", "Not Attempted")
  static let allWithoutFindings = CodedConcept("111241", "DCM", "All algorithms succeeded; without findings")
  static let allWithFindings = CodedConcept("111242", "DCM", "All algorithms succeeded; with findings")
  static let someWithoutFindings = CodedConcept("111243", "DCM", "Not all algorithms succeeded; without findings")
  static let someWithFindings = CodedConcept("111244", "DCM", "Not all algorithms succeeded; with findings")
  static let noneWithoutFindings = CodedConcept("111245", "DCM", "No algorithms succeeded; without findings")
  static let priority = CodedConcept("260870009", "SCT", "Priority")
  static let imageQuality = CodedConcept("111101", "DCM", "Image Quality")
  static let comment = CodedConcept("121106", "DCM", "Comment")

  // MARK: Key objects

  static let ofInterest = CodedConcept("113000", "DCM", "Of Interest")
  static let keyObjectDescription = CodedConcept("113012", "DCM", "Key Object Description")

  // MARK: Values and units

  static let yes = CodedConcept("373066001", "SCT", "Yes")
  static let no = CodedConcept("373067005", "SCT", "No")
  static let undetermined = CodedConcept("373068000", "SCT", "Undetermined")
  static let noUnits = CodedConcept("1", "UCUM", "no units")
  static let percent = CodedConcept("%", "UCUM", "Percent")
  static let pixels = CodedConcept("{pixels}", "UCUM", "pixels")

  /// The concept of a Modality (0008,0060) value from CID 29; `nil` for one that is not an acquisition modality.
  static func modality(_ value: String) -> CodedConcept? {
    modalityNames[value].map { CodedConcept(value, "DCM", $0) }
  }

  private static let modalityNames = [
    "CR": "Computed Radiography", "CT": "Computed Tomography", "DX": "Digital Radiography", "ES": "Endoscopy",
    "GM": "General Microscopy", "IO": "Intra-oral Radiography", "IVUS": "Intravascular Ultrasound",
    "MG": "Mammography", "MR": "Magnetic Resonance", "NM": "Nuclear Medicine", "OCT": "Optical Coherence Tomography",
    "OP": "Ophthalmic Photography", "OPT": "Ophthalmic Tomography", "PT": "Positron emission tomography",
    "PX": "Panoramic X-Ray", "RF": "Radiofluoroscopy", "RG": "Radiographic imaging", "SM": "Slide Microscopy",
    "US": "Ultrasound", "XA": "X-Ray Angiography", "XC": "External-camera Photography",
  ]
}
