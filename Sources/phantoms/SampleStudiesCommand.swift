internal import ArgumentParser
internal import PhantomStudies

/// Draws the studies that ship with Bucky.
struct SampleStudiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample-studies",
    abstract: "Draws the sample studies anew: the same bytes as those in the repository.")

  @Option(help: "The directory that gets studies/ and ground-truth.csv.")
  var output = "SampleStudies"

  func run() throws {
    try SampleStudies.write(to: output)
  }
}
