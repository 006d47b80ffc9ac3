internal import DICOMCore
internal import Synchronization

/// Decoder children, lent to one task at a time.
///
/// There are as many as there are tasks at work, since a task gives its child back before the next one takes it. Waiting
/// for an answer blocks the task's thread: the tasks of a batch are as many as `--threads`, each would otherwise decode
/// on its thread itself, and a child that works keeps one core busy just as well. What a thread can be blocked for is
/// bounded by ``DecoderLimits/clockSeconds``.
package final class DecoderPool: Sendable {
  private let configuration: DecoderConfiguration
  /// A lock and no actor: it is held for taking one element off an array, and callers need not become asynchronous.
  private let idle = Mutex<[DecoderProcess]>([])

  package init(_ configuration: DecoderConfiguration) {
    self.configuration = configuration
  }

  /// Waits for a child, which stays for the first file: a machine on which none can be had shows here.
  ///
  /// - Throws: Why there is none.
  /// - Returns: What it is locked in with.
  @discardableResult
  package func start() throws(DecoderLoss) -> SandboxLocks {
    let waiting = idle.withLock { $0.popLast() }
    let child = if let waiting { waiting } else { try DecoderProcess(configuration) }
    let locks = try child.waitUntilReady()
    giveBack(child)
    return locks
  }

  /// Starts children ahead of need, without waiting for them.
  package func start(ahead count: Int) {
    for _ in 0..<count {
      // One that cannot be started now is tried again, and reported, when it is needed.
      guard let child = try? DecoderProcess(configuration) else { return }
      giveBack(child)
    }
  }

  func borrow() throws(DecoderFailure) -> DecoderProcess {
    if let child = idle.withLock({ $0.popLast() }) { return child }
    return try fresh()
  }

  func fresh() throws(DecoderFailure) -> DecoderProcess {
    do {
      return try DecoderProcess(configuration)
    } catch {
      throw .lost(error)
    }
  }

  /// Takes a child back, unless it has done its share; then it ends here.
  func giveBack(_ child: DecoderProcess) {
    guard !child.isWornOut else { return }
    idle.withLock { $0.append(child) }
  }
}

// MARK: - Files

extension DecoderPool {
  /// Classifies a file in a child.
  func classify(_ file: InputFile) -> FileClassification {
    do throws(DICOMFileError) {
      let source = try SourceFile(opening: file.path)
      return try retryingOnce { child throws(DecoderFailure) in
        let answer = try child.ask(.classify, passing: source)
        return try child.decode(answer) { reader throws(WireError) in
          try reader.classification(of: file, size: source.size)
        }
      }
    } catch {
      return .refused(InputRefusal(source: file.source, error: error), header: nil)
    }
  }

  /// Runs `body` with a child; when that is lost, once more with a fresh one that has seen no other file.
  private func retryingOnce<Value>(
    _ body: (DecoderProcess) throws(DecoderFailure) -> Value
  ) throws(DICOMFileError) -> Value {
    var lost: DecoderLoss?
    for _ in 0..<2 {
      do throws(DecoderFailure) {
        let child = try lost == nil ? borrow() : fresh()
        defer { giveBack(child) }
        return try body(child)
      } catch {
        switch error {
        case .file(let error): throw error
        case .lost(let loss): lost = loss
        }
      }
    }
    throw .decoderLost(lost ?? .ended(status: nil))
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
