internal import DICOMCore
internal import Synchronization

/// Decoder children, lent to one task at a time.
///
/// There are as many as there are tasks at work, since a task gives its child back before the next one takes it. Waiting
/// for an answer blocks the task's thread: the tasks of a batch are as many as `--threads`, each would otherwise decode
/// on its thread itself, and a child that works keeps one core busy just as well. What a thread can be blocked for is
/// bounded by ``DecoderLimits/clockSeconds``, and by what others are allowed that have the memory it waits for.
package final class DecoderPool: Sendable {
  package let limits: DecoderLimits
  /// Which limits refused files.
  package let refusals = LimitTally()
  let plan: MemoryPlan
  /// Places for tasks with a child.
  let places: MemoryLedger
  let objects: MemoryLedger
  let frames: MemoryLedger
  private let configuration: DecoderConfiguration
  private let processes = ProcessRegister()
  /// A lock and no actor: it is held for taking one element off an array, and callers need not become asynchronous.
  private let idle = Mutex<[DecoderProcess]>([])

  package init(_ configuration: DecoderConfiguration) {
    self.configuration = configuration
    limits = configuration.limits
    plan = MemoryPlan(limits)
    places = MemoryLedger(capacity: plan.workers)
    objects = MemoryLedger(capacity: plan.objects)
    frames = MemoryLedger(capacity: plan.frames)
  }

  /// Waits for a child, which stays for the first file: a machine on which none can be had shows here.
  ///
  /// - Throws: Why there is none.
  /// - Returns: What it is locked in with.
  @discardableResult
  package func start() throws(DecoderLoss) -> SandboxLocks {
    let waiting = idle.withLock { $0.popLast() }
    let child = if let waiting { waiting } else { try DecoderProcess(configuration, plan, processes) }
    let locks = try child.waitUntilReady()
    giveBack(child)
    return locks
  }

  /// Starts children ahead of need, without waiting for them.
  package func start(ahead count: Int) {
    for _ in 0..<min(count, plan.workers) {
      // One that cannot be started now is tried again, and reported, when it is needed.
      guard let child = try? DecoderProcess(configuration, plan, processes) else { return }
      giveBack(child)
    }
  }

  /// Ends all children at once, and refuses every file from now on: whoever waits for one need wait no longer.
  package func stop() {
    for ledger in [places, objects, frames] { ledger.close() }
    processes.stop()
  }

  /// What gives up children and memory that are kept in case they are needed again.
  package func onShortage(_ reclaim: @escaping @Sendable () -> Void) {
    for ledger in [places, objects, frames] { ledger.onShortage(reclaim) }
  }

  /// Whether somebody waits for what others have.
  package var isShort: Bool { places.isWaitedFor || objects.isWaitedFor || frames.isWaitedFor }

  /// Processor time that the idle children have used so far; for measurements.
  package var processorSeconds: Double { idle.withLock { $0.reduce(0) { $0 + $1.processorSeconds } } }

  func borrow() throws(DecoderFailure) -> DecoderProcess {
    if let child = idle.withLock({ $0.popLast() }) { return child }
    return try fresh()
  }

  func fresh() throws(DecoderFailure) -> DecoderProcess {
    guard !processes.isStopped else { throw .lost(.stopped) }
    do {
      return try DecoderProcess(configuration, plan, processes)
    } catch {
      throw .lost(error)
    }
  }

  /// Takes a child back, unless it has done its share; then it ends here.
  func giveBack(_ child: DecoderProcess) {
    guard !child.isWornOut else { return }
    idle.withLock { if $0.count < plan.workers { $0.append(child) } }
  }
}

// MARK: - Files

extension DecoderPool {
  /// Classifies a file in a child.
  func classify(_ file: InputFile) -> FileClassification {
    do throws(DICOMFileError) {
      let source = try SourceFile(opening: file.path)
      let place = try take(1, from: places)
      defer { withExtendedLifetime(place) {} }
      var object = ObjectMemory()
      var attempts = Attempts()
      let (child, verdict) = try reading(&object, &attempts) { child, heap throws(DecoderFailure) in
        let answer = try child.ask(.classify(heap: heap), passing: source)
        return try child.decode(answer.header) { reader throws(WireError) in
          try reader.classification(of: file, size: source.size)
        }
      }
      try? child.settle()
      giveBack(child)
      withExtendedLifetime(object.grant) {}
      refusals.note(verdict, path: file.path)
      return verdict
    } catch {
      refusals.note(error, path: file.path)
      return .refused(InputRefusal(source: file.source, error: error), header: nil)
    }
  }

  /// Runs `body` with a child that may take what the object needs; when the child is lost, once more with a fresh one
  /// that has seen no other file.
  ///
  /// - Parameter body: Gets the bytes of heap that it may ask for.
  func reading<Value>(
    _ object: inout ObjectMemory, _ attempts: inout Attempts,
    _ body: (DecoderProcess, Int) throws(DecoderFailure) -> Value
  ) throws(DICOMFileError) -> (DecoderProcess, Value) {
    while true {
      var lent: DecoderProcess?
      do throws(DecoderFailure) {
        let child = try attempts.isFirst ? borrow() : fresh()
        lent = child
        try child.allow(object.heap)
        return (child, try body(child, plan.share / 2 + object.heap))
      } catch {
        if case .needs(let heap) = error, object.grant == nil {
          if let lent { giveBack(lent) }
          // As much again for what the parent makes of it.
          object = ObjectMemory(heap: heap, grant: try take(2 * heap, from: objects, atMost: plan.objects))
          continue
        }
        if case .file(let failure) = error, failure != .outOfMemory || !attempts.isFirst {
          if let lent {
            try? lent.settle()
            giveBack(lent)
          }
        }
        try attempts.note(error)
      }
    }
  }

  /// - Throws: `memoryExceeded` for more than `limit`, `decoderLost` when the pool was stopped.
  func take(_ amount: Int, from ledger: MemoryLedger, atMost limit: Int = .max) throws(DICOMFileError) -> MemoryGrant {
    guard amount <= limit else { throw .memoryExceeded(needed: amount, limit: limit) }
    guard let grant = ledger.take(amount) else { throw .decoderLost(.stopped) }
    return grant
  }
}

/// What an object may take of a child's heap beyond its share, and the grant for it.
struct ObjectMemory {
  var heap = 0
  var grant: MemoryGrant?
}

/// How often a file has cost a child, or found too little memory; the second time is the last.
struct Attempts {
  private(set) var isFirst = true

  /// - Throws: What `failure` comes to when there is no further attempt.
  mutating func note(_ failure: DecoderFailure) throws(DICOMFileError) {
    switch failure {
    // A used child has less room than a fresh one.
    case .file(.outOfMemory) where isFirst: break
    case .file(let error): throw error
    case .needs: throw .outOfMemory
    case .lost(let loss): if !isFirst || loss == .stopped { throw .decoderLost(loss) }
    }
    isFirst = false
  }
}

extension DecoderProcess {
  /// Reads an answer, all of it unless it is `padded`; one that breaks a rule is the child's end.
  func decode<Value>(
    _ answer: [UInt8], padded: Bool = false, _ read: (inout WireReader) throws(WireError) -> Value
  ) throws(DecoderFailure) -> Value {
    do throws(WireError) {
      var reader = WireReader(answer)
      let value = try read(&reader)
      if !padded { try reader.finish() }
      return value
    } catch {
      throw .lost(lose(error))
    }
  }
}
