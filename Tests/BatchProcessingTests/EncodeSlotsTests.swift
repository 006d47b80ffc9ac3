import BatchProcessing
import Foundation
import Synchronization
import Testing

struct EncodeSlotsTests {
  @Test func `an image for each thread gets one thread each`() {
    #expect(EncodeSlots.share(of: 2, remaining: 50, cost: nil, running: []) == .begin(threads: 1))
    #expect(EncodeSlots.share(of: 2, remaining: 2, cost: 4, running: []) == .begin(threads: 1))
    #expect(EncodeSlots.share(of: 8, remaining: 9, cost: 4, running: []) == .begin(threads: 1))
  }

  @Test func `fewer images than threads share all threads`() {
    #expect(EncodeSlots.share(of: 2, remaining: 1, cost: nil, running: []) == .begin(threads: 2))
    #expect(EncodeSlots.share(of: 8, remaining: 3, cost: 4, running: []) == .begin(threads: 2))
    #expect(EncodeSlots.share(of: 8, remaining: 1, cost: 4, running: []) == .begin(threads: 8))
  }

  @Test func `the last image waits for a thread that is nearly free, and not for one that is not`() {
    // Four seconds on one thread, two on both: worth waiting for less than two.
    let nearly = [RunningEncode(threads: 1, elapsed: 3.5)]
    #expect(EncodeSlots.share(of: 2, remaining: 1, cost: 4, running: nearly) == .wait(seconds: 0.5))
    let hardly = [RunningEncode(threads: 1, elapsed: 0.5)]
    #expect(EncodeSlots.share(of: 2, remaining: 1, cost: 4, running: hardly) == .begin(threads: 1))
    let late = [RunningEncode(threads: 1, elapsed: 9)]
    #expect(EncodeSlots.share(of: 2, remaining: 1, cost: 4, running: late) == .wait(seconds: 0.4))
  }

  @Test func `without a free thread there is nothing to choose`() {
    let all = [RunningEncode(threads: 2, elapsed: 1)]
    #expect(EncodeSlots.share(of: 2, remaining: 1, cost: nil, running: all) == .wait(seconds: nil))
  }

  @Test func `never more threads are in use than there are, and every image is done`() {
    let (threads, images) = (3, 40)
    let slots = EncodeSlots(threads: threads, images: images)
    let state = Mutex((used: 0, most: 0, done: 0))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let image = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard image < images else { return }
        if image.isMultiple(of: 5) {
          slots.skip()
          continue
        }
        slots.encode { granted in
          state.withLock { state in
            state.used += granted
            state.most = max(state.most, state.used)
          }
          Thread.sleep(forTimeInterval: 0.002 * Double(1 + image % 3))
          state.withLock { state in
            state.used -= granted
            state.done += 1
          }
        }
      }
    }
    let result = state.withLock { $0 }
    #expect(result.most == threads)
    #expect(result.done == 32)
  }
}
