internal import ArgumentParser
internal import BatchProcessing

struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write L2-normalised image and text embeddings as safetensors.",
    discussion: """
      image_embeds [N,D] and text_embeds [M,D], F32, in input order; the sources stand in the file's metadata. \
      --tensors takes pixel_values [N,3,S,S] F32 or input_ids [M,64] I64 and skips preprocessing.
      """)

  @Option(parsing: .upToNextOption, help: "DICOM files or folders; - reads a list of paths from standard input.")
  var images: [String] = []

  @Option(help: "A text file with one prompt a line; - for standard input.")
  var texts: String?

  @Option(help: "A safetensors file with pixel_values or input_ids.")
  var tensors: String?

  @Option(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
  var model: String?

  @Option(name: .shortAndLong, help: "The safetensors file to write.")
  var output: String

  @Option(help: "\(WindowArgument.help)")
  var window = "automatic"

  @Option(help: PrecisionArgument.help)
  var precision = PrecisionArgument.fp32

  @OptionGroup var links: LinkOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var caching: CacheOptions

  func validate() throws {
    guard !images.isEmpty || texts != nil || tensors != nil else {
      throw ValidationError("nothing to embed: give --images, --texts or --tensors")
    }
    guard images.isEmpty || tensors == nil else {
      throw ValidationError("--images and --tensors both give image_embeds; give one of them")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let decoder = common.decoding.decoder(threads: images.isEmpty ? 0 : common.threadCount)
      let cache = caching.open(quiet: common.quiet)
      let setup = try ModelSetup(model: model, loading: ModelLoading(precision: precision.choice, cache: cache))
      if setup.usesDemoEncoder && !common.quiet { Console.printNotice(TriageSetup.demoNotice) }
      let request = try EmbedRequest(
        images: links.paths(images), texts: texts, tensors: tensors, output: output, window: window,
        model: setup.model, embeddings: setup.embeddings, threads: common.threadCount, decoder: decoder)
      let bar = ProgressBar(quiet: common.quiet)
      let summary = try await runUntilInterrupted(decoder) { try await EmbedRun(request).run { bar.show($0) } }
      if !common.quiet { common.decoding.reportRefusals(of: decoder) }
      cache?.reportFailure(quiet: common.quiet)
      Console.printData(common.json ? try summary.json() : summary.text)
      if summary.counts.quarantined > 0 { throw ExitCode(65) }
    }
  }
}
