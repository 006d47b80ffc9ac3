internal import CSandbox
internal import Glibc
internal import Synchronization

/// The children of a pool that have not been reaped, so that they can be ended whoever waits for them.
final class ProcessRegister: Sendable {
  private let living = Mutex(Set<pid_t>())
  private let stopped = Mutex(false)

  var isStopped: Bool { stopped.withLock { $0 } }

  func add(_ process: pid_t) {
    living.withLock { _ = $0.insert(process) }
    // One that was started while the others were ended.
    if isStopped { killAll() }
  }

  /// Waits for the end of a child, kills it after `grace` milliseconds, and forgets it. Its number is not used for
  /// another process before.
  func reap(_ process: pid_t, _ grace: Int32) -> csandbox_end {
    if grace > 0 { csandbox_await_end(process, grace) }
    return living.withLock { living in
      living.remove(process)
      return csandbox_reap(process, 0)
    }
  }

  /// Kills all, and all that are added from now on.
  func stop() {
    stopped.withLock { $0 = true }
    killAll()
  }

  private func killAll() {
    living.withLock { for process in $0 { kill(process, SIGKILL) } }
  }
}
