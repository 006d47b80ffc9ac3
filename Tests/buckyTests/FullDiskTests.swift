import Foundation
import TestSupport
import Testing

/// What a run leaves on a file system that is full.
struct FullDiskTests {
  /// A small file system of its own needs the right to mount one.
  private static let canMount: Bool = {
    guard let unshare = ExternalCommand("unshare") else { return false }
    return (try? unshare.run(["-m", "true"]).status) == 0
  }()

  @Test(
    .enabled(if: canMount, "no right to mount: a full disk is not tried"),
    arguments: [["triage"], ["preprocess", "--size", "448"]])
  func `a full disk stops the run with 74 and nothing half-published`(command: [String]) throws {
    let folder = try TemporaryFolder()
    let unshare = try #require(ExternalCommand("unshare"))
    // The mount lives as long as the shell in its namespace, so what is there is copied out before it ends.
    let script = """
      mount -t tmpfs -o size=300k tmpfs "$1" && shift && "$@" --output "$OUT" --quiet; echo "status $?"; cp -a "$OUT/." "$COPY"
      """
    try FileManager.default.createDirectory(atPath: folder.path("disk"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder.path("copy"), withIntermediateDirectories: true)
    let arguments = [command[0], PackageRoot.path("SampleStudies/studies")] + command.dropFirst()
    let result = try unshare.run(
      ["-m", "sh", "-c", script, "sh", folder.path("disk"), BuiltProduct.bucky.path] + arguments,
      environment: ["OUT": folder.path("disk"), "COPY": folder.path("copy")])
    #expect(result.output.contains("status 74"), "\(result.text)")
    #expect(result.errors.contains("cannot write"))
    let names = try #require(FileManager.default.subpaths(atPath: folder.path("copy")))
    #expect(!names.contains { $0.contains("unfinished") || $0.hasSuffix(".partial") })
    #expect(!names.contains("run.json") && !names.contains("log.jsonl"))
    for name in names where name.hasSuffix(".json") {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(folder.read("copy/" + name))) }
    }
  }
}
