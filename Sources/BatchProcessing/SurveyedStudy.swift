internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import Reports

/// The images of one study, and the files of it that were refused.
struct SurveyedStudy: Sendable {
  let studyInstanceUID: UID
  /// Images that may be used, sorted by series, Instance Number and SOP Instance UID.
  let instances: [SurveyedInstance]
  /// Files that belong to the study and cannot be used, one an instance.
  let refused: [RefusedInstance]

  /// The attributes a report takes over, from the first image, else from the first refused file.
  var header: SourceHeader {
    SourceHeader(of: instances.first?.header.dataSet ?? refused.first?.header.dataSet ?? DataSet())
  }

  /// Data sets of everything known of the study.
  var dataSets: [DataSet] { instances.map(\.header.dataSet) + refused.map(\.header.dataSet) }

  /// Sizes of the images, for the image library of the SR.
  ///
  /// Objects that have pixels but are no images, such as dose grids and segmentations, cannot be referenced as IMAGE. An image
  /// that was refused was considered all the same, and its header tells its size.
  var imageSizes: [UID: StructuredReport.ImageSize] {
    func isImage(_ identity: InstanceIdentity) -> Bool {
      SOPClass.keyword(identity.sopClassUID)?.contains("ImageStorage") ?? false
    }
    let sizes = instances.filter { isImage($0.identity) }.map {
      (
        $0.identity.sopInstanceUID,
        StructuredReport.ImageSize(rows: $0.format.rows, columns: $0.format.columns, frames: $0.frameCount)
      )
    }
    let refusedSizes = refused.filter { $0.exclusion != .notAnImage && isImage($0.identity) }.compactMap { refusal in
      StructuredReport.ImageSize(of: refusal.header.dataSet).map { (refusal.identity.sopInstanceUID, $0) }
    }
    return Dictionary(sizes + refusedSizes, uniquingKeysWith: { first, _ in first })
  }

  /// Studies from files, sorted by UID.
  ///
  /// A study whose files were all refused is a study all the same: it must not drop out of the worklist. Documents count
  /// only where there is nothing else, so that a report that lies beside its images does not change what is said of them.
  static func grouping(_ files: [SurveyedFile]) -> [SurveyedStudy] {
    var instances: [UID: [SurveyedInstance]] = [:]
    var refused: [UID: [RefusedInstance]] = [:]
    for file in files {
      switch file.outcome {
      // What a run wrote about a study is no image of it: another run would then have other inputs and another result.
      case .image(let instance) where SummaryCapture.isReport(instance.header.dataSet): continue
      case .image(let instance): instances[instance.identity.studyInstanceUID, default: []].append(instance)
      case .refused(let refusal):
        guard let instance = RefusedInstance(refusal) else { continue }
        refused[instance.identity.studyInstanceUID, default: []].append(instance)
      }
    }
    return Set(instances.keys).union(refused.keys).sorted().map { study in
      SurveyedStudy(study, instances: instances[study] ?? [], refused: refused[study] ?? [])
    }
  }

  private init(_ study: UID, instances: [SurveyedInstance], refused: [RefusedInstance]) {
    studyInstanceUID = study
    self.instances = instances.sorted { $0.order < $1.order }
    var seen = Set(instances.map(\.identity.sopInstanceUID))
    let images = refused.filter { $0.exclusion != .notAnImage }
    let relevant = instances.isEmpty && images.isEmpty ? refused : images
    self.refused = relevant.sorted { $0.identity.sopInstanceUID < $1.identity.sopInstanceUID }
      .filter { seen.insert($0.identity.sopInstanceUID).inserted }
  }
}

extension SurveyedInstance {
  fileprivate var order: (UID, Int, UID) {
    (identity.seriesInstanceUID, header.dataSet.integer(.instanceNumber) ?? .max, identity.sopInstanceUID)
  }
}

/// An instance whose file was refused although its header could be read.
struct RefusedInstance: Sendable {
  let identity: InstanceIdentity
  let header: DICOMHeader
  let exclusion: ImageExclusion
  let detail: String

  /// - Returns: `nil` for a file without identity, or one whose instance is read from another file.
  init?(_ refusal: Refusal) {
    guard let header = refusal.header, let identity = refusal.identity else { return nil }
    switch refusal.reason {
    case .duplicateInstance, .conflictingInstance, .dicomdir: return nil
    case .nonImage: exclusion = .notAnImage
    case .unsupportedTransferSyntax: exclusion = .unsupportedTransferSyntax
    case .truncated, .unreadable, .permissionDenied, .emptyFile: exclusion = .unreadable
    default: exclusion = .decodeError
    }
    self.identity = identity
    self.header = header
    detail = refusal.detail
  }
}
