/// How the memory of a run is shared out between its processes.
///
/// A quarter of the total is for what is always there: the program, the children, and the ordinary frames in their hands
/// and in the parent's. A quarter is for objects whose headers are large, as long as they are open, and at least half for
/// large frames. What one object or frame may take depends on the total alone, so that no result depends on the number
/// of threads: they only wait for each other.
package struct MemoryPlan: Sendable, Equatable {
  /// Children at once.
  package let workers: Int
  /// What a child may take beyond itself without asking, in bytes: on its heap, and again in the memory it answers from.
  package let share: Int
  /// What all open objects with large headers may take at once.
  package let objects: Int
  /// What all large frames may take at once.
  package let frames: Int
  /// What a single one may take.
  package let largestFrame: Int

  /// The parent at rest, without a model.
  private static let parent = 64 << 20
  /// What a child takes for itself, beside what all share.
  private static let child = 16 << 20
  /// Bounds of ``share``: a small radiograph, and a large one.
  private static let shares = (12 << 20)...(128 << 20)

  package init(_ limits: DecoderLimits) {
    let standing = limits.memory / 4
    // A task has its frame once in the child's heap, once between the two and, transformed, twice in the parent.
    let least = Self.child + 4 * Self.shares.lowerBound
    workers = max(2, min(limits.workers, (standing - Self.parent) / least))
    share = min(
      Self.shares.upperBound,
      max(Self.shares.lowerBound, ((standing - Self.parent) / workers - Self.child) / 4))
    objects = limits.memory / 4
    largestFrame = limits.memory / 2
    frames = max(largestFrame, limits.memory - objects - Self.parent - workers * (Self.child + 4 * share))
  }

  /// All of it at once.
  package var total: Int { Self.parent + workers * (Self.child + 4 * share) + objects + frames }

  /// What a single file may take of a child's heap, at most: an object and one of its frames.
  var largestHeap: Int { share + objects + largestFrame }
}
