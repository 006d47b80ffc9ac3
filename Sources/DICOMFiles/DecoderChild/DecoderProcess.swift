internal import CSandbox
internal import Glibc

/// One decoder child, seen from its parent.
///
/// `@unchecked Sendable`: it is used by one task at a time, the one that has it from the pool; the pool's lock orders what
/// one task did before what the next does. Nothing that comes from the child is trusted: every message and every value is
/// checked against its rules, and the first that breaks one is the child's end.
final class DecoderProcess: @unchecked Sendable {
  private let process: pid_t
  private let channel: Int32
  private let memory: Int32
  private let limits: DecoderLimits
  private let plan: MemoryPlan
  private let processes: ProcessRegister
  private var sequence: UInt32 = 0
  private var ready: (locks: SandboxLocks, addressSpace: Int)?
  private var allowance = 0
  private var loss: DecoderLoss?
  private(set) var keepsTooMuch = false
  private(set) var fileCount = 0
  private(set) var byteCount = 0

  /// Starts a child and does not wait for it.
  init(_ configuration: DecoderConfiguration, _ plan: MemoryPlan, _ processes: ProcessRegister) throws(DecoderLoss) {
    (limits, self.plan, self.processes) = (configuration.limits, plan, processes)
    var (parentEnd, childEnd, memory): (Int32, Int32, Int32) = (-1, -1, -1)
    var code = unsafe csandbox_memory_create(UInt64(DecoderProtocol.memorySize), &memory)
    guard code == 0 else { throw .notStarted(errno: code) }
    code = unsafe csandbox_channel_create(&parentEnd, &childEnd)
    guard code == 0 else {
      close(memory)
      throw .notStarted(errno: code)
    }
    var process: pid_t = 0
    code = unsafe csandbox_spawn(configuration.executable, DecoderConfiguration.argument, childEnd, memory, &process)
    close(childEnd)
    guard code == 0 else {
      close(memory)
      close(parentEnd)
      throw .notStarted(errno: code)
    }
    (self.process, self.channel, self.memory) = (process, parentEnd, memory)
    processes.add(process)
    let start = DecoderRequest.start(
      parent: getpid(), heap: plan.share, largestHeap: plan.largestHeap, descriptors: limits.descriptors,
      structure: limits.structure)
    // A child that is gone already shows when its answer is waited for.
    _ = DecoderChannel.send(start.message(sequence), to: channel)
  }

  deinit {
    if loss == nil { _ = processes.reap(process, 0) }
    close(channel)
    close(memory)
  }

  /// Waits until the sandbox is closed, and says what it is made of.
  @discardableResult
  func waitUntilReady() throws(DecoderLoss) -> SandboxLocks {
    if let ready { return ready.locks }
    guard case .ready(let raw, let addressSpace) = try reply(), SandboxLocks(rawValue: raw).isSuperset(of: .required)
    else { throw lose(.invalidReply(fact: "it is not locked in")) }
    let locks = SandboxLocks(rawValue: raw)
    ready = (locks, addressSpace)
    return locks
  }

  // MARK: - Memory

  /// Allows it so many bytes of heap beyond its share.
  func allow(_ heap: Int) throws(DecoderFailure) {
    guard heap != allowance else { return }
    try lossless { () throws(DecoderLoss) in
      if let loss { throw loss }
      try waitUntilReady()
      guard let ready,
        csandbox_limit_address_space(process, UInt64(clamping: ready.addressSpace + plan.share + heap)) == 0
      else { throw lose(nil) }
    }
    allowance = heap
  }

  /// Takes back what a large object or frame was allowed beyond `heap`. A child that keeps more than its share all the
  /// same is worn out.
  func settle(_ heap: Int = 0) throws(DecoderFailure) {
    guard allowance > heap else { return }
    // The memory of a large frame is not kept for the small ones.
    _ = csandbox_memory_release(memory, UInt64(DecoderProtocol.memorySize))
    try allow(heap)
    var used: UInt64 = 0
    guard let ready, unsafe csandbox_address_space(process, &used) == 0 else { throw .lost(lose(nil)) }
    keepsTooMuch = Int(clamping: used) > ready.addressSpace + heap + plan.share / 2
  }

  // MARK: - Requests

  /// Sends a request to read a header and returns the bytes of the answer, and where the frame is that came along.
  func ask(
    _ request: DecoderRequest, passing source: SourceFile
  ) throws(DecoderFailure) -> (header: [UInt8], frame: FrameReply) {
    let (length, frame) = try exchange(request, passing: source)
    return (try read(at: 0, count: length), frame)
  }

  /// Asks for a frame of the open file.
  func askForFrame(_ index: Int, heap: Int, size: Int) throws(DecoderFailure) -> FrameReply {
    try exchange(.frame(index, heap: heap, size: size), passing: nil).frame
  }

  /// The format of the frame it answered with.
  func frameFormat() throws(DecoderFailure) -> [UInt8] {
    try read(at: DecoderProtocol.frameStart, count: DecoderProtocol.formatLength)
  }

  func frameBytes(count: Int) throws(DecoderFailure) -> [UInt8] {
    byteCount += count
    return try read(at: DecoderProtocol.bytesStart, count: count)
  }

  /// The error it answered with in place of a frame.
  func frameRefusal(length: Int) throws(DecoderFailure) -> DecoderFailure {
    try refusal(in: read(at: DecoderProtocol.frameStart, count: length))
  }

  /// Ends a child whose answer made no sense, and says so.
  func lose(_ error: WireError) -> DecoderLoss { lose(.invalidReply(fact: error.fact)) }

  /// Whether it has done its share.
  var isWornOut: Bool {
    loss != nil || keepsTooMuch || fileCount >= limits.filesPerChild || byteCount >= limits.bytesPerChild
  }

  /// Processor time used so far; 0 once it has ended.
  var processorSeconds: Double {
    var seconds = 0.0
    return unsafe csandbox_cpu_time(process, &seconds) == 0 ? seconds : 0
  }

  private func exchange(
    _ request: DecoderRequest, passing source: SourceFile?
  ) throws(DecoderFailure) -> (length: Int, frame: FrameReply) {
    try lossless { () throws(DecoderLoss) in
      if let loss { throw loss }
      try waitUntilReady()
      sequence &+= 1
      if source != nil { fileCount += 1 }
      guard csandbox_limit_cpu(process, UInt32(clamping: limits.processorSeconds)) == 0,
        DecoderChannel.send(request.message(sequence), to: channel, passing: source?.descriptor ?? -1) == 0
      else { throw lose(nil) }
    }
    switch try lossless({ () throws(DecoderLoss) in try reply() }) {
    case .answer(let length, let frame):
      byteCount += length
      return (length, frame)
    case .refusal(let length): throw try refusal(in: read(at: 0, count: length))
    case .needs(let heap): throw .needs(heap: heap)
    case .ready: throw .lost(lose(.invalidReply(fact: "it was ready before")))
    }
  }

  private func refusal(in bytes: [UInt8]) throws(DecoderFailure) -> DecoderFailure {
    do throws(WireError) {
      var reader = WireReader(bytes)
      let error = try reader.fileError()
      try reader.finish()
      return .file(error)
    } catch {
      throw .lost(lose(error))
    }
  }

  private func reply() throws(DecoderLoss) -> DecoderReply {
    let arrival = DecoderChannel.receive(
      from: channel, takesDescriptors: false, milliseconds: Int32(clamping: limits.clockSeconds * 1000))
    switch arrival {
    case .message(let message, _):
      do throws(WireError) {
        return try DecoderReply.parse(message, sequence: sequence)
      } catch {
        throw lose(error)
      }
    case .failure(ETIMEDOUT): throw lose(.clockTime(seconds: limits.clockSeconds))
    case .failure(EMSGSIZE): throw lose(.invalidReply(fact: "it has the wrong length"))
    case .failure: throw lose(nil)
    }
  }

  private func read(at offset: Int, count: Int) throws(DecoderFailure) -> [UInt8] {
    guard let bytes = SharedMemory.read(memory, offset: offset, count: count) else {
      throw .lost(lose(.invalidReply(fact: "it cannot be read")))
    }
    return bytes
  }

  private func lossless<Value>(_ body: () throws(DecoderLoss) -> Value) throws(DecoderFailure) -> Value {
    do {
      return try body()
    } catch {
      throw .lost(error)
    }
  }

  // MARK: - The end

  /// Makes sure that the child has ended. `cause` is what is known; without it, how the process ended tells.
  private func lose(_ cause: DecoderLoss?) -> DecoderLoss {
    if let loss { return loss }
    let end = processes.reap(process, cause == nil ? 2000 : 0)
    let found =
      cause
      ?? (end.signal == SIGXCPU
        ? .processorTime(seconds: limits.processorSeconds)
        : end.signal != 0 ? .signal(end.signal) : .ended(status: end.status < 0 ? nil : end.status))
    loss = found
    return found
  }
}
