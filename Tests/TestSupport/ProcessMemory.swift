internal import Foundation

/// What processes hold in memory, as the kernel counts it.
package struct ProcessMemory {
  /// Of its own: heap, stack, and memory it shares with its parent.
  package let privateBytes: Int
  /// Mapped from files.
  package let fileBytes: Int
  package let parent: Int32

  package init(of process: Int32) throws {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    func number(_ name: String) -> Int {
      status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        .flatMap { $0.split(whereSeparator: { $0 == "\t" || $0 == " " }).dropFirst().first.flatMap { Int($0) } } ?? 0
    }
    privateBytes = (number("RssAnon") + number("RssShmem")) << 10
    fileBytes = number("RssFile") << 10
    parent = Int32(number("PPid"))
  }

  /// Of a process and its children together; what they map from files is the same program and counts once.
  package static func ofTree(_ root: Int32) -> Int {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
    return numbers.reduce(0) { total, number in
      // A process may end between two looks.
      guard let memory = try? ProcessMemory(of: number), number == root || memory.parent == root else { return total }
      return total + memory.privateBytes + (number == root ? memory.fileBytes : 0)
    }
  }

  /// The children of a process that are locked in.
  package static func lockedChildren(of root: Int32) -> [Int32] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
    return numbers.filter { number in
      guard let status = try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8) else { return false }
      return status.contains("PPid:\t\(root)\n") && status.contains("Seccomp:\t2")
    }
  }
}
