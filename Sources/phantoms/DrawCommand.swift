internal import ArgumentParser
internal import Foundation
internal import PhantomStudies

/// Draws random phantoms as DICOM files.
struct DrawCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draws random chest phantoms as DICOM files with a ground-truth table.")

  @Option(help: "How many phantoms to draw.")
  var count = 10

  @Option(name: .customLong("seed"), help: "The seed of the first phantom; the others follow it.")
  var firstSeed: UInt64 = 1

  @Option(help: "How the phantoms are stored: \(FormVariant.allCases.map(\.rawValue).joined(separator: ", ")).")
  var variant = FormVariant.plain

  @Option(help: "The directory to write to; it is made where it does not exist.")
  var output: String

  func run() async throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let rows = try await PhantomSet(count: count, firstSeed: firstSeed, variant: variant).write(to: output)
    let table = rows.map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(table.utf8).write(to: URL(fileURLWithPath: output).appendingPathComponent("ground-truth.csv"))
  }
}

extension FormVariant: ExpressibleByArgument {}
