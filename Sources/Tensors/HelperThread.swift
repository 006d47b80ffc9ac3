internal import CKernels
internal import Glibc

/// A thread that runs one function on another processor than its maker's, as long as there is one.
///
/// Left to itself, the kernel has been seen to keep two threads that wake one another on one processor for whole images.
///
/// Safe to share: the handle is written once, before anybody else has it, and joined once, by the team that owns the thread.
@safe
struct HelperThread: @unchecked Sendable {
  private let thread: pthread_t

  /// `nil` where the system has no thread to give; the caller then does the work alone.
  init?(_ body: @escaping @Sendable () -> Void) {
    let function = unsafe Unmanaged.passRetained(ThreadBody(body, makersProcessor: ck_current_processor()))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, function.toOpaque())
    guard status == 0 else {
      unsafe function.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits for the end of the thread.
  func join() { pthread_join(thread, nil) }
}

/// What a helper thread is started with.
private final class ThreadBody: Sendable {
  private let body: @Sendable () -> Void
  private let makersProcessor: Int32

  init(_ body: @escaping @Sendable () -> Void, makersProcessor: Int32) {
    self.body = body
    self.makersProcessor = makersProcessor
  }

  func run() {
    ck_avoid_processor(makersProcessor)
    body()
  }
}
