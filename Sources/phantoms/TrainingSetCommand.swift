internal import ArgumentParser
internal import Foundation
internal import PhantomStudies

/// Writes what `SampleStudies/demo-encoder/recipe` learns from.
struct TrainingSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-set",
    abstract: "Draws phantoms as encoder images, with their truth.",
    discussion: """
      Writes images.u8 [count, size, size], coverage.u8 [count, 6, grid, grid] and ground-truth.csv. Phantom i has the \
      seed FIRST + i; the bytes do not depend on the number of cores.
      """)

  @Option(help: "How many phantoms to draw.")
  var count = 1000

  @Option(name: .customLong("seed"), help: "The seed of the first phantom.")
  var firstSeed: UInt64 = 1

  @Option(help: "Rows and columns of an encoder image.")
  var size = 160

  @Option(help: "Rows and columns of a coverage raster.")
  var grid = 20

  @Flag(help: "Leave the calcium out of the nodules.")
  var plainNodules = false

  @Option(help: "The directory to write to; it is made where it does not exist.")
  var output: String

  func run() async throws {
    let directory = URL(fileURLWithPath: output, isDirectory: true)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let images = try Self.emptyFile(directory.appendingPathComponent("images.u8"))
    let coverage = try Self.emptyFile(directory.appendingPathComponent("coverage.u8"))
    var table = GroundTruth.columns.joined(separator: ",") + "\n"
    for start in stride(from: 0, to: count, by: 256) {
      let examples = await TrainingExample.draw(
        firstSeed: firstSeed + UInt64(start), count: min(256, count - start), size: size, grid: grid,
        plainNodules: plainNodules)
      for example in examples {
        try images.write(contentsOf: Data(example.image))
        try coverage.write(contentsOf: Data(example.coverage))
        table += example.truth.fields.joined(separator: ",") + "\n"
      }
    }
    try images.close()
    try coverage.close()
    try Data(table.utf8).write(to: directory.appendingPathComponent("ground-truth.csv"))
  }

  private static func emptyFile(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}
