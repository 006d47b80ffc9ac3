import Foundation
import TestSupport
import Testing

/// Runs that end before their time, and folders that cannot be read.
struct InterruptionTests {
  private let bucky = BuiltProduct.bucky
  private let samples = PackageRoot.path("SampleStudies/studies")

  @Test(arguments: [1, 2, 4, 7])
  func `a run killed after some studies leaves only whole results, and the next run completes them`(
    published: Int
  ) throws {
    let (killed, whole) = (try TemporaryFolder(), try TemporaryFolder())
    try bucky.run(["triage", samples, "--output", killed.path, "--threads", "1"]) {
      (try? FileManager.default.contentsOfDirectory(atPath: killed.path("studies")).count) ?? 0 >= published
    }
    _ = try bucky.run(["triage", samples, "--output", whole.path])
    let complete = try TemporaryFolder.contents(of: whole.path)
    for (name, bytes) in try TemporaryFolder.contents(of: killed.path)
    where !name.contains(".bucky-unfinished-") && name != "run.json" {
      #expect(complete[name] == bytes, "\(name) differs from that of a whole run")
    }
    _ = try bucky.run(["triage", samples, "--output", killed.path])
    var (left, right) = (try TemporaryFolder.contents(of: killed.path), complete)
    for name in ["run.json"] { (left[name], right[name]) = (nil, nil) }
    #expect(left == right)
  }

  /// Root may read everything, so the command runs as nobody where the tests run as root.
  @Test func `a folder without read permission is named, and the rest is done`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: samples, toPath: folder.path("in"))
    try folder.write("secret", to: "in/locked/image.dcm")
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
    try manager.setAttributes([.posixPermissions: 0o000], ofItemAtPath: folder.path("in/locked"))
    defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("in/locked")) }
    var arguments = ["triage", folder.path("in"), "--output", folder.path("out"), "--json", "--quiet"]
    var command = bucky
    if geteuid() == 0 {
      command = try #require(ExternalCommand("setpriv"))
      arguments = ["--reuid=65534", "--clear-groups", bucky.path] + arguments
    }
    let result = try command.run(arguments)
    #expect(result.status == 65, "\(result.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let run = try #require(object["run"] as? [String: Any])
    let quarantine = try #require(run["quarantine"] as? [[String: String]])
    #expect(quarantine.contains { $0["source"] == "locked/" && $0["reason"] == "permission-denied" })
    #expect((run["counts"] as? [String: Any])?["used"] as? Int ?? 0 > 5)
  }
}
