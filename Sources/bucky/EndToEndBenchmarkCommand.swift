internal import ArgumentParser
internal import BatchProcessing
internal import Foundation

extension BenchmarkCommand {
  struct EndToEnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "end-to-end",
      abstract: "Whole runs, with files read in decoder children and, for comparison, in this process.",
      discussion: """
        Runs triage and preprocess over the inputs in pairs, one run of a pair with children and one without, and prints \
        medians with quartiles. Results go to a temporary folder and are removed. Reading in this process exists for this \
        comparison alone.
        """)

    @OptionGroup var input: InputArguments

    @Option(help: "A checkpoint folder in Hugging Face layout. Default: the demo encoder.")
    var model: String?

    @Option(help: "Pairs of runs that are counted, after one that is not.")
    var iterations = 11

    @Option(help: "What to run: triage, preprocess; may be given twice. Default: both.")
    var work: [EndToEndBenchmark.Work] = []

    @OptionGroup var common: CommonOptions

    func validate() throws {
      guard (1...1000).contains(iterations) else {
        throw ValidationError("--iterations \(iterations): expected a number from 1 to 1000")
      }
    }

    func run() async throws {
      try await reportingErrors {
        let benchmark = try EndToEndBenchmark(
          inputs: input.paths(), model: model, works: work.isEmpty ? EndToEndBenchmark.Work.allCases : work,
          iterations: iterations, threads: common.threadCount,
          decoder: common.decoding.configuration(threads: common.threadCount))
        let bar = ProgressBar(quiet: common.quiet)
        let result = try await runUntilInterrupted(benchmark.decoder) { try await benchmark.run { bar.show($0) } }
        Console.printData(common.json ? try result.json() : result.text)
      }
    }
  }
}

extension EndToEndBenchmark.Work: ExpressibleByArgument {}

extension EndToEndBenchmarkResult {
  /// A table for people; medians, with the quartiles of the ratios.
  fileprivate var text: String {
    func padded(_ cells: [String]) -> String {
      zip(cells, [12, 8, 14, 14, 26]).map { $0 + String(repeating: " ", count: max(1, $1 - $0.count)) }.joined()
        .trimmingCharacters(in: .whitespaces)
    }
    func seconds(_ spread: Spread) -> String { String(format: "%.3f s", spread.median) }
    func ratio(_ spread: Spread) -> String {
      String(format: "%.3f (%.3f to %.3f)", spread.median, spread.lowerQuartile, spread.upperQuartile)
    }
    var lines = [padded(["WORK", "FILES", "IN PROCESS", "IN CHILDREN", "RATIO (QUARTILES)"])]
    for row in rows {
      lines.append(
        padded([row.work.rawValue, "\(row.files)", seconds(row.inProcess), seconds(row.inChildren), ratio(row.ratio)]))
      lines.append(
        padded([
          "  processor", "", seconds(row.processorInProcess), seconds(row.processorInChildren),
          ratio(row.processorRatio),
        ]))
    }
    lines.append("")
    lines.append(
      "Medians of \(iterations) pairs of runs, \(threads) thread\(threads == 1 ? "" : "s"); \(machine.processor), "
        + "\(machine.cores) cores. Processor time is user and system time of all processes.")
    lines.append(String(format: "A child is ready %.0f ms after its start.", startOfChild.median * 1000))
    return lines.joined(separator: "\n")
  }
}
