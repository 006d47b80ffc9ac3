/// What a run of `preprocess` or `embed` did, in counts.
package struct PreprocessSummary: Sendable, Codable, Equatable {
  /// Lines of the log by outcome: frames used, and frames or files that were not.
  package struct Counts: Sendable, Codable, Equatable {
    package var used = 0
    package var skipped = 0
    package var quarantined = 0

    package init(used: Int = 0, skipped: Int = 0, quarantined: Int = 0) {
      (self.used, self.skipped, self.quarantined) = (used, skipped, quarantined)
    }

    mutating func add(_ outcome: PreprocessLogLine.Outcome) {
      switch outcome {
      case .used: used += 1
      case .skipped: skipped += 1
      case .quarantined: quarantined += 1
      }
    }
  }

  /// The folder or file that was written, absolute.
  package let output: String
  package let counts: Counts
}
