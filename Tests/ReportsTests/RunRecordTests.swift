import DICOMCore
import Foundation
import Reports
import Testing

struct RunRecordTests {
  private static func record(timings: [String: Double] = ["total": 1.25]) -> RunRecord {
    let reports = [
      ReportSamples.completeFlagged, ReportSamples.completeUnflagged, ReportSamples.partial, ReportSamples.failed,
      ReportSamples.noAssist(.policy), ReportSamples.noAssist(.deadline), ReportSamples.noAssist(.policy),
    ]
    return RunRecord(
      versions: .init(bucky: "0.1.0", dcmtk: "3.6.7"),
      digests: .init(
        model: ReportSamples.digest("m"), tokenizer: nil, labelSet: ReportSamples.digest("l"), windows: nil,
        pipeline: ReportSamples.digest("p")),
      counts: .init(used: 7, skipped: 2, quarantined: 1, reports: reports.map(\.report)),
      limits: ["memory_bytes": 1 << 32],
      timings: timings,
      quarantine: [.init(source: "z.dcm", reason: "truncated", detail: "ends in (7FE0,0010)")],
      skipped: [
        .init(source: "notes.txt", reason: "not-dicom", detail: ""),
        .init(source: "a/DICOMDIR", reason: "dicomdir", detail: ""),
      ])
  }

  @Test func `every file and every study is counted once`() {
    let counts = Self.record().counts
    #expect(counts.files == 10 && counts.studies == 7)
    #expect(counts.complete == 2 && counts.partial == 1 && counts.failed == 1 && counts.noAssist == 3)
    #expect(counts.flagged == 2)
    #expect(counts.noAssistReasons == ["policy": 2, "deadline": 1, "decode-error": 1])
    #expect(counts.isBalanced)
    var wrong = counts
    wrong.files += 1
    #expect(!wrong.isBalanced)
    wrong = counts
    wrong.partial += 1
    #expect(!wrong.isBalanced)
  }

  @Test func `the JSON has the members of run.json, refused files sorted by source`() throws {
    let record = Self.record()
    let bytes = try record.json()
    #expect(try JSONDecoder().decode(RunRecord.self, from: Data(bytes)) == record)
    let object = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "counts", "digests", "disclaimer", "follows_links", "ledger_warnings", "limits", "quarantine", "schema",
        "skipped", "timings",
        "versions",
      ])
    #expect(record.skipped.map(\.source) == ["a/DICOMDIR", "notes.txt"])
    let counts = try #require(object["counts"] as? [String: Any])
    #expect(counts["no_assist"] as? Int == 3 && counts["quarantined"] as? Int == 1)
  }

  @Test func `only the timings tell two runs apart`() throws {
    var other = Self.record(timings: ["total": 9, "encode": 8.5])
    #expect(try other.json() != Self.record().json())
    other.timings = Self.record().timings
    #expect(try other.json() == Self.record().json())
  }
}
