/// Zeroed memory that the threads working on one image share, aligned to a cache line.
///
/// Safe to share: kernels get disjoint rows or columns of it, and ``WorkerTeam/run(tasks:_:)`` returns between the
/// kernel that writes a row and the kernel that reads it on another thread.
@safe
final class AlignedMemory: @unchecked Sendable {
  static let alignment = 64

  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    // Kernels may read, never use, the rest of the vector behind the last value.
    let padded = (max(1, byteCount) + 2 * Self.alignment - 1) / Self.alignment * Self.alignment
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: padded, alignment: Self.alignment)
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: padded)
    self.byteCount = byteCount
  }

  deinit { unsafe base.deallocate() }

  @unsafe func values<T>(_ type: T.Type) -> UnsafeMutablePointer<T> { unsafe base.assumingMemoryBound(to: type) }
}
