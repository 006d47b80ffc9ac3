internal import DICOMCore

/// An object that was written, verified and put in its place: what exports are made from.
struct ReleasedObject: Sendable {
  /// Relative to the output folder.
  let output: String
  let target: ReleaseTarget
  /// Of the file, as the verifier read it.
  let digest: ContentDigest

  init(_ object: SourceObject, _ digest: ContentDigest) {
    (output, target, self.digest) = (object.output, object.target, digest)
  }

  var reference: ExportLine.Source { ExportLine.Source(sopInstanceUID: target.instance, sha256: digest) }
}

/// Where the files of exports go, in new identifiers alone.
struct ExportNames: Sendable {
  /// Of the policy.
  let pseudonymPrefix: String

  static let manifest = "exports.jsonl"
  static let metadata = "metadata.csv"
  static let cheXpert = "chexpert.csv"
  static let tensors = "tensors"

  /// Files that a run replaces as a whole.
  static let whole = [
    manifest, metadata, cheXpert, "\(tensors)/\(PreprocessRun.tensorFile)", "\(tensors)/\(PreprocessRun.logFile)",
  ]

  /// As MIMIC-CXR-JPG lays out its pictures: `files/p10/p10000032/s50414267/DICOMID.jpg`.
  ///
  /// - Parameter frame: From 1; `nil` for an object of one frame.
  func picture(_ format: ExportFormat, of target: ReleaseTarget, frame: Int?) -> String {
    let group = target.pseudonym.prefix(pseudonymPrefix.count + 2)
    let name = target.instance + (frame.map { "-\($0)" } ?? "")
    return "\(format.rawValue)/files/\(group)/\(target.pseudonym)/s\(target.study)/\(name).png"
  }

  /// - Parameter instance: Of an enhanced object, which is a volume of its own.
  func volume(of target: ReleaseTarget, instance: String?) -> String {
    let name = target.series + (instance.map { "-\($0)" } ?? "")
    return "nifti/\(target.pseudonym)/\(target.study)/\(name).nii.gz"
  }
}
