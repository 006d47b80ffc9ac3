import Foundation
import TestSupport
import Testing

/// Packing, comparing and timing a model as a user does it.
struct ModelCommandTests {
  private let bucky = BuiltProduct.bucky
  private let folder: TemporaryFolder
  private let samples = PackageRoot.path("SampleStudies/studies")

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String]) throws -> ExternalCommand.Result {
    try bucky.run(arguments, environment: ["BUCKY_CACHE": folder.path("cache")])
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `prepare packs once, and info shows it`() throws {
    let first = try run(["model", "prepare", "--precision", "int8", "--json"])
    #expect(first.status == 0)
    let files = try #require(try object(first.output)["files"] as? [[String: Any]])
    #expect(files.count == 2)
    let packed = try TemporaryFolder.contents(of: folder.path("cache/prepared"))
    #expect(try run(["model", "prepare", "--precision", "int8", "--check"]).status == 0)
    #expect(try TemporaryFolder.contents(of: folder.path("cache/prepared")) == packed)
    let info = try run(["model", "info"])
    #expect(info.status == 0)
    for name in packed.keys { #expect(info.output.contains(name)) }
  }

  @Test func `int8 is refused with what to do, and embeddings say how they were computed`() throws {
    let refused = try run(["embed", "--images", samples, "--output", folder.path("x"), "--precision", "int8"])
    #expect(refused.status == 69)
    #expect(refused.errors.contains("bucky model verify"))
    let embedded = try run(
      ["embed", "--images", samples, "--output", folder.path("x"), "--precision", "bf16", "--quiet"])
    #expect(embedded.status == 65)
    let header = String(decoding: try folder.read("x").prefix(4096), as: UTF8.self)
    #expect(header.contains("\"precision\":\"bf16\"") && header.contains("\"backend\""))
  }

  @Test func `verify wants enough images`() throws {
    let result = try run(["model", "verify", "--precision", "int8", "--images", samples, "--quiet"])
    #expect(result.status == 66)
    #expect(result.errors.contains("13 images"))
  }

  @Test(arguments: [["--throughput"], []])
  func `the encoder benchmark prints what it measured`(form: [String]) throws {
    let result = try run(
      ["benchmark", "encoder", "--precision", "bf16", "--threads", "2", "--iterations", "3", "--json"] + form)
    #expect(result.status == 0)
    let values = try object(result.output)
    let (median, shortest) = (
      try #require(values["seconds_per_image"] as? Double), try #require(values["seconds_shortest"] as? Double)
    )
    #expect(shortest > 0 && median >= shortest)
    let speed = try #require(values["gflop_per_second"] as? Double)
    let work = try #require(values["gflop_per_image"] as? Double)
    #expect(abs(speed - work / median) < 1e-6 * speed)
    let parts = try #require(values["parts"] as? [String: Double])
    #expect(parts.count > 8 && parts.values.reduce(0, +) < 2 * median)
    if let share = values["share_of_ceiling"] as? Double { #expect(share > 0 && share < 1.1) }
  }

  @Test func `the encoder takes turns with other programs`() throws {
    let result = try bucky.run(
      ["benchmark", "encoder", "--threads", "1", "--in-turns", "--no-cache"], input: "\n\n")
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "ready" && lines.count == 3)
    #expect(lines.dropFirst().allSatisfy { (Double($0) ?? 0) > 0 })
  }

  @Test func `a run is compared with its encodes`() throws {
    let result = try run(["benchmark", "triage", samples, "--repetitions", "1", "--json", "--threads", "2"])
    let values = try object(result.output)
    #expect(values["images"] as? Int == 13)
    #expect((values["ratio"] as? Double ?? 0) > 0)
  }

  @Test func `a second triage takes its embeddings from the cache, and none without one`() throws {
    let arguments = ["triage", samples, "--output", folder.path("out"), "--quiet"]
    #expect(try run(arguments).output.contains("13 images encoded, 0 from the cache"))
    #expect(try run(arguments).output.contains("0 images encoded, 13 from the cache"))
    #expect(try run(arguments + ["--no-cache"]).output.contains("13 images encoded, 0 from the cache"))
  }

  @Test func `a cache that cannot be used is said, and the run goes on`() throws {
    try folder.write("a file", to: "cache")
    let result = try run(["triage", samples, "--output", folder.path("out")])
    #expect(result.status == 65)
    #expect(result.errors.contains("Working without a cache"))
  }
}
