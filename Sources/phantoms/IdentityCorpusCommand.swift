internal import ArgumentParser
internal import IdentityCorpus

/// Writes the files that leaks are searched for with.
struct IdentityCorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity-corpus",
    abstract: "Write DICOM files with a marker in every place that can hold identity.",
    discussion: "DIRECTORY gets in/ and markers.json, which says of every marker where it is and how it would be found."
  )

  @Argument(help: "The folder to write to.")
  var directory: String

  func run() throws {
    try IdentityCorpus().write(to: directory)
  }
}
