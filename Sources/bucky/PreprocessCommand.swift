internal import ArgumentParser
internal import BatchProcessing
internal import DICOMFiles

struct PreprocessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Turn frames into encoder inputs: tensors, PNGs and a log of every step.",
    discussion: """
      Writes tensors.safetensors (pixel_values [N,3,S,S] in -1...1), images/*.png and log.jsonl, one line for every frame \
      and every file not used. With --preset none each image keeps its own size.
      """)

  @OptionGroup var input: InputArguments
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "The folder for tensors, images and log.")
  var output: String

  @Option(
    help:
      "A pipeline file: its de-identification, selection rules, window and preset apply. Default: every frame is transformed."
  )
  var pipeline: String?

  @Option(help: "\(WindowArgument.help) Default: that of --pipeline, else automatic.")
  var window: String?

  @Option(
    help: """
      How a frame becomes a square: \(PreprocessRequest.presetNames.joined(separator: ", ")). Default: that of \
      --pipeline, else the first.
      """)
  var preset: String?

  @Option(help: "Side of the square in pixels.")
  var size = 448

  @Option(help: "What to write: png, safetensors or both.")
  var format = OutputFormat.both

  @Option(help: KeyArgument.help)
  var key: String?

  @Flag(help: "Draw contact-sheets/SERIES.png as well: every image of a series with its window beneath. Needs PNGs.")
  var contactSheet = false

  func validate() throws {
    if contactSheet, format == .safetensors {
      throw ValidationError("--contact-sheet is drawn from the PNGs; use --format png or both")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let decoder = common.decoding.decoder(threads: common.threadCount)
      let request = try PreprocessRequest(
        inputs: input.paths(), output: output, window: window, preset: preset, size: size, format: format,
        contactSheets: contactSheet, threads: common.threadCount, pipeline: pipeline, key: key,
        decoder: decoder)
      if request.usesOneTimeKey, !common.quiet { Console.printNotice(KeyArgument.oneTimeNotice) }
      let bar = ProgressBar(quiet: common.quiet)
      let summary = try await runUntilInterrupted(decoder) { try await PreprocessRun(request).run { bar.show($0) } }
      if !common.quiet { common.decoding.reportRefusals(of: decoder) }
      Console.printData(common.json ? try summary.json() : summary.text)
      if summary.counts.quarantined > 0 { throw ExitCode(65) }
    }
  }
}

extension OutputFormat: ExpressibleByArgument {}
