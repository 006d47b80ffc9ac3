internal import CSandbox

/// What holds a decoder child.
package struct SandboxLocks: OptionSet, Sendable, Equatable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Address space, descriptors, file sizes, processes, core dumps.
  package static let limits = SandboxLocks(rawValue: UInt32(CSANDBOX_LIMITS))
  /// No file system. Missing where the kernel is older than 5.13 or runs without it; the filter below denies the same.
  package static let landlock = SandboxLocks(rawValue: UInt32(CSANDBOX_LANDLOCK))
  /// A list of the system calls there are.
  package static let seccomp = SandboxLocks(rawValue: UInt32(CSANDBOX_SECCOMP))

  /// Without these no file is read.
  static let required: SandboxLocks = [.limits, .seccomp]

  /// Closes every lock on this process, for good; `nil` when one that is required does not close.
  static func close(all limits: csandbox_limits) -> SandboxLocks? {
    close([.limits, .landlock, .seccomp], limits).flatMap { $0.isSuperset(of: required) ? $0 : nil }
  }

  static func close(_ wanted: SandboxLocks, _ limits: csandbox_limits) -> SandboxLocks? {
    var closed: UInt32 = 0
    guard unsafe csandbox_enter(limits, wanted.rawValue, &closed) == 0 else { return nil }
    return SandboxLocks(rawValue: closed)
  }
}

/// What the running kernel offers to lock a process in.
package enum SandboxSupport {
  /// The version of Landlock's interface; 0 where there is none.
  package static var landlockVersion: Int { Int(csandbox_landlock_version()) }
  package static var hasSeccomp: Bool { csandbox_has_seccomp() }
}
