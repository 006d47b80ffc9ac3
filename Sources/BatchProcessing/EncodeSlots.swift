internal import Foundation

/// Shares the threads of a run out among the images that are being encoded, so that there are never more than asked for.
///
/// As long as there is an image for each thread, each image gets one: nothing is waited for between the layers then. When
/// fewer are left, an image gets several. Whether the last image should wait for threads that are about to be free, or
/// begin with those that are, follows from how long encodes have taken so far. What is computed does not depend on any of
/// it, only when.
///
/// Safe to share: whatever changes is read and written with the condition's lock held.
package final class EncodeSlots: @unchecked Sendable {
  /// Guards everything below.
  private let condition = NSCondition()
  private let threads: Int
  /// Images that have not begun, and may yet.
  private var remaining: Int
  private var running: [Int: Encode] = [:]
  private var begunCount = 0
  /// Thread-seconds of an encode, as the last one took them.
  private var cost: Double?

  private struct Encode {
    let threads: Int
    let began: Double
  }

  /// - Parameters:
  ///   - threads: At least 1.
  ///   - images: How many images there will be at most; those that need no encode are taken off with ``skip()``.
  package init(threads: Int, images: Int) {
    self.threads = max(1, threads)
    remaining = images
  }

  /// Calls `body` with a number of threads that are its own until it returns.
  package func encode<R, E: Error>(_ body: (_ threads: Int) throws(E) -> R) throws(E) -> R {
    let (index, threads) = begin()
    defer { end(index) }
    return try body(threads)
  }

  /// An image needs no encode.
  package func skip() {
    condition.lock()
    remaining -= 1
    condition.broadcast()
    condition.unlock()
  }

  private func begin() -> (index: Int, threads: Int) {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let now = Self.now
      let share = Self.share(
        of: threads, remaining: remaining, cost: cost,
        running: running.values.map { RunningEncode(threads: $0.threads, elapsed: now - $0.began) })
      if case .begin(let count) = share {
        remaining -= 1
        begunCount += 1
        running[begunCount] = Encode(threads: count, began: now)
        return (begunCount, count)
      }
      if case .wait(let seconds?) = share {
        _ = condition.wait(until: Date(timeIntervalSinceNow: seconds))
      } else {
        condition.wait()
      }
    }
  }

  private func end(_ index: Int) {
    condition.lock()
    if let encode = running.removeValue(forKey: index) {
      cost = (Self.now - encode.began) * Double(encode.threads)
    }
    condition.broadcast()
    condition.unlock()
  }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}

/// An encode as the choice sees it.
package struct RunningEncode: Sendable, Equatable {
  let threads: Int
  /// Seconds since it began.
  let elapsed: Double

  package init(threads: Int, elapsed: Double) {
    self.threads = threads
    self.elapsed = elapsed
  }
}

extension EncodeSlots {
  /// What an image that is ready should do.
  package enum Share: Sendable, Equatable {
    case begin(threads: Int)
    /// For at most so many seconds; `nil` until an encode ends.
    case wait(seconds: Double?)
  }

  /// The choice by which the image is done first, among the numbers of threads that leave one for each other image.
  ///
  /// - Parameters:
  ///   - remaining: Images that have not begun, this one among them.
  ///   - cost: Thread-seconds of an encode; `nil` before the first one ended.
  package static func share(of threads: Int, remaining: Int, cost: Double?, running: [RunningEncode]) -> Share {
    let most = max(1, threads / max(1, remaining))
    let free = threads - running.reduce(0) { $0 + $1.threads }
    if free >= most { return .begin(threads: most) }
    guard let cost, free > 0 else { return free > 0 ? .begin(threads: free) : .wait(seconds: nil) }
    // Those that end first give their threads first. One that is late may take a little longer still.
    let ends = running.map { encode in
      let duration = cost / Double(encode.threads)
      return (seconds: max(duration - encode.elapsed, duration / 10), threads: encode.threads)
    }.sorted { $0.seconds < $1.seconds }
    var (available, best) = (free, (done: cost / Double(free), wait: 0.0))
    for end in ends where available < most {
      available += end.threads
      let done = end.seconds + cost / Double(min(available, most))
      if done < best.done { best = (done, end.seconds) }
    }
    return best.wait == 0 ? .begin(threads: free) : .wait(seconds: best.wait)
  }
}
