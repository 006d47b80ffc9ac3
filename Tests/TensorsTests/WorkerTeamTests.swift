internal import Synchronization
internal import Tensors
internal import Testing

@Suite struct WorkerTeamTests {
  @Test(arguments: [(0, 3), (1, 1), (5, 1), (5, 2), (64, 4), (3, 16)])
  func `every task is done once, by a worker of the team`(tasks: Int, size: Int) {
    let done = Mutex([Int](repeating: 0, count: tasks))
    let strangers = Atomic<Int>(0)
    WorkerTeam(size: size).run(tasks: tasks) { task, worker in
      if !(0..<size).contains(worker) { strangers.add(1, ordering: .relaxed) }
      done.withLock { $0[task] += 1 }
    }
    #expect(done.withLock { $0 } == [Int](repeating: 1, count: tasks))
    #expect(strangers.load(ordering: .relaxed) == 0)
  }

  @Test func `a team has at least one worker`() {
    #expect(WorkerTeam(size: 0).size == 1)
    #expect(WorkerTeam(size: -3).size == 1)
  }

  @Test func `blocks cover a count without overlap`() {
    #expect(WorkerTeam.blocks(of: 256, in: 729) == [0..<256, 256..<512, 512..<729])
    #expect(WorkerTeam.blocks(of: 256, in: 256) == [0..<256])
    #expect(WorkerTeam.blocks(of: 256, in: 0).isEmpty)
  }
}
