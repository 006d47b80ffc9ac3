internal import DICOMCore
internal import Findings
internal import Reports

/// A frame's row in the tables: what its released object says.
struct PictureRow: Sendable {
  private let object: ReleasedObject
  private let frame: Int
  private let header: DataSet
  private var pictures: [ExportFormat: String] = [:]
  private var stored: StoredPicture?

  init(_ object: ReleasedObject, frame: Int, header: DataSet) {
    (self.object, self.frame, self.header) = (object, frame, header)
  }

  mutating func add(_ format: ExportFormat, _ path: String, _ stored: StoredPicture?) {
    pictures[format] = path
    if let stored { self.stored = stored }
  }

  /// The columns of mimic-cxr-2.0.0-metadata.csv in their order, then those of Bucky.
  static let metadataHeader = [
    "dicom_id", "subject_id", "study_id", "PerformedProcedureStepDescription", "ViewPosition", "Rows", "Columns",
    "StudyDate", "StudyTime", "ProcedureCodeSequence_CodeMeaning", "ViewCodeSequence_CodeMeaning",
    "PatientOrientationCodeSequence_CodeMeaning", "series_id", "frame", "Modality", "BodyPartExamined", "Laterality",
    "PatientSex", "PatientAge", "PhotometricInterpretation", "BitsStored", "dicom", "png8", "png16", "png16_lowest",
    "png16_scale", "png16_offset", "png16_unit",
  ]

  var metadata: [String] {
    func text(_ tag: Tag) -> String { header.string(tag)?.trimmingPadding() ?? "" }
    func number(_ tag: Tag) -> String { header.integer(tag).map(String.init) ?? "" }
    func meaning(_ tag: Tag) -> String { header.items(tag).first?.string(.codeMeaning) ?? "" }
    let (target, line) = (object.target, stored?.line)
    return [
      target.instance, target.pseudonym, target.study, text(.performedProcedureStepDescription), text(.viewPosition),
      number(.rows), number(.columns), text(.studyDate), text(.studyTime), meaning(.procedureCodeSequence),
      meaning(.viewCodeSequence), meaning(.patientOrientationCodeSequence), target.series, String(frame),
      text(.modality), text(.bodyPartExamined),
      text(.imageLaterality).isEmpty ? text(.laterality) : text(.imageLaterality),
      text(.patientSex), text(.patientAge), text(.photometricInterpretation), number(.bitsStored), object.output,
      pictures[.png8] ?? "", pictures[.png16] ?? "", stored.map { String($0.lowest) } ?? "",
      line.map { Self.decimal($0.scale) } ?? "", line.map { Self.decimal($0.offset) } ?? "", stored?.unit ?? "",
    ]
  }

  /// The columns of CheXpert's train.csv before its labels.
  static let cheXpertHeader = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA"]

  /// `nil` for what is no radiograph, or one of another part of the body than the chest.
  var cheXpert: [String]? {
    guard let modality = header.string(.modality), Self.radiography.contains(modality) else { return nil }
    let part = header.string(.bodyPartExamined)?.uppercased()
    guard part.map({ $0.contains("CHEST") || $0.contains("THORAX") }) ?? true else { return nil }
    let sex = ["M": "Male", "F": "Female"][header.string(.patientSex) ?? ""] ?? "Unknown"
    let age = header.string(.patientAge).flatMap { PatientAge.years(ageString: $0) }
    let view = header.string(.viewPosition)?.trimmingPadding().uppercased() ?? ""
    let (plane, direction): (String, String) =
      switch view {
      case "AP", "PA": ("Frontal", view)
      case "LL", "RL", "LATERAL", "LAT": ("Lateral", "")
      default: ("", "")
      }
    return [
      pictures[.png8] ?? pictures[.png16] ?? object.output, sex, age.map { String(Int($0)) } ?? "", plane, direction,
    ]
  }

  /// Modalities (0008,0060) of projection radiography.
  private static let radiography: Set<String> = ["CR", "DX", "RG"]

  private static func decimal(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}

extension Tag {
  /// (0040,0254) LO, VM 1.
  fileprivate static let performedProcedureStepDescription = Tag(0x0040, 0x0254)
  /// (0054,0410) SQ, VM 1.
  fileprivate static let patientOrientationCodeSequence = Tag(0x0054, 0x0410)
}

/// `metadata.csv` and `chexpert.csv` as they grow: RFC 4180, UTF-8, CRLF.
final class PictureTables {
  private let folder: OutputFolder
  private let metadata: AppendingFile
  private let cheXpert: AppendingFile

  init(in folder: OutputFolder) throws(BatchError) {
    self.folder = folder
    metadata = try AppendingFile(creating: try folder.temporaryPath(for: ExportNames.metadata))
    cheXpert = try AppendingFile(creating: try folder.temporaryPath(for: ExportNames.cheXpert))
    try metadata.append(CommaSeparated.line(PictureRow.metadataHeader))
    try cheXpert.append(CommaSeparated.line(PictureRow.cheXpertHeader))
  }

  func append(_ row: PictureRow) throws(BatchError) {
    try metadata.append(CommaSeparated.line(row.metadata))
    if let cells = row.cheXpert { try cheXpert.append(CommaSeparated.line(cells)) }
  }

  /// - Returns: The names of the files, which are in their places.
  func finish() throws(BatchError) -> [String] {
    for (file, name) in [(metadata, ExportNames.metadata), (cheXpert, ExportNames.cheXpert)] {
      try file.flush()
      try folder.finish(try folder.temporaryPath(for: name), as: name)
    }
    return [ExportNames.metadata, ExportNames.cheXpert]
  }
}

/// A line of RFC 4180. Numbers stay numbers, as data frames expect them; text that a spreadsheet would take for a formula is led by an
/// apostrophe.
enum CommaSeparated {
  static func line(_ cells: [String]) -> [UInt8] {
    Array((cells.map(cell).joined(separator: ",") + "\r\n").utf8)
  }

  private static func cell(_ text: String) -> String { Double(text) != nil ? text : Worklist.quoted(text) }
}
