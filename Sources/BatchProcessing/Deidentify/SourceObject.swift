internal import DICOMCore
internal import DICOMFiles
internal import Deidentification

/// What is known of an input file before anything is written: nothing of it leaves the run.
struct SourceObject: Sendable {
  let path: String
  /// Keyed digest of the path.
  let name: String
  let study: String
  let instance: String
  let patient: PatientIdentity
  let iod: IOD
  let sopClass: UID
  let modality: String
  let target: ReleaseTarget

  /// Where the object goes, in new identifiers alone.
  var output: String { "\(target.pseudonym)/\(target.study)/\(target.instance).dcm" }
}

/// The new identifiers of an object.
struct ReleaseTarget: Sendable, Equatable {
  let pseudonym: String
  let study: String
  let series: String
  let instance: String
}

/// The verdict on an input file after its elements were read once.
enum SourceVerdict: Sendable {
  case object(SourceObject, Harvest)
  /// No input of a de-identified export: not DICOM, a media directory.
  case skipped(String)
  case withheld(reason: String, Harvest, study: String?)
}

/// Reads input files for the first time, to learn who is in them.
struct SourceReader: Sendable {
  let policy: DeidentificationPolicy
  let identities: IdentityMap

  func verdict(on file: InputFile) -> SourceVerdict {
    let parsed: ElementFile
    do {
      parsed = try ElementFile(path: file.path)
    } catch {
      let reason = error.refusalReason
      return reason.outcome == .skipped
        ? .skipped(reason.rawValue) : .withheld(reason: reason.rawValue, Harvest(), study: nil)
    }
    let dataSet = parsed.dataSet
    if parsed.mediaStorageSOPClass == .mediaStorageDirectoryStorage || dataSet[.directoryRecordSequence] != nil {
      return .skipped(RefusalReason.dicomdir.rawValue)
    }
    var harvest = Harvest()
    harvest.add(dataSet, policy: policy)
    let study = dataSet.text(.studyInstanceUID)
    do throws(Doubt) {
      return .object(try object(file, parsed), harvest)
    } catch {
      return .withheld(reason: error.rawValue, harvest, study: study)
    }
  }

  private func object(_ file: InputFile, _ parsed: ElementFile) throws(Doubt) -> SourceObject {
    let dataSet = parsed.dataSet
    func uid(_ tag: Tag) throws(Doubt) -> String {
      guard let text = dataSet.text(tag) else { throw .missingIdentity }
      return text
    }
    let study = try uid(.studyInstanceUID)
    let series = try uid(.seriesInstanceUID)
    let instance = try uid(.sopInstanceUID)
    guard let sopClass = UID(try uid(.sopClassUID)) else { throw .missingIdentity }
    guard !policy.withheldClasses.contains(sopClass) else { throw .withheldSOPClass }
    guard let iod = IOD(sopClass: sopClass) else { throw .unknownSOPClass }
    let patient = PatientIdentity(of: dataSet)
    let keeps = policy.options.contains(.retainUIDs)
    func new(_ text: String) -> String { keeps && UID(text) != nil ? text : identities.uid(text) }
    return SourceObject(
      path: file.path, name: identities.inputName(file.source), study: study, instance: instance, patient: patient,
      iod: iod, sopClass: sopClass, modality: dataSet.text(.modality) ?? "",
      target: ReleaseTarget(
        pseudonym: identities.pseudonym(patient), study: new(study), series: new(series), instance: new(instance)))
  }
}
