internal import Glibc

/// Zeroed memory that the threads working on one image share, aligned to a cache line.
///
/// Safe to share: kernels get disjoint rows or columns of it, and ``WorkerTeam/run(tasks:_:)`` returns between the
/// kernel that writes a row and the kernel that reads it on another thread.
@safe
final class AlignedMemory: @unchecked Sendable {
  static let alignment = 64
  private static let largePage = 2 << 20

  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    // Kernels may read, never use, the rest of the vector behind the last value.
    let padded = (max(1, byteCount) + 2 * Self.alignment - 1) / Self.alignment * Self.alignment
    let isLarge = padded >= 2 * Self.largePage
    unsafe base = UnsafeMutableRawPointer.allocate(
      byteCount: padded, alignment: isLarge ? Self.largePage : Self.alignment)
    // Weights are read from end to end, over and over: with large pages that is 1 % faster. Only a wish.
    if isLarge { _ = unsafe madvise(base, padded, MADV_HUGEPAGE) }
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: padded)
    self.byteCount = byteCount
  }

  deinit { unsafe base.deallocate() }

  @unsafe func values<T>(_ type: T.Type) -> UnsafeMutablePointer<T> { unsafe base.assumingMemoryBound(to: type) }
}
