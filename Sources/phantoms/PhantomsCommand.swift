internal import ArgumentParser

/// Draws the synthetic studies that Bucky is developed, tested and demonstrated with.
struct PhantomsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantoms",
    abstract: "Draws synthetic radiographs with known findings.",
    subcommands: [
      SampleStudiesCommand.self, DrawCommand.self, TrainingSetCommand.self, EvaluateCommand.self,
      TextCandidatesCommand.self, IdentityCorpusCommand.self,
    ])
}
