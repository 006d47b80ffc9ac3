import Foundation
import TestSupport
import Testing

/// What runs write before it is a result: readable by its owner alone, beside its place, and gone when the run is.
struct UnfinishedFileTests {
  private let bucky = BuiltProduct.bucky
  private let folder: TemporaryFolder
  private let environment: [String: String]

  private static let commands: [[String]] = [
    ["triage"], ["preprocess", "--format", "both", "--contact-sheet"],
    ["deidentify", "--also", "png8", "csv", "safetensors"],
  ]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "temporary/.keep")
    environment = ["TMPDIR": folder.path("temporary")]
  }

  private func arguments(_ command: [String]) -> [String] {
    [command[0], PackageRoot.path("SampleStudies/studies"), "--output", folder.path("out"), "--threads", "1"]
      + command.dropFirst()
  }

  private var unfinished: [String] {
    let names = FileManager.default.enumerator(atPath: folder.path("out"))?.compactMap { $0 as? String } ?? []
    return names.filter { $0.contains(".bucky-unfinished-") || $0.hasSuffix(".partial") }
  }

  /// Watches a run from its start: true when it has results, and files on their way to be some.
  private func isUnderWay(_ modes: inout Set<Int>) -> Bool {
    var found = false
    for name in unfinished {
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path("out/" + name))
      // It may have got its place in between.
      guard let mode = attributes?[.posixPermissions] as? Int, unfinished.contains(name) else { continue }
      modes.insert(mode)
      found = true
    }
    let names = FileManager.default.enumerator(atPath: folder.path("out"))?.compactMap { $0 as? String } ?? []
    return found && names.contains { $0.hasSuffix(".png") || $0.hasSuffix("report.json") }
  }

  @Test("a run that is asked to stop takes its unfinished files along", arguments: commands, [SIGINT, SIGTERM])
  func stopped(command: [String], number: Int32) throws {
    var modes: Set<Int> = []
    let result = try bucky.run(arguments(command), environment: environment, signalling: number) { isUnderWay(&modes) }
    #expect(result.status == 130 && !result.wasKilled, "\(result.errors)")
    #expect(modes == [0o600])
    #expect(unfinished == [])
    #expect(!folder.exists("out/run.json") && !folder.exists("out/log.jsonl"))
    // Not a byte anywhere else.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("temporary")) == [".keep"])
  }

  @Test("what a killed run leaves is rubbish to the next one", arguments: commands)
  func killed(command: [String]) throws {
    var modes: Set<Int> = []
    // The signal may come when the last unfinished file has just got its place: then once more.
    for _ in 0..<5 {
      let result = try bucky.run(arguments(command), environment: environment) { isUnderWay(&modes) }
      #expect(result.wasKilled)
      if !unfinished.isEmpty { break }
      try FileManager.default.removeItem(atPath: folder.path("out"))
    }
    #expect(!unfinished.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("temporary")) == [".keep"])
    // A run over nothing but a document: what it does not write again must go all the same.
    let next = try bucky.run(
      [
        command[0], PackageRoot.path("SampleStudies/studies/15-hand"), "--output", folder.path("out"), "--quiet",
      ])
    #expect(next.status == 0, "\(next.errors)")
    #expect(unfinished == [])
  }

  @Test func `an embedding file is its owner's alone until it is whole, over whatever was left behind`() throws {
    let output = folder.path("out/texts.safetensors")
    try folder.write("half of an earlier one", to: "out/texts.safetensors.partial")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: folder.path("out/texts.safetensors.partial"))
    let prompts = try folder.write((1...400).map { "finding \($0)" }.joined(separator: "\n"), to: "prompts")
    let result = try bucky.run(["embed", "--texts", prompts, "--output", output, "--quiet"], environment: environment)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out")) == ["texts.safetensors"])
  }

  @Test("an embedding that is asked to stop leaves nothing", arguments: [SIGINT, SIGTERM])
  func stoppedEmbedding(number: Int32) throws {
    let prompts = try folder.write((1...20_000).map { "finding \($0)" }.joined(separator: "\n"), to: "prompts")
    var polls = 0
    let result = try bucky.run(
      ["embed", "--texts", prompts, "--output", folder.path("out/texts.safetensors"), "--quiet"],
      environment: environment, signalling: number
    ) {
      polls += 1
      return polls > 500
    }
    #expect(result.status == 130 && !result.wasKilled, "\(result.errors)")
    #expect((try? FileManager.default.contentsOfDirectory(atPath: folder.path("out"))) ?? [] == [])
  }
}
