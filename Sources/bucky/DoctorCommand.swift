internal import ArgumentParser
internal import BatchProcessing

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show versions, processor features, shipped data, and what is missing.",
    discussion: """
      Also whether the packages of the libraries that read files have the fixes that are known for them. Exits with 0 when \
      Bucky works, also with warnings; with 78 when something is missing.
      """)

  @Option(help: "A checkpoint folder to look at as well. Default: the demo encoder.")
  var model: String?

  @OptionGroup var decoding: DecodingOptions

  @Flag(help: "Exit with 78 for warnings as well, and for what cannot be told.")
  var strict = false

  @Flag(help: "Print one machine-readable JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingErrors {
      let diagnosis = Diagnosis(model: model, decoder: decoding.configuration(threads: 1))
      Console.printData(json ? try diagnosis.json() : diagnosis.text)
      if !(strict ? diagnosis.isFlawless : diagnosis.isUsable) { throw ExitCode(78) }
    }
  }
}
