internal import Synchronization

/// How many files each limit refused, for the end of a run; paths are kept to count a file once, and never shown.
package final class LimitTally: Sendable {
  private let files = Mutex<[String: Set<String>]>([:])

  init() {}

  func note(_ error: DICOMFileError, path: String) {
    guard let limit = error.limit else { return }
    files.withLock { _ = $0[limit, default: []].insert(path) }
  }

  /// By the name of the limit.
  package var counts: [String: Int] { files.withLock { $0.mapValues(\.count) } }
}

extension DICOMFileError {
  /// The limit that refused the file, by the rule of the pre-scan or the flag that sets it; `nil` where none did.
  var limit: String? {
    switch self {
    case .structure(let finding):
      switch finding.rule {
      case .frameSize, .frameCount, .expansionRatio, .nestingDepth, .elementCount, .inflatedSize: finding.rule.rawValue
      default: nil
      }
    case .frameTooLarge: PreScanRule.frameSize.rawValue
    case .nestingTooDeep: PreScanRule.nestingDepth.rawValue
    case .headerTooLarge, .memoryExceeded, .outOfMemory: "--decoder-memory"
    case .decoderLost(.processorTime), .decoderLost(.clockTime): "--decoder-timeout"
    default: nil
    }
  }
}
