import DICOMFiles
import Foundation
import TestSupport
import Testing

/// The locks of a decoder child, tried from inside, together and one at a time.
struct SandboxTests {
  private let probe = BuiltProduct.sandboxProbe

  @Test(
    "the filter of system calls kills whatever reaches outside",
    arguments: [
      "open", "list", "create", "unlink", "socket", "fork", "kill", "code", "trace", "write", "exec",
    ])
  func filtered(attempt: String) throws {
    for locks in ["s", "lfs"] {
      let result = try probe.run([locks, attempt])
      #expect(result.wasKilled && result.status == SIGSYS, "\(attempt) with \(locks): \(result.status)")
    }
  }

  @Test func `without locks the same attempts succeed, so that their failure means something`() throws {
    for attempt in ["nothing", "open", "list", "create", "unlink", "socket", "fork", "kill", "code", "memory", "exec"] {
      let result = try probe.run(["-", attempt])
      #expect(!result.wasKilled && result.status == 0, "\(attempt): \(result.status)")
    }
  }

  @Test func `computing goes on behind all locks`() throws {
    #expect(try probe.run(["lfs", "nothing"]).status == 0)
    // The process cannot make itself open to inspection again.
    let result = try probe.run(["lfs", "privileges"])
    #expect(!result.wasKilled && result.status == 1)
  }

  @Test(
    "Landlock alone denies every file",
    .enabled(if: SandboxSupport.landlockVersion > 0, "this kernel has no Landlock"),
    arguments: ["open", "list", "create"])
  func landlocked(attempt: String) throws {
    let result = try probe.run(["f", attempt])
    #expect(!result.wasKilled && result.status == 1)
  }

  @Test func `the limits alone stop memory, files and, for ordinary users, processes`() throws {
    #expect(try probe.run(["l", "memory"]).status == 1)
    // Standard output is a file here, and may not grow.
    let result = try probe.run(["l", "write"])
    #expect(result.status == (result.wasKilled ? SIGXFSZ : 1))
    #expect(result.output.isEmpty)
    // Root is not bound by the number of processes.
    guard geteuid() != 0 else { return }
    #expect(try probe.run(["l", "fork"]).status == 1)
  }

  @Test func `a child at work has one thread, no way to more rights, and its filter`() throws {
    let children = try DecoderChildren()
    let locks = try children.pool.start()
    #expect(locks.isSuperset(of: [.limits, .seccomp]))
    #expect(locks.contains(.landlock) == (SandboxSupport.landlockVersion > 0))
    let process = try #require(children.processes.first)
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    for line in ["Threads:\t1", "NoNewPrivs:\t1", "Seccomp:\t2"] { #expect(status.contains(line), "\(line)") }
    let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8).split(separator: "\n")
    func limit(_ name: String) -> [Substring] {
      limits.first { $0.hasPrefix(name) }?.dropFirst(name.count).split(separator: " ") ?? []
    }
    // What the program takes at rest and its share; the parent alone can raise it, as far as a file may go.
    let memory = limit("Max address space").prefix(2).compactMap { Int($0) }
    let plan = MemoryPlan(DecoderLimits())
    #expect(memory.count == 2 && memory[1] - memory[0] == plan.objects + plan.largestFrame, "\(memory)")
    #expect(memory[0] < plan.share + (1 << 30))
    #expect(limit("Max file size").prefix(2) == ["0", "0"])
    #expect(limit("Max core file size").prefix(2) == ["0", "0"])
    #expect(limit("Max open files").prefix(2) == ["16", "16"])
    // Channel and memory; the rest leads to /dev/null.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").sorted() == ["0", "1", "2", "3", "4"])
  }

  @Test func `the hidden command does nothing for people`() throws {
    let result = try BuiltProduct.bucky.run([DecoderConfiguration.argument])
    #expect(result.status == 64)
    let help = try BuiltProduct.bucky.run(["--help"])
    #expect(!help.output.contains(DecoderConfiguration.argument))
  }
}
