internal import ArgumentParser
internal import BatchProcessing
internal import Foundation

struct BenchmarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Measure how fast this machine is.",
    subcommands: [Encoder.self, Triage.self, EndToEnd.self, Decode.self])

  struct Decode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "decode",
      abstract: "Megapixels a second by transfer syntax, from file to stored values and on to the encoder input.",
      discussion:
        "One thread; medians over passes that take all transfer syntaxes in turn, here and in a decoder child. Nothing is written."
    )

    @Argument(help: "Files or folders; - reads a list of paths. Default: the sample studies.")
    var inputs: [String] = []

    @Option(help: "Passes that are counted, after one that is not.")
    var repetitions = 5

    @Option(help: "How a frame becomes a square: \(PreprocessRequest.presetNames.joined(separator: ", ")).")
    var preset = PreprocessRequest.presetNames[0]

    @Option(help: "Side of the square in pixels.")
    var size = 448

    @OptionGroup var links: LinkOptions
    @OptionGroup var decoding: DecodingOptions

    @Flag(help: "Print one machine-readable JSON object on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
      guard (1...1000).contains(repetitions) else {
        throw ValidationError("--repetitions \(repetitions): expected a number from 1 to 1000")
      }
    }

    func run() async throws {
      try await reportingErrors {
        let benchmark = try DecodeBenchmark(
          inputs: links.paths(inputs), repetitions: repetitions, preset: preset, size: size,
          decoder: decoding.configuration(threads: 1))
        let bar = ProgressBar(quiet: quiet)
        let result = try await runUntilInterrupted(benchmark.decoder) { try await benchmark.run { bar.show($0) } }
        Console.printData(json ? try result.json() : result.text)
      }
    }
  }
}

extension DecodeBenchmarkResult {
  /// A table for people; speeds in megapixels a second, medians.
  fileprivate var text: String {
    func cell(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func speed(_ speed: Speed) -> String {
      speed.median >= 100 ? "\(Int(speed.median.rounded()))" : String(format: "%.1f", speed.median)
    }
    let names = rows.map { "\($0.transferSyntax) (\($0.transferSyntaxUID))" }
    let width = names.map(\.count).max() ?? 0
    func line(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: max(0, width - name.count)) + cells.map { cell($0, 11) }.joined()
    }
    var lines = [line("TRANSFER SYNTAX", ["FRAMES", "MPIXEL", "DECODE", "IN CHILD", "TRANSFORM", "TOGETHER"])]
    for (name, row) in zip(names, rows) {
      let size = String(format: "%.1f", row.megapixels)
      lines.append(
        line(
          name,
          [
            "\(row.frames)", size, speed(row.decode), speed(row.decodeInChild), speed(row.transform),
            speed(row.together),
          ])
          + (row.failures > 0 ? "  \(row.failures) of \(row.files) files failed" : ""))
    }
    lines.append("")
    lines.append(
      "Megapixels a second, median of \(repetitions) passes on one thread; \(preset), \(self.size) px; \(machine.processor)."
    )
    lines.append(
      String(format: "In a child, decoding and transforming all of it takes %.3f times as long.", childCost.median))
    return lines.joined(separator: "\n")
  }
}
