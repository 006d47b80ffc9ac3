internal import DICOMFiles
internal import Dispatch
internal import Glibc

/// Runs `operation` in a task that Ctrl-C or SIGTERM cancels, so that a batch ends between two files. The children that
/// read for it are ended at once: nobody waits for an image that takes a minute to decode.
func runUntilInterrupted<Value: Sendable>(
  _ decoder: FileDecoder? = nil, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let task = Task { try await operation() }
  let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      // In this order, so that the file a child is lost with is not taken for a bad one.
      task.cancel()
      decoder?.pool?.stop()
    }
    source.resume()
    return source
  }
  defer { sources.forEach { $0.cancel() } }
  return try await task.value
}
