internal import ArgumentParser
internal import BatchProcessing
internal import Foundation

/// The flags that every command with work to do shares.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one machine-readable JSON object on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no notices on standard error.")
  var quiet = false

  @Option(help: "How many images are worked on at once; results do not depend on it. Default: one per core.")
  var threads: Int?

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected a number from 1 to 1024")
    }
  }
}

/// The inputs of a command: paths, or `-` for a list on standard input.
struct InputArguments: ParsableArguments {
  @Argument(help: "Files or folders; - reads a list of paths, one a line, from standard input.")
  var inputs: [String]

  /// The paths, with `-` replaced by the lines of standard input.
  func paths() -> [String] { Self.expand(inputs) }

  static func expand(_ inputs: [String]) -> [String] {
    inputs.flatMap { input in
      input == "-" ? Array(AnySequence { AnyIterator { readLine() } }).filter { !$0.isEmpty } : [input]
    }
  }
}

/// What `--window` takes.
enum WindowArgument {
  static let help = """
    A window of Windowing/ by name, or automatic, file (the image's own), file:2 (its second window), file:LUNG (the one \
    it explains so), file:lut:1 (its first VOI LUT), min-max, or series-percentile.
    """
}

/// The precision of the encoder's arithmetic.
enum PrecisionArgument: String, ExpressibleByArgument, CaseIterable {
  case auto, fp32, bf16, int8
}
