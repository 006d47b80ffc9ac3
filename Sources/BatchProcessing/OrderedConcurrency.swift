internal import Foundation
internal import Synchronization

/// Maps the elements of a batch on a bounded number of threads and hands over the results in the order of the elements.
///
/// The threads work on while `consume` runs, so that writing a result costs none of them time. At most `2 × width`
/// elements are begun and not consumed, so memory stays bounded however long the batch and however slow the consumer.
///
/// - Parameters:
///   - width: How many elements are worked on at once, at least 1; the number of threads.
///   - transform: Runs on one of the threads, and may block it.
///   - consume: Runs on the caller's task, once per element, in order; throwing ends the batch.
/// - Throws: ``BatchError/cancelled`` when the surrounding task is cancelled, or what `consume` throws. No thread works
///   any more when this function is left, in whichever way.
package func forEachConcurrently<Element: Sendable, Result: Sendable>(
  _ elements: [Element], width: Int,
  transform: @escaping @Sendable (Element) -> Result,
  consume: (Int, Result) throws -> Void
) async throws {
  let crew = WorkCrew(elementCount: elements.count, width: max(1, width))
  let (stream, results) = AsyncStream.makeStream(of: (Int, Result).self)
  crew.start { index in
    results.yield((index, transform(elements[index])))
  } atEnd: {
    results.finish()
  }
  var waiting: [Int: Result] = [:]
  var next = 0
  do {
    for await (index, result) in stream {
      if Task.isCancelled { throw BatchError.cancelled }
      waiting[index] = result
      while let result = waiting.removeValue(forKey: next) {
        try consume(next, result)
        next += 1
        crew.makeRoom()
      }
    }
  } catch {
    await crew.stop()
    throw error
  }
  await crew.stop()
  // A stream ends early when its task is cancelled.
  if Task.isCancelled || next < elements.count { throw BatchError.cancelled }
}

/// The threads of one batch: each takes the next element that nobody has taken, once there is room for its result.
private final class WorkCrew: Sendable {
  private struct State {
    var next = 0
    var isStopped = false
  }

  private let elementCount: Int
  private let width: Int
  private let state = Mutex(State())
  /// Counts elements that may be begun.
  private let room = DispatchSemaphore(value: 0)
  private let working = DispatchGroup()

  init(elementCount: Int, width: Int) {
    self.elementCount = elementCount
    self.width = width
    for _ in 0..<2 * width { room.signal() }
  }

  /// Starts the threads; `atEnd` is called when the last of them has left.
  func start(_ work: @escaping @Sendable (Int) -> Void, atEnd: @escaping @Sendable () -> Void) {
    for _ in 0..<min(width, elementCount) {
      working.enter()
      let thread = Thread { [self] in
        while let index = take() { work(index) }
        working.leave()
      }
      thread.name = "bucky worker"
      thread.start()
    }
    working.notify(queue: .global(), execute: atEnd)
  }

  /// The next element, or `nil` when there is none or nobody wants it any more.
  private func take() -> Int? {
    room.wait()
    return state.withLock { state in
      guard !state.isStopped, state.next < elementCount else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  /// One element has been consumed.
  func makeRoom() { room.signal() }

  /// Waits until every thread has ended the element it is at.
  func stop() async {
    state.withLock { $0.isStopped = true }
    for _ in 0..<width { room.signal() }
    await withCheckedContinuation { continuation in
      working.notify(queue: .global()) { continuation.resume() }
    }
  }
}
