internal import ArgumentParser
internal import BatchProcessing
internal import CacheStorage
internal import Foundation
internal import Tensors

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at a checkpoint, pack its layers, compare a precision with fp32.",
    subcommands: [Inspect.self, Prepare.self, Verify.self])

  struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "inspect",
      abstract: "Show what a checkpoint is: sizes, parameters, digests, warnings, and what is packed and verified.",
      discussion: "Reads every file of the checkpoint and compares it with the digest that is remembered.",
      aliases: ["info"])

    @Argument(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
    var directory: String?

    @OptionGroup var caching: CacheOptions

    @Flag(help: "Print one machine-readable JSON object on standard output.")
    var json = false

    func run() async throws {
      try await reportingErrors {
        let inspection = try ModelInspection(model: directory, cache: caching.open(quiet: json))
        Console.printData(json ? try inspection.json() : inspection.text)
      }
    }
  }

  struct Prepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prepare",
      abstract: "Pack the layers of a checkpoint into the cache, so that every later start maps them.",
      discussion:
        "Commands do this by themselves when it has not been done; so that the first night does not wait for it.")

    @OptionGroup var checkpoint: CheckpointArgument

    @Option(help: "fp32, bf16 or int8.")
    var precision = PrecisionArgument.fp32

    @Flag(help: "Read the checkpoint and what is packed again, and compare both with their digests.")
    var check = false

    @OptionGroup var caching: CacheOptions

    @Flag(help: "Print one machine-readable JSON object on standard output.")
    var json = false

    func validate() throws {
      guard precision.fixed != nil else { throw ValidationError("--precision auto: name the precision to prepare") }
      if caching.noCache { throw ValidationError("--no-cache: prepared layers are kept in the cache") }
    }

    func run() async throws {
      try await reportingErrors {
        let result = try ModelPreparation(
          model: checkpoint.directory, precision: precision.fixed ?? .fp32, cache: try caching.required(),
          rereading: check)
        Console.printData(json ? try result.json() : result.text)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Compare a precision with fp32 on your own images, and keep the verdict.",
      discussion: """
        Embeds the images that the pipeline selects in both, at least \(ModelVerification.minimumImages) of them, and \
        compares embeddings and the rankings by every finding. Passed: exit code 0, and triage accepts the precision. \
        Failed: exit code 69. --precision int8 needs a verdict that passed; bf16 is refused where it failed.
        """)

    @OptionGroup var checkpoint: CheckpointArgument

    @Option(help: "bf16 or int8.")
    var precision: PrecisionArgument

    @Option(parsing: .upToNextOption, help: "DICOM files or folders; - reads a list of paths from standard input.")
    var images: [String]

    @Option(name: .customLong("labels"), help: "A pipeline file. Default: the shipped pipeline that fits the model.")
    var pipeline: String?

    @Option(help: "How many images are compared at most, spread evenly.")
    var limit = 200

    @OptionGroup var links: LinkOptions
    @OptionGroup var common: CommonOptions
    @OptionGroup var caching: CacheOptions

    func validate() throws {
      guard precision == .bf16 || precision == .int8 else {
        throw ValidationError("--precision \(precision.rawValue): expected bf16 or int8")
      }
      guard !images.isEmpty else { throw ValidationError("--images: expected files or folders") }
      guard limit >= ModelVerification.minimumImages else {
        throw ValidationError("--limit \(limit): expected at least \(ModelVerification.minimumImages)")
      }
      if caching.noCache { throw ValidationError("--no-cache: the verdict is kept in the cache") }
    }

    func run() async throws {
      try await reportingErrors {
        let decoder = common.decoding.decoder(threads: common.threadCount)
        let verification = try ModelVerification(
          inputs: links.paths(images), model: checkpoint.directory, precision: precision.fixed ?? .bf16,
          pipeline: pipeline, limit: limit, threads: common.threadCount, decoder: decoder, cache: try caching.required()
        )
        let bar = ProgressBar(quiet: common.quiet)
        let verdict = try await runUntilInterrupted(decoder) { try await verification.run { bar.show($0) } }
        Console.printData(common.json ? try verdict.json() : verdict.text)
        if !verdict.passed { throw ExitCode(69) }
      }
    }
  }
}

/// The checkpoint that a command is about: its own argument, or `--model` as with commands that use one.
struct CheckpointArgument: ParsableArguments {
  @Argument(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
  var folder: String?

  @Option(help: "The same, as with other commands.")
  var model: String?

  var directory: String? { folder ?? model }

  func validate() throws {
    if let folder, let model { throw ValidationError("\(folder) and --model \(model): expected one checkpoint folder") }
  }
}
