internal import Synchronization

/// Where the time of an encoder goes: thread time by part, added up over images and threads.
package final class EncoderProfile: Sendable {
  package enum Part: String, Sendable, CaseIterable {
    case patches
    case norms
    /// Queries, keys and values.
    case projections
    case packing
    case scores
    case softmax
    /// Weighted means of the values.
    case means
    case output
    case firstLinear
    case secondLinear
    case quantization
    case pooling
  }

  private let nanoseconds = Mutex([Part: UInt64]())

  package init() {}

  /// Seconds of thread time of each part that took any.
  package var seconds: [Part: Double] { nanoseconds.withLock { $0.mapValues { Double($0) * 1e-9 } } }

  func add(_ time: UInt64, to part: Part) {
    nanoseconds.withLock { $0[part, default: 0] += time }
  }

  /// Runs `body`, timed if there is a profile.
  @inline(__always)
  package static func measure(_ part: Part, _ profile: EncoderProfile?, _ body: () -> Void) {
    guard let profile else { return body() }
    let start = ContinuousClock.now
    body()
    let elapsed = (ContinuousClock.now - start).components
    profile.add(UInt64(elapsed.seconds) * 1_000_000_000 + UInt64(elapsed.attoseconds / 1_000_000_000), to: part)
  }
}
