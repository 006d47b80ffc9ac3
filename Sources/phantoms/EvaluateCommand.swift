internal import ArgumentParser
internal import BatchProcessing
internal import Foundation
internal import Learning
internal import PhantomStudies
internal import SigLIP

/// How well an encoder ranks phantoms it has never seen, through the whole path from DICOM file to score.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Draws unseen phantoms, triages them, and prints the area under the ROC curve of each finding.",
    discussion: """
      Training uses seeds from 1000000 to 1999999, the choices about heatmaps were made on seeds from 7000000; the default \
      seeds lie outside.
      """)

  @Option(help: "How many phantoms for each way of storing.")
  var count = 600

  @Option(name: .customLong("seed"), help: "The seed of the first phantom.")
  var firstSeed: UInt64 = 9_000_000

  @Flag(help: "Print how often the peak of a heatmap lies in what was drawn, instead.")
  var heatmaps = false

  @Option(help: "A checkpoint folder. Default: the demo encoder.")
  var model: String?

  func run() async throws {
    let setup = try TriageSetup(model: model, pipeline: ShippedPipelines.phantomDemo())
    if heatmaps {
      let rows = try await HeatmapEvaluation.run(
        PhantomSet(count: count, firstSeed: firstSeed, variant: .plain), configuration: setup.configuration,
        patchSize: setup.configuration.model.configuration.vision.patchSize)
      print("\(count) phantoms, seeds from \(firstSeed), findings that are drawn and flagged:\n")
      print(HeatmapEvaluation.markdown(rows))
      return
    }
    var table = EvaluationTable(findings: FindingKind.allCases.map(\.rawValue))
    for variant in [FormVariant.plain, .monochrome1, .compressed, .lut] {
      let cases = try await PhantomTriage.run(
        PhantomSet(count: count, firstSeed: firstSeed, variant: variant), configuration: setup.configuration)
      table.add(variant.rawValue, scores: cases.map(\.scores), truth: cases.map(\.truth))
    }
    print("\(count) phantoms, seeds from \(firstSeed), each stored in four ways:\n")
    print(table.markdown)
  }
}
