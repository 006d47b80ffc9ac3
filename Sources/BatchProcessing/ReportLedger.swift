internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import Reports

/// Which reports have been issued about which study, so that a new one names the one that it takes the place of, and the same
/// job gives the same report for ever.
///
/// A record a study, of UIDs and digests alone. Writing comes after publishing: a run that is killed in between leaves a report
/// that no successor names, never a successor of what does not exist.
final class ReportLedger: Sendable {
  /// What is worth a warning.
  enum Remark: Sendable, Equatable {
    /// There was no ledger where one was asked for.
    case begun(path: String)
    /// The record of a study was damaged and has been put aside.
    case damaged(study: UID)
    /// An earlier report lies in the output folder of which the ledger knows nothing.
    case unknownPredecessor(study: UID)
  }

  /// 262,144 studies, each some KiB at most.
  private static let studyLimit = 1 << 18
  /// Reports of one study that are remembered; older ones would be issued anew, under another UID.
  static let reportLimit = 1_000
  private static let kind = "bucky-ledger/1"
  static let folderName = ".bucky-ledger"

  private let records: RecordFolder

  /// - Throws: ``BatchError`` for a folder that cannot be made or is not private to this user.
  init(at path: String) throws(BatchError) {
    do {
      records = RecordFolder(try CacheFolder(at: path), kind: Self.kind, limit: Self.studyLimit)
    } catch {
      throw BatchError(error)
    }
  }

  /// Lets `publish` issue a report while no other run issues one about the same study, and remembers it.
  ///
  /// - Parameter standing: The identity of the report that lies in the output folder, if there is one.
  /// - Returns: What is worth a warning.
  func issue(
    _ job: ReportJob, standing: UID?, publish: (IssuedEntry) throws -> Void
  ) throws -> [Remark] {
    try translatingErrors {
      try records.withLock {
        let known = entries(of: job)
        var remarks: [Remark] = known == nil ? [.damaged(study: job.study)] : []
        let entries = known ?? []
        let old = entries.first { $0.jobKey == job.key && $0.content == job.content }
        let entry = old ?? IssuedEntry(job, supersedes: entries.last?.report)
        if let standing, known != nil, !(entries + [entry]).contains(where: { $0.report.sopInstanceUID == standing }) {
          remarks.append(.unknownPredecessor(study: job.study))
        }
        try publish(entry)
        guard old == nil else { return remarks }
        let record = Record(study: job.study, reports: Array((entries + [entry]).suffix(Self.reportLimit)))
        try records.write(try JSONOutput.line(record), for: job.ledgerKey)
        return remarks
      }
    }
  }

  /// What has been issued about a study; `nil` where the record is damaged or of another study.
  private func entries(of job: ReportJob) -> [IssuedEntry]? {
    switch records.read(job.ledgerKey) {
    case .nothing: return []
    case .damaged: return nil
    case .record(let bytes):
      guard let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)), record.study == job.study else {
        return nil
      }
      return record.reports
    }
  }

  private func translatingErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as CacheError {
      throw BatchError(error)
    }
  }

  private struct Record: Codable {
    let study: UID
    /// In the order in which they were issued.
    let reports: [IssuedEntry]
  }
}

/// What a report is issued for.
struct ReportJob: Sendable {
  let study: UID
  let key: ContentDigest
  /// Of everything the report says, whatever its identity.
  let content: ContentDigest
  let sopClass: UID

  /// Where the ledger keeps the study's record.
  fileprivate var ledgerKey: ContentDigest { ContentDigest(ofText: "study \(study)") }
}

/// A report as the ledger remembers it.
struct IssuedEntry: Sendable, Equatable, Codable {
  let jobKey: ContentDigest
  let content: ContentDigest
  let report: IssuedReport
  /// What it takes the place of: what was known when it was first issued.
  let supersedes: IssuedReport?

  init(_ job: ReportJob, supersedes predecessor: IssuedReport?) {
    jobKey = job.key
    content = job.content
    supersedes = predecessor
    report = IssuedReport(
      sopInstanceUID: ReportIdentity.reportID(
        jobKey: job.key, content: job.content, supersedes: predecessor?.sopInstanceUID),
      sopClassUID: job.sopClass, instanceNumber: (predecessor?.instanceNumber ?? 0) + 1)
  }

  enum CodingKeys: String, CodingKey {
    case jobKey = "job_key"
    case content, report, supersedes
  }
}

extension ReportLedger.Remark: CustomStringConvertible {
  var description: String {
    switch self {
    case .begun(let path): "a new ledger was begun at \(path): no report of this run names a predecessor"
    case .damaged(let study):
      "the ledger's record of study \(study) was damaged and has been put aside: its report names no predecessor"
    case .unknownPredecessor(let study):
      "study \(study) has an earlier report here that the ledger does not know: the new one does not name it"
    }
  }
}
