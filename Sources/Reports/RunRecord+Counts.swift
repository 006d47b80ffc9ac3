extension RunRecord {
  /// How many files and studies ended how.
  package struct Counts: Sendable, Equatable, Codable {
    package var files = 0
    package var used = 0
    package var skipped = 0
    package var quarantined = 0
    package var studies = 0
    package var complete = 0
    package var partial = 0
    package var noAssist = 0
    package var failed = 0
    /// Studies with a finding over its threshold.
    package var flagged = 0
    /// Studies without assistance by coded reason, failed ones included.
    package var noAssistReasons: [String: Int] = [:]

    package init() {}

    /// Counts the outcome of `files` and of the studies in `reports`.
    package init(used: Int, skipped: Int, quarantined: Int, reports: some Sequence<TriageReport>) {
      files = used + skipped + quarantined
      self.used = used
      self.skipped = skipped
      self.quarantined = quarantined
      for report in reports { add(report) }
    }

    private mutating func add(_ report: TriageReport) {
      studies += 1
      switch report.status {
      case .complete: complete += 1
      case .partial: partial += 1
      case .noAssist: noAssist += 1
      case .failed: failed += 1
      }
      if report.isFlagged { flagged += 1 }
      if let reason = report.noAssist { noAssistReasons[reason.code.rawValue, default: 0] += 1 }
    }

    /// Whether every file and every study ended in exactly one way.
    package var isBalanced: Bool {
      files == used + skipped + quarantined && studies == complete + partial + noAssist + failed
    }

    enum CodingKeys: String, CodingKey {
      case files, used, skipped, quarantined, studies, complete, partial
      case noAssist = "no_assist"
      case failed, flagged
      case noAssistReasons = "no_assist_reasons"
    }
  }
}
