internal import Dispatch
internal import Synchronization

/// Gives out a limited number of bytes, or of anything, to tasks that wait for each other in the order they came.
///
/// Waiting blocks the thread, as waiting for a child does; whoever has a grant works on its own thread and gives it back.
/// To keep two from waiting for each other, a task that needs several takes them in one order: its place among the
/// children, then memory for the object, then for a frame.
final class MemoryLedger: Sendable {
  let capacity: Int
  private let state = Mutex(State())

  private struct State {
    var used = 0
    var waiting: [(amount: Int, turn: DispatchSemaphore)] = []
    var isClosed = false
    var reclaimers: [@Sendable () -> Void] = []
  }

  init(capacity: Int) {
    self.capacity = capacity
  }

  var isWaitedFor: Bool { state.withLock { !$0.waiting.isEmpty } }

  /// What gives up things that are kept in case they are needed again; called whenever somebody has to wait.
  func onShortage(_ reclaim: @escaping @Sendable () -> Void) { state.withLock { $0.reclaimers.append(reclaim) } }

  /// Waits for `amount`.
  ///
  /// - Returns: `nil` when the ledger is closed.
  /// - Precondition: `amount` is at most ``capacity``.
  func take(_ amount: Int) -> MemoryGrant? {
    precondition(amount <= capacity, "more than there is")
    let (turn, reclaimers) = state.withLock { state -> (DispatchSemaphore?, [@Sendable () -> Void]) in
      if state.isClosed || state.waiting.isEmpty && state.used + amount <= capacity {
        state.used += amount
        return (nil, [])
      }
      let turn = DispatchSemaphore(value: 0)
      state.waiting.append((amount, turn))
      return (turn, state.reclaimers)
    }
    // Only once it is known that somebody waits: what is put aside later is given up by whoever puts it aside.
    for reclaim in reclaimers { reclaim() }
    turn?.wait()
    let grant = MemoryGrant(of: amount, from: self)
    return state.withLock { $0.isClosed } ? nil : grant
  }

  /// Lets everybody go who waits, with nothing.
  func close() {
    state.withLock { state in
      state.isClosed = true
      for waiting in state.waiting { state.used += waiting.amount }
      let waiting = state.waiting
      state.waiting = []
      for waiting in waiting { waiting.turn.signal() }
    }
  }

  fileprivate func giveBack(_ amount: Int) {
    state.withLock { state in
      state.used -= amount
      while let next = state.waiting.first, state.used + next.amount <= capacity {
        state.used += next.amount
        state.waiting.removeFirst().turn.signal()
      }
    }
  }
}

/// An amount taken from a ledger; given back when the last copy goes.
final class MemoryGrant: Sendable {
  private let amount: Int
  private let ledger: MemoryLedger

  fileprivate init(of amount: Int, from ledger: MemoryLedger) {
    (self.amount, self.ledger) = (amount, ledger)
  }

  deinit { ledger.giveBack(amount) }
}
