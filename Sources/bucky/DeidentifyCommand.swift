internal import ArgumentParser
internal import BatchProcessing
internal import Deidentification

struct DeidentifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deidentify",
    abstract: "Write copies of DICOM objects that do not say whose they are, each with its proof.",
    subcommands: [DeidentifyExportCommand.self, RelinkCommand.self, KeygenCommand.self],
    defaultSubcommand: DeidentifyExportCommand.self
  )
}

struct DeidentifyExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "De-identify every object of the inputs, or say why not (the default).",
    discussion: """
      Writes PSEUDONYM/STUDY/INSTANCE.dcm, audit.jsonl with a line for every input file, and run.json. What cannot be \
      released stays where it is; with --quarantine it is copied there. With --also, exports.jsonl lists what was made of \
      the released objects: png8 and png16 below png8/ and png16/, csv as metadata.csv and chexpert.csv, safetensors below \
      tensors/, nifti below nifti/.
      Options: \(ProfileOption.allCases.map(\.rawValue).joined(separator: ", ")); none for the Basic Profile alone.
      """)

  @OptionGroup var input: InputArguments
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "The folder for the objects, the audit and run.json.")
  var output: String

  @Option(help: "A policy file. Default: Pipelines/research-export.yaml.")
  var policy: String?

  @Option(help: "A key file of 32 bytes that its owner alone can read. Default: a key for this run, then thrown away.")
  var key: String?

  @Option(help: "A folder for copies of what cannot be released; they hold identity.")
  var quarantine: String?

  @Option(parsing: .upToNextOption, help: "Options of PS3.15 Annex E in place of those of the policy.")
  var options: [String] = []

  @Option(help: "A file of rules about burned-in text, asked before Pipelines/burned-in-regions.yaml.")
  var deviceRules: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Make these of the released objects too: \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"))
  var also: [String] = []

  @Flag(help: "Plan and count, and write nothing.")
  var dryRun = false

  func run() async throws {
    try await reportingErrors {
      let request = try DeidentifyRequest(
        inputs: input.paths(), output: output, quarantine: quarantine, policy: policy,
        options: options.isEmpty ? nil : options, key: key, deviceRules: deviceRules, threads: common.threadCount,
        // Most frames need none.
        decoder: common.decoding.decoder(threads: common.threadCount, ahead: 1), isDryRun: dryRun, also: also)
      if key == nil, !common.quiet {
        Console.printNotice(KeyArgument.oneTimeNotice)
      }
      let bar = ProgressBar(quiet: common.quiet)
      let summary = try await runUntilInterrupted { try await DeidentifyRun(request).run { bar.show($0) } }
      Console.printData(common.json ? try summary.json() : summary.text)
      if summary.counts.quarantined > 0 { throw ExitCode(65) }
    }
  }
}

struct RelinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relink",
    abstract: "Say which pseudonym, UID or audit name belongs to an original, under a key.",
    discussion: """
      Reads originals from standard input, one a line: PATIENT-ID, or ISSUER,PATIENT-ID with --with-issuer; a UID with --uids; \
      a path as the audit's input with --paths. Prints original and new value, separated by a tab. Nothing is stored anywhere: \
      what was not asked for cannot be found.
      """)

  enum Kind: String, EnumerableFlag {
    case patients, withIssuer, uids, paths
  }

  @Flag(help: "What the lines are.")
  var kind = Kind.patients

  @Option(help: "The key file of the export.")
  var key: String

  @Option(help: "The policy of the export, for the prefix of its pseudonyms. Default: Pipelines/research-export.yaml.")
  var policy: String?

  func run() async throws {
    try await reportingErrors {
      let relinking = try Relinking(key: key, policy: policy)
      while let line = readLine() {
        guard !line.isEmpty else { continue }
        let value: String =
          switch kind {
          case .patients: relinking.pseudonym(issuer: "", id: line)
          case .withIssuer: relinking.pseudonym(line: line)
          case .uids: relinking.uid(line)
          case .paths: relinking.inputName(line)
          }
        Console.printData("\(line)\t\(value)")
      }
    }
  }
}

struct KeygenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen", abstract: "Make a key file that its owner alone can read; an existing file is not replaced.")

  @Argument(help: "The file to make. Keep it apart from exports, and keep a copy: without it nothing can be relinked.")
  var file: String

  func run() async throws {
    try await reportingErrors { try DeidentificationKey.generate(at: file) }
  }
}
