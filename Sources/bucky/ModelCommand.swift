internal import ArgumentParser
internal import BatchProcessing

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at a checkpoint.", subcommands: [Inspect.self])

  struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "inspect", abstract: "Show what a checkpoint is: sizes, parameters, digests, warnings.")

    @Argument(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
    var directory: String?

    @Flag(help: "Print one machine-readable JSON object on standard output.")
    var json = false

    func run() async throws {
      try await reportingErrors {
        let setup = try ModelSetup(model: directory)
        Console.printData(json ? try setup.json() : setup.text)
      }
    }
  }
}
