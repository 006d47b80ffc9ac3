internal import ArgumentParser
internal import BatchProcessing

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show versions, processor features, shipped data, and what is missing.")

  @Option(help: "A checkpoint folder to look at as well. Default: the demo encoder.")
  var model: String?

  @OptionGroup var decoding: DecodingOptions

  @Flag(help: "Print one machine-readable JSON object on standard output.")
  var json = false

  func run() async throws {
    try await reportingErrors {
      let diagnosis = Diagnosis(model: model, decoder: decoding.configuration(threads: 1))
      Console.printData(json ? try diagnosis.json() : diagnosis.text)
      if !diagnosis.isHealthy { throw ExitCode(78) }
    }
  }
}
