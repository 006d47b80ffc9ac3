/// Maps the elements of a batch on a bounded number of tasks and hands over the results in the order of the elements.
///
/// At most `2 × width` results wait for an earlier one, so memory stays bounded however long the batch is.
///
/// - Parameters:
///   - width: How many elements are worked on at once, at least 1.
///   - transform: Runs on the concurrent pool.
///   - consume: Runs on the caller's task, once per element, in order; throwing ends the batch.
/// - Throws: ``BatchError/cancelled`` when the surrounding task is cancelled, or what `consume` throws.
func forEachConcurrently<Element: Sendable, Result: Sendable>(
  _ elements: [Element], width: Int,
  transform: @escaping @Sendable (Element) async -> Result,
  consume: (Int, Result) throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var started = 0
    var waiting: [Int: Result] = [:]
    var next = 0
    func start() {
      let (index, element) = (started, elements[started])
      group.addTask { (index, await transform(element)) }
      started += 1
    }
    while started < min(max(1, width), elements.count) { start() }
    while let (index, result) = try await group.next() {
      if Task.isCancelled { throw BatchError.cancelled }
      waiting[index] = result
      while let result = waiting.removeValue(forKey: next) {
        try consume(next, result)
        next += 1
      }
      while started < elements.count && started - next < 2 * max(1, width)
        && started - next - waiting.count < max(1, width)
      {
        start()
      }
    }
    if Task.isCancelled { throw BatchError.cancelled }
  }
}
