internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import Foundation

/// Every input file with its one outcome, and the studies they make up; headers only, no pixel data.
struct InputSurvey: Sendable {
  /// Every file, in the order of the arguments and within one by source.
  let files: [SurveyedFile]
  /// Sorted by Study Instance UID.
  let studies: [SurveyedStudy]
  /// Whether links below the inputs were followed.
  let followsLinks: Bool

  /// Finds, opens and groups the files below `inputs`.
  ///
  /// - Parameters:
  ///   - excluding: Folders not to look into: the output of this run.
  ///   - mayBeEmpty: Whether it is no mistake that there is no DICOM.
  ///   - sources: Files to look at, as paths below the only input; `nil` for all.
  ///   - threads: Headers read at once.
  ///   - decoder: What reads them.
  /// - Throws: ``BatchError/inputMissing(path:)``, ``BatchError/noDICOMFound``, ``BatchError/decoderUnavailable(_:)`` or
  ///   ``BatchError/cancelled``.
  init(
    _ inputs: InputPaths, excluding: [String], sources: Set<String>? = nil, mayBeEmpty: Bool = false, threads: Int,
    decoder: FileDecoder,
    progress: ProgressReceiver
  ) async throws {
    for path in inputs.arguments where !FileManager.default.fileExists(atPath: path) {
      throw BatchError.inputMissing(path: path)
    }
    let discovery = InputDiscovery.discover(inputs, excluding: excluding).limited(to: sources)
    try decoder.checkIsAvailable()
    var verdicts: [FileVerdict] = []
    try await forEachConcurrently(
      discovery.files, width: threads, transform: { FileVerdict(of: $0, decoder) },
      consume: { index, verdict in
        verdicts.append(verdict)
        progress(BatchProgress(phase: .discovering, done: index + 1, total: discovery.files.count))
      })
    self.init(verdicts, unreadable: discovery.refusals, inputs: inputs, decoder)
    // What was compared after the children had been ended is not known.
    if Task.isCancelled { throw BatchError.cancelled }
    guard mayBeEmpty || files.contains(where: \.outcome.isDICOM) else {
      // Files that could not be read may have been DICOM: say what was wrong with them rather than that there was none.
      guard files.contains(where: \.outcome.isQuarantined) else { throw BatchError.noDICOMFound }
      return
    }
  }

  /// The images among the files, in their order.
  var images: [SurveyedInstance] {
    files.compactMap { if case .image(let instance) = $0.outcome { instance } else { nil } }
  }

  private init(
    _ verdicts: [FileVerdict], unreadable: [InputRefusal], inputs: InputPaths, _ decoder: FileDecoder
  ) {
    let collection = StudyCollection(grouping: verdicts.compactMap(\.candidate), decoder: decoder)
    let candidates = Dictionary(
      verdicts.compactMap(\.candidate).map { ($0.file.source, $0) }, uniquingKeysWith: { first, _ in first })
    var outcomes: [String: SurveyedFile.Outcome] = [:]
    for refusal in unreadable { outcomes[refusal.source] = .refused(Refusal(refusal)) }
    for verdict in verdicts {
      if let refusal = verdict.refusal { outcomes[verdict.file.source] = .refused(refusal) }
    }
    for study in collection.studies {
      for instance in study.instances { outcomes[instance.file.source] = .image(SurveyedInstance(instance)) }
    }
    for refusal in collection.refusals {
      let candidate = candidates[refusal.source]
      outcomes[refusal.source] = .refused(
        Refusal(refusal, path: candidate?.file.path, header: candidate?.header))
    }
    followsLinks = inputs.followsLinks
    let order = ArgumentOrder(inputs.arguments)
    files = outcomes.map { SurveyedFile(source: $0.key, outcome: $0.value) }.sorted {
      order.precedes($0.source, $1.source)
    }
    studies = SurveyedStudy.grouping(files)
  }
}

/// One input file and its outcome.
struct SurveyedFile: Sendable {
  enum Outcome: Sendable {
    case image(SurveyedInstance)
    case refused(Refusal)

    /// Whether the file is a DICOM object of any kind.
    var isDICOM: Bool {
      switch self {
      case .image: true
      case .refused(let refusal): refusal.header != nil || refusal.reason == .dicomdir
      }
    }

    var isQuarantined: Bool {
      if case .refused(let refusal) = self { refusal.outcome == .quarantined } else { false }
    }
  }

  /// For logs: relative to the input.
  let source: String
  let outcome: Outcome
}

/// An image that may be used: where it is and what its header says.
struct SurveyedInstance: Sendable {
  let source: String
  let path: String
  let identity: InstanceIdentity
  let header: DICOMHeader
  let format: ImageFormat
  let frameCount: Int

  init(_ candidate: ImageCandidate) {
    source = candidate.file.source
    path = candidate.file.path
    identity = candidate.identity
    header = candidate.header
    format = candidate.format
    frameCount = candidate.frameCount
  }
}

/// A file that is not used, with its header as far as that could be read.
struct Refusal: Sendable {
  let reason: RefusalReason
  let detail: String
  /// Where the file is, when it could be opened.
  let path: String?
  let header: DICOMHeader?

  init(_ refusal: InputRefusal, path: String? = nil, header: DICOMHeader? = nil) {
    reason = refusal.reason
    detail = refusal.detail
    self.path = path
    self.header = header
  }

  var outcome: RefusalOutcome { reason.outcome }

  /// The identity, when the header tells it.
  var identity: InstanceIdentity? { header.flatMap { try? InstanceIdentity(of: $0.dataSet) } }
}

/// What was found in one file.
struct FileVerdict: Sendable {
  let file: InputFile
  let candidate: ImageCandidate?
  let refusal: Refusal?

  init(of file: InputFile, _ decoder: FileDecoder) {
    self.file = file
    switch decoder.classify(file) {
    case .image(let image): (candidate, refusal) = (image, nil)
    case .refused(let reason, let header):
      (candidate, refusal) = (nil, Refusal(reason, path: file.path, header: header))
    }
  }
}

/// The order of files: that of the arguments they were found through, then bytewise by source.
private struct ArgumentOrder {
  private let arguments: [String]

  init(_ arguments: [String]) {
    self.arguments = arguments
  }

  func precedes(_ lhs: String, _ rhs: String) -> Bool {
    let (left, right) = (index(of: lhs), index(of: rhs))
    return left == right ? lhs.utf8.lexicographicallyPrecedes(rhs.utf8) : left < right
  }

  /// With one argument, sources do not start with it; then all files have the same place.
  private func index(of source: String) -> Int {
    arguments.firstIndex { source == $0 || source.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") } ?? arguments.count
  }
}
