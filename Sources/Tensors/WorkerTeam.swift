internal import Synchronization

/// A number of threads that share out the tasks of one image.
///
/// Who does which task is left to chance; a task writes to places of its own and no number depends on how work is cut into
/// tasks, so that the result does not depend on how many threads there are.
///
/// The threads start with the first work that wants them and end with the team, which lives as long as one image is worked
/// on. Between two rounds they wait without sleeping, because rounds follow one another within microseconds.
package final class WorkerTeam: Sendable {
  /// How many threads at most, the caller among them.
  package let size: Int
  private let round = TeamRound()
  private let helpers = Mutex([HelperThread]())

  /// - Parameter size: Values below 1 mean 1.
  package init(size: Int) {
    self.size = max(1, size)
  }

  deinit {
    round.end()
    helpers.withLock { threads in for thread in threads { thread.join() } }
  }

  /// Calls `body` once for every task of `0..<tasks` and returns when all are done.
  ///
  /// `body` gets the task and the worker, `0..<size`; one worker does one task at a time, so that scratch memory can be
  /// kept per worker.
  ///
  /// - Precondition: One thread at a time calls this, and `body` does not.
  package func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    guard size > 1, tasks > 1 else {
      for task in 0..<max(0, tasks) { body(task, 0) }
      return
    }
    helpers.withLock { threads in
      guard threads.isEmpty else { return }
      for worker in 1..<size {
        if let thread = HelperThread({ [round] in round.help(as: worker) }) { threads.append(thread) }
      }
    }
    withoutActuallyEscaping(body) { round.run(tasks: tasks, $0) }
  }

  /// `0..<count` cut into blocks of `size`; the last may be shorter.
  package static func blocks(of size: Int, in count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// `0..<count` cut into blocks of at most about `size`, as many for each of `workers` and nearly equal, of whole tiles of
  /// six rows.
  package static func evenBlocks(of size: Int, in count: Int, workers: Int) -> [Range<Int>] {
    let rounds = (count + size * workers - 1) / (size * workers)
    let blocks = max(1, rounds * workers)
    let even = (count + blocks - 1) / blocks
    return Self.blocks(of: max(6, (even + 5) / 6 * 6), in: count)
  }
}
