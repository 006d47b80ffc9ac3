import BatchProcessing
import Foundation
import Synchronization
import Testing

struct OrderedConcurrencyTests {
  @Test(arguments: [1, 2, 5])
  func `results come once each, in the order of the elements`(width: Int) async throws {
    let working = Mutex((now: 0, most: 0))
    var consumed: [Int] = []
    try await forEachConcurrently(
      Array(0..<60), width: width,
      transform: { element -> Int in
        working.withLock { state in
          state.now += 1
          state.most = max(state.most, state.now)
        }
        Thread.sleep(forTimeInterval: element.isMultiple(of: 7) ? 0.01 : 0.001)
        working.withLock { $0.now -= 1 }
        return element * element
      },
      consume: { index, result in
        #expect(result == index * index)
        consumed.append(index)
      })
    #expect(consumed == Array(0..<60))
    #expect(working.withLock { $0.most } <= width)
  }

  @Test func `a slow consumer holds the threads back, and does not stop them`() async throws {
    let begun = Atomic<Int>(0)
    var ahead = 0
    try await forEachConcurrently(
      Array(0..<30), width: 2, transform: { _ in begun.wrappingAdd(1, ordering: .relaxed) },
      consume: { index, _ in
        Thread.sleep(forTimeInterval: 0.005)
        ahead = max(ahead, begun.load(ordering: .relaxed) - index)
      })
    // Two being worked on or waiting for each thread; the one that is being consumed is still among them.
    #expect(ahead == 4)
  }

  @Test func `an error of the consumer ends the batch when the threads have stopped`() async throws {
    struct Full: Error {}
    let working = Atomic<Int>(0)
    await #expect(throws: Full.self) {
      try await forEachConcurrently(
        Array(0..<1000), width: 3,
        transform: { _ in
          working.wrappingAdd(1, ordering: .sequentiallyConsistent)
          Thread.sleep(forTimeInterval: 0.003)
          working.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        },
        consume: { index, _ in if index == 5 { throw Full() } })
    }
    #expect(working.load(ordering: .sequentiallyConsistent) == 0)
  }

  @Test func `a cancelled batch says so when the threads have stopped`() async throws {
    let working = Atomic<Int>(0)
    let task = Task {
      try await forEachConcurrently(
        Array(0..<1000), width: 2,
        transform: { _ in
          working.wrappingAdd(1, ordering: .sequentiallyConsistent)
          Thread.sleep(forTimeInterval: 0.003)
          working.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        },
        consume: { _, _ in })
    }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    await #expect(throws: BatchError.cancelled) { try await task.value }
    #expect(working.load(ordering: .sequentiallyConsistent) == 0)
  }

  @Test func `nothing to do is done`() async throws {
    try await forEachConcurrently([Int](), width: 4, transform: { $0 }, consume: { _, _ in Issue.record("none") })
  }
}
