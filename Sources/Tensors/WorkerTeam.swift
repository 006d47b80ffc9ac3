internal import Dispatch
internal import Synchronization

/// A number of threads that share out the tasks of one image.
///
/// Who does which task is left to chance; tasks are cut to fixed sizes and write to places of their own, so that the
/// result does not depend on it, nor on how many threads there are.
package struct WorkerTeam: Sendable {
  /// How many threads at most, the caller among them.
  package let size: Int

  /// - Parameter size: Values below 1 mean 1.
  package init(size: Int) {
    self.size = max(1, size)
  }

  /// Calls `body` once for every task of `0..<tasks` and returns when all are done.
  ///
  /// `body` gets the task and the worker, `0..<size`; one worker does one task at a time, so that scratch memory can be
  /// kept per worker.
  package func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    let workers = min(size, tasks)
    guard workers > 1 else {
      for task in 0..<max(0, tasks) { body(task, 0) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        body(task, worker)
      }
    }
  }

  /// `0..<count` cut into blocks of `size`; the last may be shorter.
  package static func blocks(of size: Int, in count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }
}
