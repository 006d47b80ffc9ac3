internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import Foundation
internal import PipelineDefinitions
package import Reports

/// What a completed triage run says: the ranked list, the record of the run, and where the files lie.
package struct TriageResult: Sendable {
  package let worklist: Reports.Worklist
  package let record: RunRecord
  /// The reports in the order of the worklist.
  package let reports: [TriageReport]
  /// The output folder, absolute.
  package let output: String

  init(
    intake: RunIntake, reports: [StudyReport], configuration: TriageConfiguration, decoder: FileDecoder,
    ledgerRemarks: [ReportLedger.Remark], timings: [String: Double]
  ) {
    let byStudy = Dictionary(reports.map { ($0.entry.studyInstanceUID, $0) }) { first, _ in first }
    let places = ReadingOrder.places(of: reports.map(\.entry), waiting: configuration.pipeline.waiting)
    let ranked = places.compactMap { byStudy[$0.study.studyInstanceUID] }
    worklist = Reports.Worklist(
      ranked: ranked.map { ($0.report, $0.arrival) }, due: Set(places.filter(\.isDue).map(\.study.studyInstanceUID)))
    self.reports = ranked.map(\.report)
    let refusals = RefusalLedger(intake, reports: self.reports)
    record = RunRecord(
      versions: RunRecord.Versions(bucky: BuckyVersion.text, dcmtk: LibraryVersions.dcmtk),
      digests: configuration.digests, encoder: configuration.reportedEncoder,
      counts: RunRecord.Counts(
        used: refusals.usedCount, skipped: refusals.skipped.count, quarantined: refusals.quarantined.count,
        reports: self.reports),
      deidentification: intake.released?.record, followsLinks: intake.survey.followsLinks,
      limits: decoder.pool?.limits.recorded ?? [:], ledgerWarnings: ledgerRemarks.map(\.description), timings: timings,
      quarantine: refusals.quarantined, skipped: refusals.skipped)
    output = intake.folder.path
  }
}
