internal import ArgumentParser
internal import DICOMFiles

/// The start of the process: a decoder child, or a command for people.
@main
enum Program {
  static func main() {
    DecoderService.main { await BuckyCommand.main() }
  }
}
