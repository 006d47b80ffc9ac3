internal import DICOMCore
internal import DICOMFiles
internal import Deidentification

/// Takes one object from plan to release: nothing but a verified file gets its name.
struct ObjectRelease: Sendable {
  let request: DeidentifyRequest
  let identities: IdentityMap
  let contexts: StudyContexts
  /// `nil` for a dry run.
  let batch: PublishingBatch?

  /// - Throws: ``BatchError`` where the output cannot be written; what is wrong with the object is in the record.
  func release(_ object: SourceObject) throws -> ReleaseRecord {
    defer { contexts.finished(object.study) }
    do {
      return try attempt(object)
    } catch let doubt as Doubt {
      return ReleaseRecord(.quarantined, input: object.name, reason: doubt.rawValue)
    } catch let doubt as PixelCleaning.Undecided {
      return ReleaseRecord(.quarantined, input: object.name, reason: doubt.reason)
    } catch let error as DICOMFileError {
      if case .cannotWrite(let code) = error {
        throw BatchError.outputNotWritable(path: object.output, errno: code)
      }
      return ReleaseRecord(.quarantined, input: object.name, reason: error.refusalReason.rawValue)
    }
  }

  private func attempt(_ object: SourceObject) throws -> ReleaseRecord {
    let source = try ElementFile(path: object.path, wasScanned: true)
    let context = contexts.context(of: object.study)
    let pixels = try PixelDecision(of: source, object, request)
    var planner = Planner(
      policy: request.policy, identities: identities, scrubber: context.scrubber, iod: object.iod,
      patient: object.patient, memory: context.memory)
    let ledger = planner.plan(source.dataSet)
    if let doubt = planner.doubts.sorted(by: { $0.rawValue < $1.rawValue }).first { throw doubt }
    guard ledger.entries.count == source.dataSet.elementCount else { throw Doubt.unaccounted }
    let markers = Markers(policy: request.policy, pixelsAreClean: pixels.areClean, version: BuckyVersion.text)
    let marked = markers.mark(
      pixels.applied(to: ledger.apply(to: source.dataSet)), patientPseudonym: object.target.pseudonym)
    var release = ReleaseRecord.Release(
      object: object, identity: identities, policy: request.policy, markers: markers,
      transferSyntax: pixels.transferSyntax, pixels: pixels.word)
    if let batch {
      let verifier = OutputVerifier(
        tokens: context.tokens, markers: markers, policy: request.policy,
        isKnownUID: { IdentityMap.isWellKnown($0) || $0.hasPrefix("2.25.") || $0.hasPrefix("2.16.840.1.113883.6.") })
      try batch.add(request.layout.objects + object.output) { temporary in
        try ElementWriter.write(
          marked, transferSyntax: pixels.transferSyntax, source: source, samples: pixels.samples, to: temporary)
        let written = try WrittenFile(temporary)
        release.proof = try verifier.verify(size: written.size) { try written.bytes(at: $0, count: $1) }
      }
    }
    return ReleaseRecord(release, ledger: ledger, metaTags: source.metaTags)
  }
}
