internal import Synchronization

/// How many files each limit refused, for the end of a run; paths are kept to count a file once, and never shown.
package final class LimitTally: Sendable {
  private let files = Mutex<[String: Set<String>]>([:])

  init() {}

  func note(_ error: DICOMFileError, path: String) {
    guard let limit = error.limit else { return }
    note(limit, path)
  }

  /// A verdict that names a rule of the pre-scan, as ``PreScanFinding`` describes itself.
  func note(_ verdict: FileClassification, path: String) {
    guard case .refused(let refusal, _) = verdict, refusal.reason == .structureRule,
      let rule = PreScanRule.allCases.first(where: { refusal.detail.hasPrefix("\($0.rawValue),") && $0.isLimit })
    else { return }
    note(rule.rawValue, path)
  }

  private func note(_ limit: String, _ path: String) {
    files.withLock { _ = $0[limit, default: []].insert(path) }
  }

  /// By the name of the limit.
  package var counts: [String: Int] { files.withLock { $0.mapValues(\.count) } }
}

extension DICOMFileError {
  /// The limit that refused the file, by the rule of the pre-scan or the flag that sets it; `nil` where none did.
  var limit: String? {
    switch self {
    case .structure(let finding): finding.rule.isLimit ? finding.rule.rawValue : nil
    case .frameTooLarge: PreScanRule.frameSize.rawValue
    case .nestingTooDeep: PreScanRule.nestingDepth.rawValue
    case .headerTooLarge, .memoryExceeded, .outOfMemory: "--decoder-memory"
    case .decoderLost(.processorTime), .decoderLost(.clockTime): "--decoder-timeout"
    default: nil
    }
  }
}

extension PreScanRule {
  /// Whether it is about too much of something, and not about a file that contradicts itself.
  fileprivate var isLimit: Bool {
    switch self {
    case .frameSize, .frameCount, .expansionRatio, .nestingDepth, .elementCount, .inflatedSize: true
    default: false
    }
  }
}
