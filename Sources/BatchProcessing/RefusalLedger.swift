internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import Reports

/// Every input file of a triage run in exactly one column: used, skipped or quarantined.
struct RefusalLedger {
  let usedCount: Int
  let skipped: [RunRecord.RefusedFile]
  let quarantined: [RunRecord.RefusedFile]

  /// - Parameter reports: Tell what became of the images that were opened.
  init(_ intake: RunIntake, reports: [TriageReport]) {
    let inputs = Dictionary(grouping: reports.flatMap(\.inputs), by: \.sopInstanceUID)
    let warnings = Dictionary(grouping: reports.flatMap(\.warnings), by: \.sopInstanceUID)
    var used = 0
    var (skipped, quarantined): ([RunRecord.RefusedFile], [RunRecord.RefusedFile]) = ([], [])
    for file in intake.released?.summary.refused ?? [] {
      if file.isSkipped { skipped.append(file.file) } else { quarantined.append(file.file) }
    }
    for file in intake.survey.files {
      switch file.outcome {
      case .refused(let refusal):
        let row = RunRecord.RefusedFile(
          source: file.source, reason: refusal.reason.rawValue, detail: refusal.detail)
        if refusal.outcome == .skipped { skipped.append(row) } else { quarantined.append(row) }
      case .image(let instance):
        let uid = instance.identity.sopInstanceUID
        let frames = inputs[uid] ?? []
        guard !frames.contains(where: \.used) else {
          used += 1
          continue
        }
        let reason = frames.first?.skipReason ?? ImageExclusion.notAnImage.rawValue
        let failure = warnings[uid]?.first { $0.code == reason }
        let row = RunRecord.RefusedFile(source: file.source, reason: reason, detail: failure?.text ?? "")
        if Self.failures.contains(reason) { quarantined.append(row) } else { skipped.append(row) }
      }
    }
    usedCount = used
    self.skipped = skipped
    self.quarantined = quarantined
  }

  /// Reasons that say something is wrong with an image, as opposed to a pipeline that does not cover it.
  private static let failures = Set(
    [ImageExclusion.unsupportedTransferSyntax, .unreadable, .decodeError, .notScorable].map(\.rawValue))
}
