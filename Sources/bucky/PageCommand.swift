internal import ArgumentParser
internal import BatchProcessing

struct PageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract: "Write the page of a triage run again, or one without identifiers.",
    discussion: """
      RESULTS is the output folder of bucky triage. Writes worklist.html there, or with --research worklist-research.html: \
      ranks, scores and reasons without identifiers, dates and digests, and with pictures of de-identified studies alone.
      """)

  @Argument(help: "The output folder of a completed triage run.")
  var results: String

  @Flag(help: "Leave out what says whose studies they are.")
  var research = false

  @Option(help: "With --research: the key file that pseudonyms follow from. Default: studies have ranks alone.")
  var key: String?

  func validate() throws {
    if key != nil, !research { throw ValidationError("--key is for --research") }
  }

  func run() async throws {
    try await reportingErrors {
      let key = try key.map { path in try DeidentificationKey(path: path, outside: [results]) }
      Console.printData(try PageRun(results: results, isForResearch: research, key: key).run())
    }
  }
}
