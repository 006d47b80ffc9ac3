internal import ArgumentParser
internal import BatchProcessing
internal import Foundation
internal import Tensors

extension BenchmarkCommand {
  struct Encoder: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "encoder",
      abstract:
        "Seconds an image of the vision tower, with its share of what the processor can do and the time by part.",
      discussion: """
        The median over the iterations after one that is not counted. One image on all threads, or with --throughput an \
        image on each thread. Whether a precision has been verified plays no part here.
        """)

    @Option(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
    var model: String?

    @Option(help: "fp32, bf16 or int8.")
    var precision = PrecisionArgument.fp32

    @Option(help: "Threads at work. Default: one per core.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "Measurements.")
    var iterations = 5

    @Option(help: "The instructions to use, to see what other processors would do. Default: the best of this one.")
    var instructions = KernelPath.current

    @Flag(help: "As many images at once as there are threads, each on one.")
    var throughput = false

    @Flag(help: "Print ready, then measure once for every line on standard input: to take turns with other programs.")
    var inTurns = false

    @OptionGroup var caching: CacheOptions

    @Flag(help: "Print one machine-readable JSON object on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
      guard (1...1024).contains(threads) else {
        throw ValidationError("--threads \(threads): expected a number from 1 to 1024")
      }
      guard (1...10_000).contains(iterations) else {
        throw ValidationError("--iterations \(iterations): expected a number from 1 to 10000")
      }
      guard precision.fixed != nil else { throw ValidationError("--precision auto: name the precision to measure") }
      guard instructions.isSupported else {
        throw ValidationError("--instructions \(instructions.rawValue): this processor does not have them")
      }
    }

    func run() async throws {
      try await reportingErrors {
        let cache = caching.open(quiet: quiet)
        let benchmark = try EncoderBenchmark(
          model: model,
          loading: ModelLoading(unverified: precision.fixed ?? .fp32, cache: cache, kernelPath: instructions),
          threads: threads, form: throughput ? .throughput : .latency)
        guard !inTurns else { return try takeTurns(benchmark) }
        let bar = ProgressBar(quiet: quiet)
        let (iterations, json) = (iterations, json)
        let result = try await runUntilInterrupted { try benchmark.run(iterations: iterations) { bar.show($0) } }
        Console.printData(json ? try result.json() : result.text)
      }
    }

    private func takeTurns(_ benchmark: EncoderBenchmark) throws {
      Console.printData("ready")
      while readLine() != nil { Console.printData("\(try benchmark.measure())") }
    }
  }

  struct Triage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "triage",
      abstract: "How much longer a triage run takes than its encodes alone.",
      discussion: """
        Runs triage into a temporary folder and as many encodes as it had images, in turns, and prints the median of the \
        ratios. Prompts do not count, nothing is taken from the cache of embeddings.
        """)

    @OptionGroup var input: InputArguments

    @Option(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
    var model: String?

    @Option(help: "A pipeline file. Default: the shipped pipeline that fits the model.")
    var pipeline: String?

    @Option(help: "fp32, bf16 or int8.")
    var precision = PrecisionArgument.fp32

    @Option(help: "Runs that are counted, after one that is not.")
    var repetitions = 3

    @OptionGroup var common: CommonOptions
    @OptionGroup var caching: CacheOptions

    func validate() throws {
      guard (1...1000).contains(repetitions) else {
        throw ValidationError("--repetitions \(repetitions): expected a number from 1 to 1000")
      }
      guard precision.fixed != nil else { throw ValidationError("--precision auto: name the precision to measure") }
    }

    func run() async throws {
      try await reportingErrors {
        let decoder = common.decoding.decoder(threads: common.threadCount)
        let benchmark = try TriageBenchmark(
          inputs: input.paths(), model: model, pipeline: pipeline,
          loading: ModelLoading(unverified: precision.fixed ?? .fp32, cache: caching.open(quiet: common.quiet)),
          threads: common.threadCount, repetitions: repetitions, decoder: decoder)
        let bar = ProgressBar(quiet: common.quiet)
        let result = try await runUntilInterrupted(decoder) { try await benchmark.run { bar.show($0) } }
        Console.printData(common.json ? try result.json() : result.text)
      }
    }
  }
}

extension EncoderBenchmarkResult {
  fileprivate var text: String {
    let form = form == .latency ? "one image on \(threads) threads" : "an image on each of \(threads) threads"
    var lines = [
      "\(model), \(imageSize) px, \(precision) with \(backend), \(form)",
      String(
        format: "%.3f s an image (median of %d; %.3f to %.3f), ready after %.2f s", secondsPerImage, iterations,
        shortest,
        longest, secondsToReady),
      String(format: "%.1f GFLOP an image, %.0f GFLOP/s", operationsPerImage, operationsPerSecond)
        + (ceiling.map {
          String(format: ", %.1f %% of the %.0f that the registers do", 100 * operationsPerSecond / $0, $0)
        }
          ?? ""),
    ]
    lines += parts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, seconds in
      String(format: "  %7.1f ms  %@", seconds * 1000, name)
    }
    lines.append(machine.processor)
    return lines.joined(separator: "\n")
  }
}

extension TriageBenchmarkResult {
  fileprivate var text: String {
    String(
      format: "%d images in %@ on %d threads: the run %.3f s, the encodes alone %.3f s, %.4f times as long", images,
      precision, threads, run, encodes, ratio)
  }
}

extension KernelPath: ExpressibleByArgument {}
