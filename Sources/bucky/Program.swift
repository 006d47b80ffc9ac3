internal import ArgumentParser
internal import DICOMFiles
internal import Dispatch
internal import Glibc

/// The start of the process: a decoder child, or a command for people.
///
/// The choice is made before anything asynchronous: that runs on threads of its own, and a process that locks itself in
/// must have none that still wants a system call.
@main
enum Program {
  static func main() {
    FreedMemory.keep()
    if DecoderService.isAsked(for: CommandLine.arguments) {
      // Without the exit handlers of the libraries, which may want calls that there are no more.
      _exit(DecoderService.run())
    }
    Task {
      await BuckyCommand.main()
      exit(0)
    }
    dispatchMain()
  }
}
