internal import Dispatch
internal import Glibc

extension DecoderService {
  /// The start of a process that may be asked to be a decoder child: serves as one, or runs the command.
  ///
  /// The choice is made before anything asynchronous: that runs on threads of its own, and a process that locks itself in
  /// must have none that still wants a system call.
  package static func main(or command: @escaping @Sendable () async -> Void) -> Never {
    FreedMemory.keep()
    if isAsked(for: CommandLine.arguments) {
      // Without the exit handlers of the libraries, which may want calls that there are no more.
      _exit(run())
    }
    Task {
      await command()
      exit(0)
    }
    dispatchMain()
  }
}
