import DICOMCore
import Foundation
import TestSupport
import Testing

/// Hostile files among good ones, through the program itself: the good ones are done, each bad one has its reason, and all
/// processes together stay within the memory they were given.
@Suite(.serialized)
struct HostileFolderTests {
  private let folder: TemporaryFolder
  private let bucky = BuiltProduct.bucky

  init() throws { folder = try TemporaryFolder() }

  /// Runs with the peak of the memory of all processes, in bytes.
  private func watched(_ arguments: [String], seconds: Double = 900) throws -> (ExternalCommand.Result, peak: Int) {
    var peak = 0
    let result = try bucky.run(arguments, seconds: seconds) { peak = max(peak, ProcessMemory.ofTree($0)) }
    return (result, peak)
  }

  /// The lines of a log by file, relative to the folder of inputs.
  private func log(_ output: String) throws -> [String: [(outcome: String, text: String)]] {
    var lines: [String: [(outcome: String, text: String)]] = [:]
    for line in String(decoding: try folder.read("\(output)/log.jsonl"), as: UTF8.self).split(separator: "\n") {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let source = try #require(object["source"] as? String)
      let text = "\(object["reason"] as? String ?? "") \(object["detail"] as? String ?? "")"
      lines[source, default: []].append((try #require(object["outcome"] as? String), text))
    }
    return lines
  }

  private func copySamples() throws {
    try FileManager.default.createDirectory(atPath: folder.path("in"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: PackageRoot.path("SampleStudies/studies"), toPath: folder.path("in/samples"))
  }

  private func preprocess(memory: Int) -> [String] {
    [
      "preprocess", folder.path("in"), "--output", folder.path("out"), "--threads", "2", "--size", "224",
      "--decoder-memory", "\(memory)", "--decoder-timeout", "20",
    ]
  }

  @Test func `good studies are transformed, bad files named, and memory is bounded, whatever lies beside them`() throws
  {
    let memory = 1536
    try copySamples()
    _ = try bucky.run(["preprocess", folder.path("in"), "--output", folder.path("alone"), "--size", "224"])
    let alone = try log("alone")
    var hostile = HostileObjects(folder)
    try hostile.addThreats()
    try hostile.addCostly()
    if let corpus = SharedData.path("dicom-corpus") {
      try FileManager.default.copyItem(atPath: corpus, toPath: folder.path("in/corpus"))
    }
    let (result, peak) = try watched(preprocess(memory: memory))
    #expect(result.status == 65, "\(result.errors)")
    #expect(peak < memory << 20 + memory << 20 / 10, "\(peak >> 20) MiB")
    print("peak memory of all processes: \(peak >> 20) MiB of \(memory) MiB")
    // The large frames were seen at all.
    #expect(peak > 300 << 20, "\(peak >> 20) MiB")
    let lines = try log("out")
    for (name, expected) in hostile.expected {
      let found = try #require(lines[name], "\(name) is not in the log")
      #expect(
        found.allSatisfy {
          $0.outcome == expected.outcome && (expected.reason.isEmpty || $0.text.contains(expected.reason))
        },
        "\(name): \(found.first?.outcome ?? "") \(found.first?.text ?? "")")
    }
    for (name, found) in alone {
      #expect(lines[name]?.map(\.outcome) == found.map(\.outcome), "\(name)")
    }
    for (name, found) in lines where found.contains(where: { $0.outcome != "used" }) {
      #expect(found.allSatisfy { $0.outcome == "used" || $0.text.count > 3 }, "\(name) has no reason")
    }
    for limit in ["--decoder-memory (1536 MiB in all)", "--decoder-timeout (20 s)", "nesting-depth", "frame-size"] {
      #expect(result.errors.contains("refused by the limit \(limit)"), "\(limit): \(result.errors)")
    }
  }

  @Test func `triage ranks the good studies beside the threats, and records the limits`() throws {
    try copySamples()
    let whole = try bucky.run(["triage", folder.path("in"), "--output", folder.path("alone"), "--json", "--quiet"])
    var hostile = HostileObjects(folder)
    try hostile.addThreats()
    let (result, peak) = try watched([
      "triage", folder.path("in"), "--output", folder.path("out"), "--json", "--threads", "2", "--decoder-timeout", "3",
    ])
    #expect(result.status == 65)
    #expect(peak < 1 << 30)
    func run(_ text: String) throws -> [String: Any] {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      return try #require(object["run"] as? [String: Any])
    }
    let (before, after) = (try run(whole.output), try run(result.output))
    let used = { (run: [String: Any]) in (run["counts"] as? [String: Any])?["used"] as? Int }
    #expect(used(after) == used(before) && used(after) ?? 0 > 5)
    let quarantine = try #require(after["quarantine"] as? [[String: String]])
    for (name, expected) in hostile.expected {
      let file = try #require(quarantine.first { $0["source"] == name }, "\(name)")
      let text = "\(file["reason"] ?? "") \(file["detail"] ?? "")"
      #expect(text.contains(expected.reason), "\(name): \(text)")
    }
    let limits = try #require(after["limits"] as? [String: Int])
    #expect(limits["memory_bytes"] == 4 << 30 && limits["frame_bytes"] == 1 << 29 && limits["clock_seconds"] == 3)
  }

  @Test("a child that is killed or stopped by hand costs no file", arguments: [SIGKILL, SIGSTOP])
  func signals(number: Int32) throws {
    try copySamples()
    _ = try bucky.run(["preprocess", folder.path("in"), "--output", folder.path("alone"), "--size", "64"])
    var victim: pid_t?
    let result = try bucky.run(
      [
        "preprocess", folder.path("in"), "--output", folder.path("out"), "--size", "64", "--threads", "1",
        "--decoder-timeout", "2",
      ], seconds: 300
    ) { process in
      guard victim == nil, let child = ProcessMemory.lockedChildren(of: process).first else { return }
      victim = child
      kill(child, number)
    }
    #expect(victim != nil && result.status == 65)
    #expect(try TemporaryFolder.contents(of: folder.path("out")) == TemporaryFolder.contents(of: folder.path("alone")))
  }

  @Test("a run that is stopped while children decode ends at once", arguments: ["preprocess", "triage"])
  func interruption(command: String) throws {
    try folder.write(HostileObjects.endlessJPEG, to: "in/endless")
    try FileManager.default.copyItem(
      atPath: PackageRoot.path("SampleStudies/studies"), toPath: folder.path("in/samples"))
    var (asked, ended) = (ContinuousClock.Instant?.none, ContinuousClock.now)
    let result = try bucky.run(
      [command, folder.path("in"), "--output", folder.path("out"), "--threads", "2"], seconds: 120
    ) { process in
      ended = .now
      let isTime =
        command == "triage"
        ? folder.exists("out/studies") : ProcessMemory.lockedChildren(of: process).contains { isBusy($0) }
      guard asked == nil, isTime else { return }
      asked = .now
      kill(process, SIGINT)
    }
    let time = ended - (try #require(asked))
    #expect(result.status == 130, "\(result.errors)")
    // Far less than the 30 s and 60 s that a child may take.
    #expect(time < .seconds(20), "\(time)")
    for name in ["log.jsonl", "tensors.safetensors", "run.json", "worklist.json"] {
      #expect(!folder.exists("out/\(name)"), "\(name)")
    }
    for name in try TemporaryFolder.contents(of: folder.path).keys where name.hasSuffix("report.json") {
      #expect(folder.exists(name.replacingOccurrences(of: "report.json", with: "report.dcm")))
    }
  }

  /// Whether a child has used half a second of processor time.
  private func isBusy(_ process: pid_t) -> Bool {
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return false }
    return user + system > 50
  }
}
