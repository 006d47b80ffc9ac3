import Foundation
import TestSupport
import Testing

/// Folders with links and with names that were made to do harm, as the command meets them.
struct InputTests {
  private let bucky = BuiltProduct.bucky
  private let folder: TemporaryFolder
  private let image: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    let path = PackageRoot.path("SampleStudies/studies/01-no-finding/IM1.dcm")
    image = [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  private func steersTerminal(_ text: String) -> Bool {
    text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) }
  }

  @Test(arguments: [["preprocess", "--size", "16"], ["triage"]])
  func `names cannot steer the terminal, break a line or name an output`(arguments: [String]) throws {
    let names = ["\u{1B}[2J\u{1B}[31mred", "two\nquarantined nothing: all is well", "\u{9B}31m", "\u{7}bell"]
    for name in names {
      try folder.write([0x44, 0x49], to: "in/\(name)/none\u{1B}c.dcm")
      try folder.write([], to: "in/\(name)/empty.dcm")
    }
    try folder.write(image, to: "in/\(names[0])/\(names[1])")
    for flags in [[], ["--json"], ["--quiet"]] {
      let result = try bucky.run(
        [arguments[0], folder.path("in"), "--output", folder.path("out")] + arguments.dropFirst() + flags)
      #expect(result.status == 65, "\(result.text)")
      #expect(!steersTerminal(result.output) && !steersTerminal(result.errors))
      #expect(!result.output.split(separator: "\n").contains { $0.hasPrefix("quarantined nothing") })
      if flags == ["--json"] {
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(result.output.utf8)) }
      }
    }
    let written = try TemporaryFolder.contents(of: folder.path("out"))
    #expect(written.count > 1)
    for name in written.keys {
      let isPlain = name.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || "0123456789.-_~/".utf8.contains($0)
      }
      #expect(isPlain, "\(name)")
    }
    // One JSON object a line, whatever the names hold.
    for line in String(decoding: written["log.jsonl"] ?? [], as: UTF8.self).split(separator: "\n") {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
  }

  @Test func `limits of the structure check are set by name, obeyed and recorded`() throws {
    try folder.write(image, to: "in/IM1")
    let arguments = ["triage", folder.path("in"), "--output", folder.path("out"), "--json"]
    let result = try bucky.run(arguments + ["--limit", "element-count=10", "--limit", "nesting-depth=8"])
    #expect(result.status == 65)
    #expect(result.errors.contains("1 file refused by the limit element-count"))
    let object = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let run = try #require(object["run"] as? [String: Any])
    let limits = try #require(run["limits"] as? [String: Int])
    #expect(limits["element_count"] == 10 && limits["nesting_depth"] == 8 && limits["frame_count"] == 1 << 20)
    let quarantine = try #require(run["quarantine"] as? [[String: String]])
    #expect(quarantine.map { $0["reason"] } == ["structure-rule"])
    for wrong in ["nesting-depth=0", "nesting-depth=65", "depth=3", "frame-size", "frame-count=x"] {
      #expect(try bucky.run(arguments + ["--limit", wrong]).status == 64, "\(wrong)")
    }
  }

  @Test func `every command follows links when it is asked to, and counts them when not`() throws {
    try folder.write(image, to: "elsewhere/IM1")
    try folder.write("note", to: "in/note.txt")
    for name in ["a", "b"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("in/" + name), withDestinationPath: "../elsewhere/IM1")
    }
    let input = folder.path("in")
    let commands = [
      ["preprocess", input, "--output", folder.path("out"), "--size", "16"],
      ["triage", input, "--output", folder.path("out")],
      ["triage", input, "--output", folder.path("out"), "--dry-run"],
      ["embed", "--images", input, "--output", folder.path("out.safetensors")],
      ["benchmark", "decode", input, "--repetitions", "1"],
    ]
    for command in commands {
      // Without the image there is no DICOM in the folder.
      #expect(try bucky.run(command).status == 66)
      for flag in ["--follow-links", "-L"] {
        let result = try bucky.run(command + [flag])
        #expect(result.status == 0, "\(command) \(result.text)")
        // The note, and the second link to the same file.
        if command[0] != "benchmark" {
          #expect(result.output.contains("1 used, 2 skipped, 0 quarantined"), "\(command) \(result.text)")
        }
      }
    }
    try folder.write(image, to: "in/IM0")
    for (flags, follows) in [([], false), (["--follow-links"], true)] as [([String], Bool)] {
      #expect(try bucky.run(["triage", input, "--output", folder.path("out")] + flags).status == 0)
      let record = try JSONSerialization.jsonObject(with: Data(folder.read("out/run.json"))) as? [String: Any]
      #expect(record?["follows_links"] as? Bool == follows)
      let reasons = (record?["skipped"] as? [[String: String]])?.map { $0["reason"] }
      // Of the two links the first is the image a second time, and the other leads to the same file.
      #expect(reasons == [follows ? "duplicate-instance" : "symbolic-link", "symbolic-link", "not-dicom"])
    }
  }

  /// Mounts need privileges, or a name space in which they are there.
  private static let canMount =
    (try? ExternalCommand("unshare")?.run(["--map-root-user", "--mount", "true"]).status) == 0

  @Test(.enabled(if: canMount, "no user name spaces here: a folder that is mounted twice goes unchecked in this run"))
  func `a folder that is mounted a second time is read once`() throws {
    try folder.write(image, to: "in/a/IM1")
    try folder.write("note", to: "in/b/under the mount")
    let command = """
      mount --bind "$1/in/a" "$1/in/b" && exec "$2" preprocess "$1/in" --output "$1/out" --size 16
      """
    let unshare = try #require(ExternalCommand("unshare"))
    let result = try unshare.run(
      ["--map-root-user", "--mount", "sh", "-c", command, "sh", folder.path, bucky.path])
    #expect(result.status == 0, "\(result.text)")
    #expect(result.output.contains("1 used, 1 skipped, 0 quarantined"))
    #expect(String(decoding: try folder.read("out/log.jsonl"), as: UTF8.self).contains("duplicate-folder"))
  }

  @Test func `a file of prompts is bounded`() throws {
    let long = try folder.write("short\n" + String(repeating: "x", count: 70_000) + "\n", to: "long.txt")
    let result = try bucky.run(["embed", "--texts", long, "--output", folder.path("out.safetensors")])
    #expect(result.status == 78)
    #expect(result.errors.contains("\(long):2: expected a prompt of at most 65536 bytes"))
    let large = try folder.write([UInt8](repeating: 0x0A, count: 16 << 20 + 1), to: "large.txt")
    let second = try bucky.run(["embed", "--texts", large, "--output", folder.path("out.safetensors")])
    #expect(second.status == 78)
    #expect(second.errors.contains("\(large): expected at most 16777216 bytes of prompts"))
  }
}
