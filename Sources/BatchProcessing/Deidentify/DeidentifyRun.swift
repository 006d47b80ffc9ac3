internal import DICOMCore
internal import DICOMFiles
internal import Deidentification
internal import Foundation

/// De-identifies every object of the inputs: each is released with a proof, or withheld with a reason.
package struct DeidentifyRun: Sendable {
  private let request: DeidentifyRequest
  private let identities: IdentityMap

  package init(_ request: DeidentifyRequest) {
    self.request = request
    identities = IdentityMap(key: request.key.bytes, policy: request.policy)
  }

  /// Runs to the end. `run.json` is put in place last: where it stands, the run was completed.
  ///
  /// - Throws: ``BatchError``.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> DeidentifySummary {
    try await run(into: nil, progress: progress)
  }

  /// - Parameter opened: The output folder where somebody holds it already; `nil` to take hold of it here.
  func run(into opened: OutputFolder?, progress: @escaping ProgressReceiver) async throws -> DeidentifySummary {
    for path in request.inputs.arguments where !FileManager.default.fileExists(atPath: path) {
      throw BatchError.inputMissing(path: path)
    }
    let places = [request.output, request.quarantine].compactMap(\.self)
    let discovery = InputDiscovery.discover(request.inputs, excluding: places)
    try request.decoder.checkIsAvailable()
    let survey = try await survey(discovery, progress)
    guard survey.hasDICOM else { throw BatchError.noDICOMFound }
    let folder = request.isDryRun ? nil : try opened ?? OutputFolder(creating: request.output)
    let quarantine = request.isDryRun ? nil : try request.quarantine.map { try OutputFolder(creating: $0) }
    let layout = request.layout
    folder?.withdraw([layout.audit, layout.summary].compactMap(\.self) + (opened == nil ? ExportNames.whole : []))
    var summary = DeidentifySummary(request, output: folder?.path ?? request.output, keyID: identities.keyID)
    let audit = try folder.map { try AppendingFile(creating: try $0.temporaryPath(for: layout.audit)) }
    func note(_ record: ReleaseRecord, _ name: String, _ path: String?) throws {
      summary.add(record, name)
      try audit?.append(record.line)
      if record.outcome == .quarantined, let quarantine, let path {
        try Self.copy(path, into: quarantine, as: name + ".dcm")
      }
    }
    let batch = folder.map { PublishingBatch($0) }
    let release = ObjectRelease(request: request, identities: identities, contexts: survey.contexts, batch: batch)
    let objects = survey.objects
    var released: [ReleasedObject] = []
    func releaseAll() async throws {
      try await forEachConcurrently(
        objects, width: request.threads, transform: { object in Swift.Result { try release.release(object) } },
        consume: { index, result in
          let record = try result.get()
          try note(record, objects[index].name, objects[index].path)
          if let digest = record.digest {
            released.append(ReleasedObject(objects[index], digest))
          }
          progress(BatchProgress(phase: .objects, done: index + 1, total: objects.count))
        })
    }
    if let batch { try await batch.publishing(releaseAll) } else { try await releaseAll() }
    for other in survey.others { try note(other.record, other.name, other.path) }
    guard let folder, let audit else { return summary }
    try audit.flush()
    try folder.finish(try folder.temporaryPath(for: layout.audit), as: layout.audit)
    if !request.exports.isEmpty {
      summary.exports = try await ExportRun(request, folder: folder).run(released, progress: progress)
    }
    if let file = layout.summary { try folder.publish(Array((try summary.json() + "\n").utf8), as: file) }
    return summary
  }

  // MARK: - The first pass

  /// A file that ends here.
  private struct Other {
    /// Keyed digest of its path.
    let name: String
    let record: ReleaseRecord
    /// `nil` where there is nothing to be copied.
    var path: String?

    init(_ outcome: ReleaseRecord.Outcome, _ name: String, _ reason: String, path: String? = nil) {
      (self.name, self.path) = (name, path)
      record = ReleaseRecord(outcome, input: name, reason: reason)
    }
  }

  private struct Survey {
    /// In the order of their new identifiers, which tells nothing of the old.
    let objects: [SourceObject]
    let contexts: StudyContexts
    let others: [Other]
    let hasDICOM: Bool
  }

  private func survey(_ discovery: InputDiscovery, _ progress: ProgressReceiver) async throws -> Survey {
    let reader = SourceReader(policy: request.policy, identities: identities)
    var objects: [SourceObject] = []
    var harvests: [String: Harvest] = [:]
    var others = discovery.refusals.map { refusal in
      Other(
        refusal.outcome == .skipped ? .skipped : .quarantined, identities.inputName(refusal.source),
        refusal.reason.rawValue)
    }
    var hasDICOM = false
    let files = discovery.files
    try await forEachConcurrently(
      files, width: request.threads, transform: { reader.verdict(on: $0) },
      consume: { index, verdict in
        let name = identities.inputName(files[index].source)
        switch verdict {
        case .object(let object, let harvest):
          objects.append(object)
          harvests[object.study, default: Harvest()].formUnion(harvest)
        case .skipped(let reason):
          others.append(Other(.skipped, name, reason))
        case .withheld(let reason, let harvest, let study):
          if let study { harvests[study, default: Harvest()].formUnion(harvest) }
          others.append(Other(.quarantined, name, reason, path: files[index].path))
        }
        if case .skipped(RefusalReason.notDICOM.rawValue) = verdict {} else { hasDICOM = true }
        progress(BatchProgress(phase: .discovering, done: index + 1, total: files.count))
      })
    let (unique, repeated) = Self.resolvingRepeats(objects)
    others += repeated
    let counts = Dictionary(unique.map { ($0.study, 1) }, uniquingKeysWith: +)
    return Survey(
      objects: unique, contexts: StudyContexts(harvests: harvests, objects: counts),
      others: others.sorted { $0.name < $1.name }, hasDICOM: hasDICOM)
  }

  /// Two files of one instance: copies of each other are one object; of different ones none can be told to be right.
  private static func resolvingRepeats(_ objects: [SourceObject]) -> ([SourceObject], [Other]) {
    var unique: [SourceObject] = []
    var repeated: [Other] = []
    for (_, group) in Dictionary(grouping: objects, by: \.target.instance) {
      let ordered = group.sorted { $0.name < $1.name }
      // What cannot be compared is not known to be the same.
      let isSame = ordered.dropFirst().allSatisfy { (try? FileBytes.areEqual(ordered[0].path, $0.path)) == true }
      if isSame {
        unique.append(ordered[0])
        repeated += ordered.dropFirst().map { Other(.skipped, $0.name, RefusalReason.duplicateInstance.rawValue) }
      } else {
        repeated += ordered.map {
          Other(.quarantined, $0.name, RefusalReason.conflictingInstance.rawValue, path: $0.path)
        }
      }
    }
    return (unique.sorted { $0.output < $1.output }, repeated)
  }

  private static func copy(_ path: String, into folder: OutputFolder, as name: String) throws {
    try folder.publish(name) { temporary throws(BatchError) in try WrittenFile(path).copy(to: temporary) }
  }
}
