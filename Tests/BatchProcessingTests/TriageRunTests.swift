import BatchProcessing
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// The main job on the shipped sample studies, with the shipped demo encoder.
struct TriageRunTests {
  private static func run(_ inputs: InputPaths, to output: String, threads: Int) async throws -> TriageResult {
    let setup = try TriageSetup(model: nil, pipeline: nil)
    return try await TriageRun(
      inputs: inputs, output: output, configuration: setup.configuration, threads: threads, decoder: .built
    )
    .run()
  }

  private static let samples = PackageRoot.path("SampleStudies")

  @Test func `one and two threads give the same bytes in every file but the timings`() async throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    _ = try await Self.run([Self.samples], to: first.path, threads: 1)
    _ = try await Self.run([Self.samples], to: second.path, threads: 2)
    var (left, right) = (try TemporaryFolder.contents(of: first.path), try TemporaryFolder.contents(of: second.path))
    let (leftRun, rightRun) = (left.removeValue(forKey: "run.json"), right.removeValue(forKey: "run.json"))
    #expect(left == right)
    #expect(
      left.keys.filter { $0.hasSuffix("report.dcm") }.count == left.keys.filter { $0.hasSuffix("report.json") }.count)
    #expect(try Self.withoutTimings(leftRun) == Self.withoutTimings(rightRun))
  }

  private static func withoutTimings(_ bytes: [UInt8]?) throws -> RunRecord {
    var record = try JSONDecoder().decode(RunRecord.self, from: Data(try #require(bytes)))
    #expect(record.timings["total"] ?? 0 > 0)
    record.timings = [:]
    return record
  }

  @Test func `every file and every study is accounted for, and every report is in the worklist`() async throws {
    let folder = try TemporaryFolder()
    let result = try await Self.run([Self.samples], to: folder.path, threads: 2)
    #expect(result.record.counts.isBalanced)
    #expect(result.record.counts.quarantined == result.record.quarantine.count)
    #expect(result.record.counts.skipped == result.record.skipped.count)
    #expect(result.worklist.studies.map(\.rank) == Array(1...result.record.counts.studies))
    for row in result.worklist.studies {
      #expect(folder.exists(row.report))
      let report = try JSONDecoder().decode(TriageReport.self, from: Data(try folder.read(row.report)))
      #expect(report.subject.studyInstanceUID == row.studyInstanceUID)
      #expect(report.status == row.status)
    }
  }

  @Test func `flagged studies come first and the rest keeps its order of arrival`() async throws {
    let folder = try TemporaryFolder()
    let rows = try await Self.run([Self.samples], to: folder.path, threads: 2).worklist.studies
    let unflagged = rows.drop { $0.priority != .none }
    #expect(unflagged.allSatisfy { $0.priority == .none })
    let arrivals = unflagged.compactMap(\.arrival)
    #expect(arrivals == arrivals.sorted())
  }

  @Test func `a second run into the same folder replaces the first`() async throws {
    let folder = try TemporaryFolder()
    _ = try await Self.run([Self.samples], to: folder.path, threads: 2)
    let before = try folder.read("worklist.json")
    try folder.write("stale", to: "worklist.csv")
    _ = try await Self.run([Self.samples], to: folder.path, threads: 2)
    #expect(try folder.read("worklist.json") == before)
    #expect(try folder.read("worklist.csv") != Array("stale".utf8))
  }

  @Test func `an output folder inside the input is not read as input`() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.samples + "/studies", toPath: folder.path("in"))
    let first = try await Self.run([folder.path("in")], to: folder.path("in/out"), threads: 2)
    let second = try await Self.run([folder.path("in")], to: folder.path("in/out"), threads: 2)
    #expect(first.record.counts == second.record.counts)
  }

  @Test func `nothing that is not there or not DICOM is mistaken for an empty worklist`() async throws {
    let folder = try TemporaryFolder()
    let missing = folder.path("nowhere")
    await #expect(throws: BatchError.inputMissing(path: missing)) {
      try await Self.run([missing], to: folder.path("out"), threads: 1)
    }
    try folder.write("notes", to: "in/readme.txt")
    await #expect(throws: BatchError.noDICOMFound) {
      try await Self.run([folder.path("in")], to: folder.path("out"), threads: 1)
    }
    #expect(!folder.exists("out"))
  }
}
