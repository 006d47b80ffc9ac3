import Foundation
import TestSupport
import Testing

/// The command as a user runs it: what it prints, what it writes, and how it exits.
struct CommandTests {
  private let bucky = BuiltProduct.bucky
  private let folder: TemporaryFolder
  private let samples = PackageRoot.path("SampleStudies")

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `triage prints the ranked worklist and where the results lie`() throws {
    let result = try bucky.run(["triage", samples, "--output", folder.path("out")])
    #expect(result.status == 65)
    #expect(result.output.contains("RANK"))
    #expect(result.output.contains("Research use only"))
    #expect(result.output.contains("quarantined"))
    #expect(result.output.contains(folder.path("out")))
    #expect(result.errors.contains("demo encoder"))
    for file in ["worklist.html", "worklist.json", "worklist.csv", "run.json"] { #expect(folder.exists("out/" + file)) }
  }

  @Test func `page writes the page of a run again, and one without identifiers`() throws {
    _ = try bucky.run(["triage", samples, "--output", folder.path("out"), "--quiet"])
    let first = try folder.read("out/worklist.html")
    let result = try bucky.run(["page", folder.path("out")])
    #expect(result.status == 0 && result.output == folder.path("out/worklist.html") + "\n")
    #expect(try folder.read("out/worklist.html") == first)
    #expect(try bucky.run(["page", folder.path("out"), "--research"]).status == 0)
    #expect(folder.exists("out/worklist-research.html"))
    #expect(try bucky.run(["page", samples]).status == 66)
    #expect(try bucky.run(["page", folder.path("out"), "--key", "/nowhere"]).status == 64)
  }

  @Test func `no name of a patient is printed`() throws {
    let result = try bucky.run(["triage", samples, "--output", folder.path("out")])
    #expect(!(result.output + result.errors).contains("Phantom^"))
  }

  @Test func `quiet prints nothing on standard error, and json one object on standard output`() throws {
    let result = try bucky.run(["triage", samples, "--output", folder.path("out"), "--quiet", "--json"])
    #expect(result.errors.isEmpty)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["output", "run", "worklist"])
  }

  @Test func `a dry run shows the studies and writes nothing`() throws {
    let result = try bucky.run(["triage", samples, "--output", folder.path("out"), "--dry-run"])
    #expect(result.status == 0)
    #expect(result.output.contains("nothing was written"))
    #expect(!folder.exists("out"))
  }

  @Test func `paths can come from standard input`() throws {
    let result = try bucky.run(["triage", "-", "--output", folder.path("out"), "--dry-run"], input: samples + "\n")
    #expect(result.status == 0)
  }

  @Test(arguments: [
    (["triage", "/nowhere/at/all", "--output", "OUT"], Int32(66), "no file or folder at /nowhere/at/all"),
    (["triage", "SAMPLES"], 64, "--output"),
    (["triage", "SAMPLES", "--output", "/proc/nothing/here"], 73, "cannot create /proc/nothing"),
    (["triage", "SAMPLES", "--output", "OUT", "--precision", "int8"], 69, "has not been compared with fp32"),
    (["triage", "SAMPLES", "--output", "OUT", "--cache", "/c", "--no-cache"], 64, "exclude each other"),
    (["model", "verify", "--precision", "fp32", "--images", "SAMPLES"], 64, "expected bf16 or int8"),
    (["benchmark", "encoder", "--precision", "auto"], 64, "name the precision"),
    (["triage", "SAMPLES", "--output", "OUT", "--model", "/nowhere"], 78, "/nowhere"),
    (["triage", "SAMPLES", "--output", "OUT", "--threads", "0"], 64, "--threads 0"),
    (["preprocess", "SAMPLES", "--output", "OUT", "--window", "bone"], 78, "there is no window bone"),
    (["preprocess", "SAMPLES", "--output", "OUT", "--preset", "nice"], 78, "tf-bilinear-padded"),
    (["preprocess", "SAMPLES", "--output", "OUT", "--preset", "nice"], 78, "hf-fast"),
    (
      ["preprocess", "SAMPLES", "--output", "OUT", "--preset", "google-container", "--window", "file"], 78,
      "windows of its own"
    ),
    (["embed", "--output", "OUT/x.safetensors"], 64, "nothing to embed"),
    (["preprocess", "SAMPLES", "--output", "OUT", "--contact-sheet", "--format", "safetensors"], 64, "PNGs"),
    (["benchmark", "decode", "--repetitions", "0"], 64, "--repetitions 0"),
    (["benchmark", "end-to-end", "SAMPLES", "--iterations", "0"], 64, "--iterations 0"),
    (["benchmark", "end-to-end", "/nowhere/at/all"], 66, "no file or folder at /nowhere/at/all"),
    (["triage", "SAMPLES", "--output", "OUT", "--decoder-memory", "512"], 64, "--decoder-memory 512"),
    (["benchmark", "decode", "/nowhere/at/all"], 66, "no file or folder at /nowhere/at/all"),
    (["frobnicate"], 64, "frobnicate"),
  ])
  func `a mistake is told with its place and exits with the code of its kind`(
    arguments: [String], status: Int32, text: String
  ) throws {
    let filled = arguments.map {
      $0.replacingOccurrences(of: "SAMPLES", with: samples).replacingOccurrences(of: "OUT", with: folder.path("out"))
    }
    let result = try bucky.run(filled)
    #expect(result.status == status)
    #expect(result.errors.contains(text))
  }

  @Test func `a mistake in a pipeline is placed by file, line and column`() throws {
    let pipeline = try folder.write("schema: bucky-pipeline/1\nid: mine\nlabel: x.yaml\n", to: "mine.yaml")
    let result = try bucky.run(["triage", samples, "--output", folder.path("out"), "--pipeline", pipeline])
    #expect(result.status == 78)
    #expect(result.errors.contains("\(pipeline):3:1:"))
    #expect(result.errors.contains("did you mean labels?"))
  }

  @Test func `doctor finds everything that ships`() throws {
    let result = try bucky.run(["doctor"])
    #expect(result.status == 0, "\(result.output)")
    for word in ["DCMTK", "pipelines", "demo encoder", "package of zlib"] {
      #expect(result.output.contains(word))
    }
  }

  @Test func `doctor says with its exit code what its JSON says`() throws {
    let result = try bucky.run(["doctor", "--json"])
    #expect(result.status == 0)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let levels = try #require(object["checks"] as? [[String: String]]).map { $0["level"] }
    #expect(levels.count > 10 && !levels.contains("missing"))
    let isFlawless = levels.allSatisfy { $0 == "good" }
    #expect(try bucky.run(["doctor", "--strict"]).status == (isFlawless ? 0 : 78))
    #expect(try bucky.run(["doctor", "--model", "/nowhere"]).status == 78)
  }

  @Test func `model inspect tells sizes and digests`() throws {
    let result = try bucky.run(["model", "inspect", samples + "/demo-encoder", "--json"])
    #expect(result.status == 0)
    let summary = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(summary["architecture"] as? String == "SigLIP")
    #expect((summary["files"] as? [Any])?.count == 3)
  }

  @Test func `prompts can come from standard input`() throws {
    let result = try bucky.run(["embed", "--texts", "-", "--output", folder.path("t.safetensors")], input: "a\nb\n")
    #expect(result.status == 0, "\(result.text)")
    let header = String(decoding: try folder.read("t.safetensors").dropFirst(8).prefix(1024), as: UTF8.self)
    #expect(header.contains("\"text_embeds\":{\"dtype\":\"F32\",\"shape\":[2,"))
  }

  @Test func `embed writes unit vectors for images and prompts in input order`() throws {
    let prompts = try folder.write("pneumothorax\nno pneumothorax\n", to: "prompts.txt")
    let result = try bucky.run([
      "embed", "--images", samples + "/studies", "--texts", prompts, "--output", folder.path("out.safetensors"),
      "--quiet",
    ])
    #expect(result.status == 65)
    let bytes = try folder.read("out.safetensors")
    let header = String(decoding: bytes.dropFirst(8).prefix(4096), as: UTF8.self)
    #expect(header.contains("\"image_embeds\""))
    #expect(header.contains("\"text_embeds\":{\"dtype\":\"F32\",\"shape\":[2,"))
    #expect(header.contains("text_sources"))
  }
}
