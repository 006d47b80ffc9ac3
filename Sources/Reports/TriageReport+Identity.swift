package import DICOMCore

extension TriageReport {
  /// The report under its own identity, in place of an earlier one or of none.
  package func issued(as identity: UID, supersedes predecessor: UID?) -> TriageReport {
    var report = self
    report.reportID = identity
    report.supersedes = predecessor
    return report
  }
}
