internal import ArgumentParser
internal import DICOMFiles

/// The start of the process: a decoder child, or a command for developers.
@main
enum Program {
  static func main() {
    DecoderService.main { await PhantomsCommand.main() }
  }
}
