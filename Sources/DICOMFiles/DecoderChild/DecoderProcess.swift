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
  private var sequence: UInt32 = 0
  private var locks: SandboxLocks?
  private var loss: DecoderLoss?
  private(set) var fileCount = 0
  private(set) var byteCount = 0

  /// Starts a child and does not wait for it.
  init(_ configuration: DecoderConfiguration) throws(DecoderLoss) {
    limits = configuration.limits
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
    let start = DecoderRequest.start(
      parent: getpid(), addressSpace: limits.addressSpace, descriptors: limits.descriptors)
    // A child that is gone already shows when its answer is waited for.
    _ = DecoderChannel.send(start.message(sequence), to: channel)
  }

  deinit {
    if loss == nil { _ = csandbox_reap(process, 0) }
    close(channel)
    close(memory)
  }

  /// Waits until the sandbox is closed, and says what it is made of.
  @discardableResult
  func waitUntilReady() throws(DecoderLoss) -> SandboxLocks {
    if let locks { return locks }
    guard case .ready(let raw) = try reply(), SandboxLocks(rawValue: raw).isSuperset(of: .required) else {
      throw lose(.invalidReply(fact: "it is not locked in"))
    }
    let locks = SandboxLocks(rawValue: raw)
    self.locks = locks
    return locks
  }

  // MARK: - Requests

  /// Sends a request and returns the bytes of the answer.
  func ask(_ request: DecoderRequest, passing source: SourceFile? = nil) throws(DecoderFailure) -> [UInt8] {
    let length = try exchange(request, passing: source, limit: DecoderProtocol.headerLimit)
    return try read(count: length)
  }

  /// Asks for a frame of the open file: its format as bytes, and its bytes.
  func askForFrame(_ index: Int) throws(DecoderFailure) -> (format: [UInt8], bytes: [UInt8]) {
    let length = try exchange(.frame(index), passing: nil, limit: DecoderProtocol.memorySize)
    guard length >= DecoderProtocol.formatLength else {
      throw .lost(lose(.invalidReply(fact: "a frame has no format")))
    }
    let format = try read(count: DecoderProtocol.formatLength)
    let bytes = try read(offset: DecoderProtocol.formatLength, count: length - DecoderProtocol.formatLength)
    // The memory of a rare large frame is not kept for the small ones.
    if length > 1 << 26 { _ = csandbox_memory_release(memory, UInt64(length)) }
    return (format, bytes)
  }

  /// Ends a child whose answer made no sense, and says so.
  func lose(_ error: WireError) -> DecoderLoss { lose(.invalidReply(fact: error.fact)) }

  /// Whether it has done its share.
  var isWornOut: Bool { loss != nil || fileCount >= limits.filesPerChild || byteCount >= limits.bytesPerChild }

  private func exchange(
    _ request: DecoderRequest, passing source: SourceFile?, limit: Int
  ) throws(DecoderFailure) -> Int {
    do throws(DecoderLoss) {
      if let loss { throw loss }
      try waitUntilReady()
      sequence &+= 1
      if source != nil { fileCount += 1 }
      guard csandbox_limit_cpu(process, UInt32(clamping: limits.processorSeconds)) == 0,
        DecoderChannel.send(request.message(sequence), to: channel, passing: source?.descriptor ?? -1) == 0
      else { throw lose(nil) }
    } catch {
      throw .lost(error)
    }
    switch try lossless({ () throws(DecoderLoss) in try reply() }) {
    case .answer(let length):
      guard length <= limit else { throw .lost(lose(.invalidReply(fact: "it is longer than allowed"))) }
      byteCount += length
      return length
    case .refusal(let length):
      guard length <= 4096 else { throw .lost(lose(.invalidReply(fact: "an error is longer than allowed"))) }
      throw try refusal(in: read(count: length))
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

  private func read(offset: Int = 0, count: Int) throws(DecoderFailure) -> [UInt8] {
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
    let end = csandbox_reap(process, cause == nil ? 2000 : 0)
    let found =
      cause
      ?? (end.signal == SIGXCPU
        ? .processorTime(seconds: limits.processorSeconds)
        : end.signal != 0 ? .signal(end.signal) : .ended(status: end.status < 0 ? nil : end.status))
    loss = found
    return found
  }
}
