import Foundation
import TestSupport
import Testing

/// What is left of a run that is killed without warning.
struct OrphanTests {
  /// Whether a process is gone, or has ended and waits for somebody to ask.
  private func hasEnded(_ process: pid_t) -> Bool {
    guard let status = FileManager.default.contents(atPath: "/proc/\(process)/status") else { return true }
    return String(decoding: status, as: UTF8.self).contains("State:\tZ")
  }

  /// Polls for at most ten seconds.
  private func waitUntil(_ condition: () -> Bool) -> Bool {
    for _ in 0..<1000 {
      if condition() { return true }
      usleep(10_000)
    }
    return condition()
  }

  @Test func `decoder children end with their parent, even one that is killed, and even when they are busy or stopped`()
    throws
  {
    let run = Process()
    run.executableURL = URL(filePath: BuiltProduct.bucky.path)
    run.arguments = ["benchmark", "decode", "--quiet", "--repetitions", "1000"]
    run.standardOutput = FileHandle.nullDevice
    try run.run()
    var orphans: [pid_t] = []
    let hasChildren = waitUntil {
      orphans = ProcessMemory.lockedChildren(of: run.processIdentifier)
      return !orphans.isEmpty
    }
    #expect(hasChildren)
    for orphan in orphans { kill(orphan, SIGSTOP) }
    kill(run.processIdentifier, SIGKILL)
    run.waitUntilExit()
    let allEnded = waitUntil {
      orphans.allSatisfy { hasEnded($0) }
    }
    #expect(allEnded)
  }
}
