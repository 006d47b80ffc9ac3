internal import ArgumentParser
internal import BatchProcessing
internal import DICOMFiles
internal import Foundation
internal import Reports

struct TriageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triage",
    abstract: "Rank studies by what the encoder finds, and write a report for each.",
    discussion: """
      Writes worklist.html, worklist.json, worklist.csv, studies/<Study Instance UID>/report.json, report.dcm and, where images \
      are flagged, key-objects.dcm, and run.json last. \
      Without --model the demo encoder runs, which knows phantoms only.
      """)

  @OptionGroup var input: InputArguments
  @OptionGroup var common: CommonOptions
  @OptionGroup var caching: CacheOptions

  @Option(name: .shortAndLong, help: "The folder for worklist, reports and run record.")
  var output: String

  @Option(help: "A pipeline file. Default: the shipped pipeline that fits the model.")
  var pipeline: String?

  @Option(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
  var model: String?

  @Option(help: PrecisionArgument.help)
  var precision = PrecisionArgument.fp32

  @Option(help: KeyArgument.help)
  var key: String?

  @Option(
    help: """
      The folder that remembers which reports were issued, so that a new report about a study names the one it takes the \
      place of. Name one for all output folders of a site. Default: .bucky-ledger in the output folder.
      """)
  var ledger: String?

  @Flag(help: "Keep no pictures of what the encoder was given, nor heatmaps over them; the page then has none.")
  var noPictures = false

  @Flag(help: "Read headers and show what would be scored; write nothing.")
  var dryRun = false

  func run() async throws {
    try await reportingErrors {
      let decoder = common.decoding.decoder(threads: common.threadCount)
      let cache = caching.open(quiet: common.quiet)
      let setup = try TriageSetup(
        model: model, pipeline: pipeline, loading: ModelLoading(precision: precision.choice, cache: cache))
      if setup.usesDemoEncoder && !common.quiet { Console.printNotice(TriageSetup.demoNotice) }
      let (inputs, output, threads) = (input.paths(), output, common.threadCount)
      let bar = ProgressBar(quiet: common.quiet)
      let run = TriageRun(
        inputs: inputs, output: output, configuration: setup.configuration, threads: threads, decoder: decoder,
        key: try DeidentificationKey(path: key, for: setup.configuration.pipeline, output: output),
        ledger: ledger.map { URL(filePath: $0).standardizedFileURL.path }, keepsPictures: !noPictures)
      if run.usesOneTimeKey, !common.quiet { Console.printNotice(KeyArgument.oneTimeNotice) }
      if dryRun {
        let preview = try await runUntilInterrupted(decoder) { try await run.preview { bar.show($0) } }
        Console.printData(common.json ? try preview.json() : preview.text)
        return
      }
      let result = try await runUntilInterrupted(decoder) { try await run.run { bar.show($0) } }
      if !common.quiet { common.decoding.reportRefusals(of: decoder) }
      cache?.reportFailure(quiet: common.quiet)
      if !common.quiet {
        for warning in result.record.ledgerWarnings { Console.printNotice("bucky: \(warning)") }
      }
      Console.printData(common.json ? try result.json() : result.text)
      if result.record.counts.quarantined > 0 { throw ExitCode(65) }
    }
  }
}
