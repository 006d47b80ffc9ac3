package import DICOMCore

/// The ranked list of a run's studies, the first to be read first.
package struct Worklist: Sendable, Equatable, Codable {
  /// The value of `schema`.
  package static let schema = "bucky-worklist/1"

  package let schema: String
  package let disclaimer: String
  /// In reading order; rank 1 comes first.
  package let studies: [Row]

  /// - Parameters:
  ///   - reports: In reading order, which the caller decides (flagged studies move up, the rest keeps its place).
  ///   - due: Studies that stand before higher-ranked ones because of their waiting limit.
  package init(ranked reports: [(report: TriageReport, arrival: ReportDate?)], due: Set<UID> = []) {
    schema = Self.schema
    disclaimer = Disclaimer.text
    studies = reports.enumerated().map { index, entry in
      Row(
        rank: index + 1, report: entry.report, arrival: entry.arrival,
        isDue: due.contains(entry.report.subject.studyInstanceUID))
    }
  }

  /// The bytes of worklist.json.
  package func json() throws(ReportError) -> [UInt8] { try JSONText.indented(self) }

  /// One study.
  package struct Row: Sendable, Equatable, Codable {
    /// From 1.
    package let rank: Int
    package let studyInstanceUID: UID
    package let status: TriageReport.Status
    package let priority: TriageReport.Priority.Level
    /// Why it has this place.
    package let because: [String]
    /// The findings that count most, at most ``limit``: flagged ones first, then by score.
    package let topFindings: [TopFinding]
    /// When the study became complete, as far as its images say.
    package let arrival: ReportDate?
    /// The end of its waiting limit; `nil` without a limit or a date.
    package let readBy: ReportDate?
    /// Whether it stands before studies that rank higher because they arrived after its waiting limit.
    package let isDue: Bool
    package let accessionNumber: String?
    /// The coded reason of a study that was not assisted.
    package let noAssist: TriageReport.NoAssist.Code?
    /// The report, relative to the output directory.
    package let report: String

    package static let limit = 3

    package init(rank: Int, report: TriageReport, arrival: ReportDate?, isDue: Bool = false) {
      self.rank = rank
      studyInstanceUID = report.subject.studyInstanceUID
      status = report.status
      priority = report.priority.level
      because = report.priority.because + (isDue ? [Self.dueReason(report.priority.readBy)] : [])
      topFindings = TopFinding.top(Self.limit, of: report.findings)
      self.arrival = arrival
      readBy = report.priority.readBy
      self.isDue = isDue
      accessionNumber = report.subject.accessionNumber
      noAssist = report.noAssist?.code
      self.report = "studies/\(report.subject.studyInstanceUID)/report.json"
    }

    private static func dueReason(_ readBy: ReportDate?) -> String {
      readBy.map { "waiting limit: comes before what arrived after \($0)" }
        ?? "waiting limit: without a date it counts as waiting longest"
    }

    enum CodingKeys: String, CodingKey {
      case rank
      case studyInstanceUID = "study_instance_uid"
      case status, priority, because
      case topFindings = "top_findings"
      case arrival
      case readBy = "read_by"
      case isDue = "due"
      case accessionNumber = "accession_number"
      case noAssist = "no_assist"
      case report
    }
  }

  /// A finding as the worklist shows it.
  package struct TopFinding: Sendable, Equatable, Codable {
    package let label: String
    package let softmax: Double?
    package let sigmoid: Double
    package let flag: Bool?

    init(_ finding: TriageReport.Finding) {
      label = finding.label
      softmax = finding.scores.softmax
      sigmoid = finding.scores.sigmoid
      flag = finding.flag
    }

    /// The softmax where there is one: it compares presence with absence and so can be compared between labels.
    package var score: Double { softmax ?? sigmoid }

    static func top(_ limit: Int, of findings: [TriageReport.Finding]) -> [TopFinding] {
      let ordered = findings.map(TopFinding.init).sorted { lhs, rhs in
        if (lhs.flag == true) != (rhs.flag == true) { return lhs.flag == true }
        return lhs.score != rhs.score ? lhs.score > rhs.score : lhs.label < rhs.label
      }
      return Array(ordered.prefix(limit))
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(label, forKey: .label)
      try container.encodeIfPresent(softmax, forKey: .softmax)
      try container.encode(sigmoid, forKey: .sigmoid)
      try container.encode(flag, forKey: .flag)
    }

    enum CodingKeys: String, CodingKey { case label, softmax, sigmoid, flag }
  }
}
