internal import ArgumentParser
internal import DICOMFiles
internal import Glibc

/// What Bucky starts of itself to read files with; of no use to people.
struct DecoderChildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: DecoderConfiguration.argument, abstract: "Reads files for another process of Bucky.",
    shouldDisplay: false)

  func run() {
    // Without the exit handlers of the libraries: they may want system calls that there are no more.
    _exit(DecoderService.run())
  }
}
