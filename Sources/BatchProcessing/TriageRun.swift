internal import DICOMCore
package import DICOMFiles
internal import Findings
internal import PipelineDefinitions
internal import PixelTransforms
internal import Reports
internal import SigLIP

/// Triage of a folder of studies: from input paths to a ranked worklist on disk.
package struct TriageRun: Sendable {
  package let inputs: InputPaths
  package let output: String
  package let configuration: TriageConfiguration
  /// Images worked on at once; the results do not depend on it.
  package let threads: Int
  /// What reads the files.
  package let decoder: FileDecoder
  /// What new identifiers follow from where the pipeline de-identifies; `nil` for a key that is thrown away.
  package let key: DeidentificationKey?
  /// The folder that remembers which reports were issued; `nil` for one inside the output folder.
  package let ledger: String?
  /// Whether pictures are kept: what the encoder was given, for the page, and heatmaps over it.
  package let keepsPictures: Bool

  package init(
    inputs: InputPaths, output: String, configuration: TriageConfiguration, threads: Int, decoder: FileDecoder,
    key: DeidentificationKey? = nil, ledger: String? = nil, keepsPictures: Bool = true
  ) {
    self.inputs = inputs
    self.output = output
    self.configuration = configuration
    self.threads = threads
    self.decoder = decoder
    self.key = key
    self.ledger = ledger
    self.keepsPictures = keepsPictures
  }

  /// Whether inputs are de-identified with a key that is thrown away.
  package var usesOneTimeKey: Bool { configuration.pipeline.deidentification != nil && key == nil }

  /// Files that stand for a completed run; taken away at the start, written at the end.
  /// What an earlier run says of all studies, taken away before this one begins; the page for sharing with it, which would
  /// show studies that are no longer there.
  private static let summaryFiles = [
    "run.json", "worklist.json", "worklist.csv", WorklistPageFile.name, WorklistPageFile.researchName,
  ]

  /// Runs to the end, or to the first thing that makes going on pointless.
  ///
  /// Studies are published as they are finished. `run.json` is written last: where it stands, the run was completed.
  ///
  /// - Throws: ``BatchError``; never for a bad input file, which is a recorded outcome.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> TriageResult {
    var clock = StageClock()
    if configuration.pipeline.reports.summary { try SummaryPicture.check() }
    let intake = try await RunIntake(
      inputs, output: output, deidentification: configuration.pipeline.deidentification, key: key, threads: threads,
      decoder: decoder, progress: progress, excluding: ledger.map { [$0] } ?? [])
    defer { withExtendedLifetime(intake) {} }
    let (survey, folder) = (intake.survey, intake.folder)
    clock.finish("discover")
    let (ledger, begun) = try openLedger(in: folder)
    folder.withdraw(Self.summaryFiles)
    let tally = EncodingTally()
    let scorer = try await PromptEmbedding.scorer(
      for: configuration, threads: threads, tally: tally, progress: progress)
    let heatmaps = try HeatmapPlan(
      configuration, scorer: scorer,
      emptyPrompt: try await PromptEmbedding.emptyPrompt(for: configuration, threads: threads, tally: tally),
      drawsPictures: keepsPictures)
    configuration.model.releaseText()
    clock.finish("prompts")
    let plan = TriagePlan(survey.studies, rules: configuration.pipeline.selection, decoder: decoder)
    let pixels = configuration.pixelPipeline
    let series = try await SeriesMeasurement.percentiles(
      of: plan.series(needing: pixels, decoder: decoder), pixels: pixels, threads: threads, decoder: decoder,
      progress: progress)
    if Task.isCancelled { throw BatchError.cancelled }
    clock.finish("series")
    let scoring = ImageScoring(
      frames: FrameLoader(capacity: threads, decoder: decoder), pixels: pixels,
      encoder: ImageEncoder(
        configuration.model, cache: configuration.embeddings, threads: threads, count: plan.tasks.count, tally: tally),
      scorer: scorer, heatmaps: heatmaps, series: series, keepsPictures: keepsPictures)
    let (reports, remarks) = try await publishStudies(
      of: plan, scoring: scoring, in: folder, ledger: ledger, progress: progress)
    clock.finish("studies")
    configuration.embeddings?.trim()
    let result = TriageResult(
      intake: intake, reports: reports, configuration: configuration, decoder: decoder,
      ledgerRemarks: begun + remarks, timings: clock.seconds.merging(tally.timings) { first, _ in first })
    try intake.released?.finish()
    try publishSummary(result, in: folder)
    return result
  }

  /// A folder that is named and is not there may be a mistake, or a ledger that was lost.
  private func openLedger(in folder: OutputFolder) throws(BatchError) -> (ReportLedger, [ReportLedger.Remark]) {
    guard let ledger else { return (try ReportLedger(at: "\(folder.path)/\(ReportLedger.folderName)"), []) }
    let isThere = SystemCall.isDirectory(ledger)
    return (try ReportLedger(at: ledger), isThere ? [] : [.begun(path: ledger)])
  }

  /// Scores the images of all studies on one bounded pool and publishes each study when its last image is done.
  private func publishStudies(
    of plan: TriagePlan, scoring: ImageScoring, in folder: OutputFolder, ledger: ReportLedger,
    progress: ProgressReceiver
  ) async throws -> ([StudyReport], [ReportLedger.Remark]) {
    var collected: [[ImageOutcome]] = plan.studies.map { _ in [] }
    var reports: [StudyReport?] = plan.studies.map { _ in nil }
    var remarks: [[ReportLedger.Remark]] = plan.studies.map { _ in [] }
    let pictures = PublishingBatch(folder)
    func publish(_ index: Int) throws {
      let evidence = StudyEvidence(plan: plan.studies[index], outcomes: collected[index])
      try evidence.publishPictures(pictures, in: folder)
      let draft = try StudyDraft(evidence, configuration: configuration, heatmaps: scoring.heatmaps)
      (reports[index], remarks[index]) = try draft.publish(in: folder, ledger: ledger)
      collected[index] = []
    }
    for index in plan.studies.indices where plan.studies[index].taskCount == 0 { try publish(index) }
    var done = 0
    progress(BatchProgress(phase: .images, done: 0, total: plan.tasks.count))
    try await pictures.publishing {
      try await forEachConcurrently(
        Array(plan.tasks.indices), width: threads,
        transform: { index in
          plan.readAhead(of: index + threads)
          return scoring.outcome(of: plan.tasks[index])
        },
        consume: { _, outcome in
          let study = outcome.task.study
          collected[study].append(outcome)
          done += 1
          if collected[study].count == plan.studies[study].taskCount { try publish(study) }
          progress(BatchProgress(phase: .images, done: done, total: plan.tasks.count))
        })
    }
    return (reports.compactMap { $0 }, remarks.flatMap { $0 })
  }

  private func publishSummary(_ result: TriageResult, in folder: OutputFolder) throws {
    try folder.publish(try result.worklist.json(), as: "worklist.json")
    try folder.publish(Array(result.worklist.csv().utf8), as: "worklist.csv")
    let reports = Dictionary(result.reports.map { ($0.subject.studyInstanceUID, $0) }) { first, _ in first }
    try WorklistPageFile(folder: folder, hasPictures: keepsPictures).publish(result.worklist) { row in
      reports[row.studyInstanceUID]
    }
    try folder.publish(try result.record.json(), as: "run.json")
  }
}
