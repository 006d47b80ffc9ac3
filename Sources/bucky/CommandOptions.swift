internal import ArgumentParser
internal import BatchProcessing
internal import CacheStorage
internal import DICOMFiles
internal import Foundation
internal import Tensors

/// The flags that every command with work to do shares.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one machine-readable JSON object on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no notices on standard error.")
  var quiet = false

  @Option(help: "How many images are worked on at once; results do not depend on it. Default: one per core.")
  var threads: Int?

  @OptionGroup var decoding: DecodingOptions

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected a number from 1 to 1024")
    }
  }
}

/// What the processes that read files may use.
struct DecodingOptions: ParsableArguments {
  @Option(
    help:
      """
      MiB of memory that reading and preparing images may take, all processes together; a model comes on top. Large \
      images wait for each other; one that takes more than half of it is quarantined.
      """)
  var decoderMemory = DecoderLimits().memory >> 20

  @Option(help: "Seconds that reading one header or frame may take.")
  var decoderTimeout = DecoderLimits().clockSeconds

  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "A limit of the structure check, such as nesting-depth=16; may be given several times.",
      discussion: "\(StructureLimit.help)", valueName: "name=number"))
  var structureLimits: [StructureLimit] = []

  /// - Parameter threads: Files worked on at once.
  func configuration(threads: Int) -> DecoderConfiguration {
    var limits = DecoderLimits()
    for change in structureLimits { limits.structure.set(change.limit, to: change.value) }
    limits.memory = decoderMemory << 20
    limits.workers = threads
    limits.clockSeconds = decoderTimeout
    limits.processorSeconds = min(limits.processorSeconds, decoderTimeout)
    return DecoderConfiguration(limits: limits)
  }

  /// The processes of a run, which get ready while the rest is set up.
  ///
  /// - Parameter ahead: How many are started at once; `nil` for as many as there are threads.
  func decoder(threads: Int, ahead: Int? = nil) -> FileDecoder {
    let pool = DecoderPool(configuration(threads: threads))
    pool.start(ahead: ahead ?? threads)
    return .children(pool)
  }

  /// Says on standard error which limits refused how many files; names are in the results alone.
  func reportRefusals(of decoder: FileDecoder) {
    for (limit, count) in decoder.pool?.refusals.counts.sorted(by: { $0.key < $1.key }) ?? [] {
      let value =
        switch limit {
        case "--decoder-memory": " (\(decoderMemory) MiB in all)"
        case "--decoder-timeout": " (\(decoderTimeout) s)"
        default: ""
        }
      Console.printNotice("bucky: \(count) file\(count == 1 ? "" : "s") refused by the limit \(limit)\(value)")
    }
  }

  func validate() throws {
    if !(1024...1_048_576).contains(decoderMemory) {
      throw ValidationError("--decoder-memory \(decoderMemory): expected MiB from 1024 to 1048576")
    }
    if !(1...86_400).contains(decoderTimeout) {
      throw ValidationError("--decoder-timeout \(decoderTimeout): expected seconds from 1 to 86400")
    }
  }
}

/// What `--limit` takes.
struct StructureLimit: ExpressibleByArgument {
  let limit: PreScanLimit
  let value: Int

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let limit = PreScanLimit(rawValue: String(parts[0])), let value = Int(parts[1]),
      limit.range.contains(value)
    else { return nil }
    (self.limit, self.value) = (limit, value)
  }

  static var help: String {
    let ranges = PreScanLimit.allCases.map { limit in
      "\(limit.rawValue) \(limit.range.lowerBound) to \(limit.range.upperBound)" + (limit.unit.map { " " + $0 } ?? "")
    }
    return "Limits: " + ranges.joined(separator: ", ") + "."
  }
}

/// What becomes of symbolic links below input folders.
struct LinkOptions: ParsableArguments {
  @Flag(
    name: [.customShort("L"), .long],
    help: """
      Follow symbolic links below the input folders, also to what lies outside of them; no file is read twice. Default: \
      they are skipped and counted. An input that is a link itself is followed.
      """)
  var followLinks = false

  /// The inputs, with `-` replaced by the lines of standard input.
  func paths(_ inputs: [String]) -> InputPaths {
    InputPaths(InputArguments.expand(inputs), followsLinks: followLinks)
  }
}

/// Where a command keeps what can be computed again.
struct CacheOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder for embeddings, packed weights and verdicts.",
      discussion: "Default: BUCKY_CACHE, else bucky in XDG_CACHE_HOME, else ~/.cache/bucky."))
  var cache: String?

  @Flag(help: "Keep nothing, and use nothing that was kept.")
  var noCache = false

  func validate() throws {
    if noCache, cache != nil { throw ValidationError("--cache and --no-cache exclude each other") }
  }

  /// The folder of a command that has nothing to do without one.
  func required() throws -> CacheFolder {
    guard let path = cache ?? CacheFolder.standardPath(ProcessInfo.processInfo.environment) else {
      throw BatchError.configuration("no folder to keep anything in: give --cache, or set HOME")
    }
    do {
      return try CacheFolder(at: URL(filePath: path).standardizedFileURL.path)
    } catch {
      throw BatchError(error)
    }
  }

  /// The folder; `nil` without one, with a notice where it was meant to be there.
  func open(quiet: Bool) -> CacheFolder? {
    guard !noCache, let path = cache ?? CacheFolder.standardPath(ProcessInfo.processInfo.environment) else {
      return nil
    }
    do {
      return try CacheFolder(at: URL(filePath: path).standardizedFileURL.path)
    } catch {
      if !quiet { Console.printNotice("Working without a cache: \(error)") }
      return nil
    }
  }
}

extension CacheFolder {
  /// Says so where something could not be kept.
  func reportFailure(quiet: Bool) {
    if let failure, !quiet { Console.printNotice("Not everything was kept for the next run: \(failure)") }
  }
}

/// What `--key` means where a pipeline may de-identify.
enum KeyArgument {
  static let help: ArgumentHelp = """
    The key file that new identifiers follow from, for a pipeline that de-identifies. Default: a key for this run, then \
    thrown away.
    """
  static let oneTimeNotice = """
    bucky: no --key: new identifiers follow from a key that is thrown away after this run; nobody can relink them, and another \
    run gives others.
    """
}

/// The inputs of a command: paths, or `-` for a list on standard input.
struct InputArguments: ParsableArguments {
  @Argument(help: "Files or folders; - reads a list of paths, one a line, from standard input.")
  var inputs: [String]

  @OptionGroup var links: LinkOptions

  func paths() -> InputPaths { links.paths(inputs) }

  /// The paths, with `-` replaced by the lines of standard input.
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

  static let help: ArgumentHelp = """
    fp32; bf16; int8, once bucky model verify has passed for it; or auto, the fastest that has passed, else fp32.
    """

  /// The precision that is named; `nil` for auto.
  var fixed: Precision? { Precision(rawValue: rawValue) }

  var choice: PrecisionChoice { fixed.map(PrecisionChoice.precision) ?? .fastestVerified }
}
