package import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PipelineDefinitions

/// What a triage run would do, found out without decoding or writing anything.
package struct TriagePreview: Sendable, Codable, Equatable {
  /// One study of the preview.
  package struct Study: Sendable, Codable, Equatable {
    package let studyInstanceUID: UID
    /// Frames that would be scored.
    package let frames: Int
    /// The coded reason when there is none.
    package let noAssist: String?

    enum CodingKeys: String, CodingKey {
      case frames
      case studyInstanceUID = "study_instance_uid"
      case noAssist = "no_assist"
    }
  }

  /// Files by what the headers say of them; an image may still turn out to be unreadable.
  package struct Counts: Sendable, Codable, Equatable {
    package let files: Int
    package let used: Int
    package let skipped: Int
    package let quarantined: Int
  }

  package let studies: [Study]
  package let counts: Counts
}

extension TriageRun {
  /// Reads the headers and applies the pipeline's rules.
  package func preview(progress: @escaping ProgressReceiver = { _ in }) async throws -> TriagePreview {
    // It would show the identifiers that the pipeline is there to take away.
    guard configuration.pipeline.deidentification == nil else {
      throw BatchError.configuration(
        "a dry run shows the identifiers of the inputs, and the pipeline takes them away: use bucky deidentify --dry-run, "
          + "or a pipeline without deidentify")
    }
    let survey = try await InputSurvey(
      inputs, excluding: [output], threads: threads, decoder: decoder, progress: progress)
    let plan = TriagePlan(survey.studies, rules: configuration.pipeline.selection, decoder: decoder)
    let studies = plan.studies.map { entry in
      TriagePreview.Study(
        studyInstanceUID: entry.study.studyInstanceUID, frames: entry.taskCount,
        noAssist: entry.taskCount == 0 ? NoAssist(summarising: entry.exclusions).code.rawValue : nil)
    }
    let used = plan.studies.reduce(0) { $0 + $1.selection.used.count }
    let refused = survey.files.compactMap { file -> Refusal? in
      if case .refused(let refusal) = file.outcome { refusal } else { nil }
    }
    let quarantined = refused.count { $0.outcome == .quarantined }
    return TriagePreview(
      studies: studies,
      counts: TriagePreview.Counts(
        files: survey.files.count, used: used, skipped: survey.files.count - used - quarantined,
        quarantined: quarantined))
  }
}
