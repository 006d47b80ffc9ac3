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

/// What one study came to, and its place in the queue.
struct StudyReport: Sendable {
  /// Under its own identity, as it was published.
  let report: TriageReport
  let entry: WorklistStudy
  let arrival: ReportDate?
}

/// Everything a report says, before it has an identity: that follows from the content and from earlier reports.
struct StudyDraft: Sendable {
  let report: TriageReport
  let header: SourceHeader
  let images: [UID: StructuredReport.ImageSize]
  let options: ReportOptions
  let entry: WorklistStudy
  let arrival: ReportDate?
  let job: ReportJob
  /// What moved the scores.
  let heatmaps: [StudyHeatmap]
  /// Whether outlines of them are written as presentation states.
  let writesPresentationStates: Bool
  let study: SurveyedStudy

  /// Scores, ranks and words the evidence of one study.
  ///
  /// - Throws: ``BatchError/configuration(_:)`` when the label set cannot be rendered, a mistake of the configuration and
  ///   not of the study.
  init(
    _ evidence: StudyEvidence, configuration: TriageConfiguration, heatmaps plan: HeatmapPlan? = nil
  ) throws(BatchError) {
    let (study, pipeline) = (evidence.study, configuration.pipeline)
    header =
      pipeline.deidentification == nil
      ? study.header : study.header.deidentified(by: configuration.software)
    images = study.imageSizes
    options = pipeline.reports
    self.study = study
    writesPresentationStates = plan?.options.writesPresentationStates == true
    do {
      let conclusion = try StudyConclusion(evidence, pipeline: pipeline)
      let studyArrival = StudyArrival(of: study.dataSets)
      arrival = ReportDate(studyArrival)
      var report = try TriageReport(
        conclusion, of: evidence, header: header, arrival: arrival, configuration: configuration)
      heatmaps = plan.map { StudyHeatmap.all(evidence, findings: conclusion.findings, plan: $0) } ?? []
      report.add(heatmaps)
      self.report = report
      let form = StructuredReport.Form(options.structuredReport)
      let draft = try StructuredReport(of: report, header: header, images: images, form: form)
      job = ReportJob(
        study: study.studyInstanceUID, key: report.jobKey, content: try draft.contentDigest(),
        sopClass: form.sopClassUID)
      entry = WorklistStudy(
        studyInstanceUID: study.studyInstanceUID, arrival: studyArrival,
        priority: conclusion.decision)
    } catch {
      throw .configuration("study \(study.studyInstanceUID): \(error)")
    }
  }
}

extension TriageReport {
  /// Notes each map beside the image that it is of.
  mutating func add(_ heatmaps: [StudyHeatmap]) {
    for map in heatmaps {
      guard let index = findings.firstIndex(where: { $0.label == map.finding.label.name }) else { continue }
      findings[index].evidence[map.evidenceIndex].heatmap = map.report
    }
  }

  /// Puts the draft of a report together; every UID and date in it follows from its content.
  fileprivate init(
    _ conclusion: StudyConclusion, of evidence: StudyEvidence, header: SourceHeader, arrival: ReportDate?,
    configuration: TriageConfiguration
  ) throws(ReportError) {
    let (study, pipeline) = (evidence.study.studyInstanceUID, configuration.pipeline)
    let job = JobIdentity(
      software: configuration.software, header: header, studyInstanceUID: study,
      inputs: evidence.inputs, model: configuration.reportedModel, labelSetDigest: pipeline.labelSet.digest,
      preprocessingDigest: evidence.preprocessingDigest(configuration.preprocessingDigest),
      thresholdsDigest: pipeline.labelSet.digest,
      ruleDigest: pipeline.digest)
    self.init(
      reportID: ReportIdentity.draftUID, jobKey: try job.key(),
      created: ReportDate.newest(in: evidence.study.dataSets) ?? .undated,
      software: configuration.software, status: conclusion.status, noAssist: conclusion.noAssist,
      subject: header.subject(study: study), inputs: evidence.inputs,
      model: configuration.reportedModel, labelSet: configuration.reportedLabelSet,
      findings: conclusion.findings.map { Finding($0, study: study) },
      priority: Priority(
        conclusion.decision, ruleDigest: pipeline.digest,
        readBy: pipeline.waiting.flatMap { waiting in
          arrival?.adding(seconds: waiting.seconds(for: conclusion.decision.level))
        }),
      warnings: evidence.warnings,
      disclaimer: [Disclaimer.text, pipeline.disclaimerAddition].compactMap(\.self).joined(separator: " "))
  }
}
