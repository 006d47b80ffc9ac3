internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PipelineDefinitions
internal import Reports

/// One study's images, what was decided about them and what they scored: what a report is made of.
struct StudyEvidence: Sendable {
  let plan: StudyPlan
  /// One outcome for each frame that was to be used.
  let outcomes: [ImageOutcome]

  var study: SurveyedStudy { plan.study }
}

/// What the evidence comes to under a pipeline: findings or no assist, and a place in the queue.
struct StudyConclusion: Sendable {
  let status: TriageReport.Status
  let noAssist: TriageReport.NoAssist?
  let findings: [StudyFinding]
  let decision: PriorityDecision

  init(_ evidence: StudyEvidence, pipeline: Pipeline) throws(FindingsError) {
    let scored = evidence.outcomes.compactMap { outcome -> ImageScores? in
      guard case .scored(let scores) = outcome.result else { return nil }
      return ImageScores(image: outcome.task.reference, scores: scores)
    }
    if scored.isEmpty {
      let reason = NoAssist(summarising: evidence.exclusions)
      // Tried and failed, as opposed to left alone on purpose.
      status = [.decodeError, .inputQuality].contains(reason.code) ? .failed : .noAssist
      noAssist = TriageReport.NoAssist(reason)
      findings = []
    } else {
      status = evidence.isWhole ? .complete : .partial
      noAssist = nil
      findings = try pipeline.aggregation.findings(of: pipeline.labelSet, images: scored)
    }
    decision = pipeline.priority.decision(for: findings)
  }
}

/// The report of one study in its two forms, and its place in the queue.
struct StudyReport: Sendable {
  let report: TriageReport
  let json: [UInt8]
  let structuredReport: DataSet
  let entry: WorklistStudy
  let arrival: ReportDate?

  /// Scores, ranks and words the evidence of one study.
  ///
  /// - Throws: ``BatchError/configuration(_:)`` when the label set cannot be rendered, a mistake of the configuration and
  ///   not of the study.
  init(_ evidence: StudyEvidence, configuration: TriageConfiguration) throws(BatchError) {
    let study = evidence.study
    do {
      let conclusion = try StudyConclusion(evidence, pipeline: configuration.pipeline)
      report = try TriageReport(conclusion, of: evidence, configuration: configuration)
      structuredReport = try StructuredReport(of: report, header: study.header, images: study.imageSizes).dataSet
      json = try report.json()
      entry = WorklistStudy(
        studyInstanceUID: study.studyInstanceUID, arrival: StudyArrival(of: study.dataSets),
        priority: conclusion.decision)
    } catch {
      throw .configuration("study \(study.studyInstanceUID): \(error)")
    }
    let attributes = study.header.attributes
    arrival = ReportDate(
      dicomDate: attributes.string(.studyDate) ?? "", time: attributes.string(.studyTime) ?? "")
  }
}

extension TriageReport {
  /// Puts the report together; every UID and date in it follows from its content.
  fileprivate init(
    _ conclusion: StudyConclusion, of evidence: StudyEvidence, configuration: TriageConfiguration
  ) throws(ReportError) {
    let (study, pipeline) = (evidence.study.studyInstanceUID, configuration.pipeline)
    let job = JobIdentity(
      software: configuration.software, header: evidence.study.header, studyInstanceUID: study,
      inputs: evidence.inputs, model: configuration.reportedModel, labelSetDigest: pipeline.labelSet.digest,
      preprocessingDigest: evidence.preprocessingDigest(configuration.preprocessingDigest),
      thresholdsDigest: pipeline.labelSet.digest,
      ruleDigest: pipeline.digest)
    let jobKey = try job.key()
    let reportID = ReportIdentity.reportID(
      jobKey: jobKey, status: conclusion.status, noAssist: conclusion.noAssist?.code)
    self.init(
      reportID: reportID, jobKey: jobKey, created: ReportDate.newest(in: evidence.study.dataSets) ?? .undated,
      software: configuration.software, status: conclusion.status, noAssist: conclusion.noAssist,
      subject: evidence.study.header.subject(study: study), inputs: evidence.inputs,
      model: configuration.reportedModel, labelSet: configuration.reportedLabelSet,
      findings: conclusion.findings.map { Finding($0, study: study) },
      priority: Priority(conclusion.decision, ruleDigest: pipeline.digest),
      outputs: [
        Output(.sr, sopInstanceUID: reportID, seriesInstanceUID: ReportIdentity.seriesUID(study: study))
      ],
      warnings: evidence.warnings,
      disclaimer: [Disclaimer.text, pipeline.disclaimerAddition].compactMap(\.self).joined(separator: " "))
  }
}
