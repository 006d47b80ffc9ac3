internal import CScanning
internal import Synchronization

/// The loops over samples and bytes, in the instructions that this processor has; every path gives the same numbers.
///
/// Safe to share: the table is constant and its functions keep no state.
@safe
struct ScanKernels: @unchecked Sendable {
  private let table: UnsafePointer<cs_kernels>

  private init() {
    guard let table = unsafe cs_kernels_best() else { preconditionFailure("there is a path for every processor") }
    unsafe self.table = table
  }

  static let current = ScanKernels()

  @unsafe var functions: cs_kernels { unsafe table.pointee }
}

/// Memory that the kernels work in, kept from frame to frame; whoever has it is alone with it.
///
/// `@unchecked Sendable`: the pool lends each to one caller at a time.
@safe
final class ScanWorkspace: @unchecked Sendable {
  @unsafe let raw: OpaquePointer

  private static let idle = Mutex<[ScanWorkspace]>([])

  private init() {
    guard let raw = unsafe cs_workspace_make() else { preconditionFailure("no memory for a workspace") }
    unsafe self.raw = raw
  }

  deinit { unsafe cs_workspace_free(raw) }

  static func lent<Value>(_ body: (ScanWorkspace) -> Value) -> Value {
    let workspace = idle.withLock { $0.popLast() } ?? ScanWorkspace()
    defer { idle.withLock { $0.append(workspace) } }
    return body(workspace)
  }
}
