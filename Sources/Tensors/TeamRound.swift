internal import CKernels
internal import Glibc
internal import Synchronization

/// The work that a team does at the moment, if any.
///
/// Safe to share: `tasks` and `body` are written by the caller while the round is closed and nobody is active, and read by
/// helpers that are active while it is open. A helper counts itself as active before it looks whether the round is open, and
/// the caller closes the round before it looks whether anyone is active, all in one order; so one of them sees the other.
final class TeamRound: @unchecked Sendable {
  /// Odd while there is work to take, negative when the team ends.
  private let number = Atomic<Int>(0)
  private let active = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private var tasks = 0
  private var body: (@Sendable (Int, Int) -> Void)?

  /// Opens a round, works on it and returns when every task is done and nobody is active any more.
  ///
  /// A helper that was late for the round is not waited for.
  func run(tasks: Int, _ body: @escaping @Sendable (Int, Int) -> Void) {
    self.tasks = tasks
    self.body = body
    next.store(0, ordering: .relaxed)
    number.add(1, ordering: .sequentiallyConsistent)
    work(as: 0, body)
    number.add(1, ordering: .sequentiallyConsistent)
    var patience = Patience()
    while active.load(ordering: .sequentiallyConsistent) > 0 { patience.wait() }
    self.body = nil
  }

  /// Works on every round there is until the team ends.
  func help(as worker: Int) {
    var seen = 0
    var patience = Patience()
    while true {
      let current = number.load(ordering: .acquiring)
      if current < 0 { return }
      guard current % 2 == 1, current != seen else {
        patience.wait()
        continue
      }
      active.add(1, ordering: .sequentiallyConsistent)
      if number.load(ordering: .sequentiallyConsistent) == current, let body { work(as: worker, body) }
      active.subtract(1, ordering: .sequentiallyConsistent)
      seen = current
      patience = Patience()
    }
  }

  func end() { number.store(-1, ordering: .releasing) }

  private func work(as worker: Int, _ body: (Int, Int) -> Void) {
    while true {
      let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      body(task, worker)
    }
  }
}

/// How a thread waits for others: at first it only looks again, then it lets other threads of its processor go first, in the
/// end it sleeps for moments.
private struct Patience {
  private var looks = 0

  mutating func wait() {
    looks += 1
    switch looks {
    case ..<2_000: ck_pause()
    case ..<10_000: sched_yield()
    default: usleep(50)
    }
  }
}
