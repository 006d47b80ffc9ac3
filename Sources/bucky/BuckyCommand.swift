internal import ArgumentParser
internal import BatchProcessing

struct BuckyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bucky",
    abstract: "Turns folders of DICOM studies into ranked worklists, tensors and embeddings. For research only.",
    discussion: """
      INPUT is a file, a folder (searched recursively), or - for a list of paths on standard input.
      Exit codes: 0 done; 64 usage; 65 done, but some input was quarantined; 66 no DICOM found; 69 precision not verified; 70 internal error; \
      73 and 74 output cannot be written; 75 try again; 78 configuration; 130 stopped.
      """,
    version: BuckyVersion.text,
    subcommands: [
      TriageCommand.self, PageCommand.self, DeidentifyCommand.self, PreprocessCommand.self, EmbedCommand.self,
      ModelCommand.self, BenchmarkCommand.self, DoctorCommand.self,
    ]
  )
}
