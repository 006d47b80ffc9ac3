import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// What a report is called, and what it takes the place of, from run to run: one study, scored again and again.
struct ReportRevisionTests {
  let folder: TemporaryFolder
  static let study = "10-left-pneumothorax-two-images"

  init() throws {
    folder = try TemporaryFolder()
    try write(pipeline: { $0 }, labels: { $0 })
    try copyImages(1)
  }

  // MARK: Same job, same bytes

  @Test func `the same job gives the same bytes, in the same folder and in another one`() async throws {
    let first = try await triage("a")
    let again = try await triage("a")
    let elsewhere = try await triage("b")
    #expect(first.files == again.files && first.files == elsewhere.files)
    #expect(first.documents == ["key-objects.dcm", "report.dcm", "report.json", "summary.dcm"])
    #expect(first.report.supersedes == nil && first.predecessor == nil)
    #expect(again.warnings.isEmpty && elsewhere.warnings.isEmpty)
  }

  static let changes: [(name: String, change: @Sendable (ReportRevisionTests) throws -> Void)] = [
    ("an image more", { try $0.copyImages(2) }),
    ("a prompt", { try $0.write(pipeline: { $0 }, labels: { $0.replacing("no pneumothorax", with: "no air") }) }),
    ("a threshold", { try $0.write(pipeline: { $0 }, labels: { $0.replacing("value: 0.5", with: "value: 0.45") }) }),
    (
      "the window",
      { try $0.write(pipeline: { $0.replacing("window: automatic", with: "window: min-max") }, labels: { $0 }) }
    ),
    (
      "the version of the pipeline",
      { try $0.write(pipeline: { $0.replacing("1.0.0", with: "1.0.1") }, labels: { $0 }) }
    ),
    ("the model", { try $0.changeModel() }),
    ("a name in the header", { try $0.rename() }),
  ]

  @Test(arguments: changes.indices)
  func `whatever changes, the new report has a UID of its own and names the one it takes the place of`(
    index: Int
  ) async throws {
    let (name, change) = Self.changes[index]
    let first = try await triage("a")
    try change(self)
    let second = try await triage("a")
    #expect(second.report.reportID != first.report.reportID, "\(name)")
    #expect(second.report.supersedes == first.report.reportID && second.predecessor == first.report.reportID)
    #expect(second.dataSet.uid(.seriesInstanceUID) == first.dataSet.uid(.seriesInstanceUID))
    #expect(second.dataSet.integer(.instanceNumber) == 2 && second.warnings.isEmpty)
    #expect(try await triage("a").files == second.files)
  }

  @Test func `an old job after a newer one gives its old bytes, and the next report follows the newest`() async throws {
    let first = try await triage("a")
    try copyImages(2)
    let second = try await triage("a")
    try FileManager.default.removeItem(atPath: folder.path("in/2.dcm"))
    let old = try await triage("a")
    #expect(old.files == first.files && old.warnings.isEmpty)
    try copyImages(2)
    #expect(try await triage("a").files == second.files)
    try rename()
    let third = try await triage("a")
    #expect(third.report.supersedes == second.report.reportID)
    #expect(third.dataSet.integer(.instanceNumber) == 3)
  }

  // MARK: The ledger

  @Test func `a ledger of the site's own links reports in different folders`() async throws {
    let first = try await triage("monday", ledger: "ledger")
    #expect(first.warnings.count == 1 && first.warnings[0].contains("a new ledger was begun"))
    try rename()
    let second = try await triage("tuesday", ledger: "ledger")
    #expect(second.report.supersedes == first.report.reportID && second.warnings.isEmpty)
    let alone = try await triage("wednesday")
    #expect(alone.report.supersedes == nil && alone.report.reportID != second.report.reportID)
    #expect(!folder.exists("tuesday/.bucky-ledger"))
  }

  @Test func `a damaged ledger is told, and nothing wrong is claimed`() async throws {
    _ = try await triage("a")
    for (name, bytes) in try TemporaryFolder.contents(of: folder.path("a/.bucky-ledger")) where !bytes.isEmpty {
      try folder.write(bytes.map { $0 == UInt8(ascii: "2") ? UInt8(ascii: "3") : $0 }, to: "a/.bucky-ledger/" + name)
    }
    try rename()
    let second = try await triage("a")
    #expect(second.report.supersedes == nil && second.predecessor == nil)
    #expect(second.warnings.count == 1 && second.warnings[0].contains("was damaged and has been put aside"))
    #expect(try await triage("a").warnings.isEmpty)
  }

  @Test func `a lost ledger is told where an earlier report lies, and no UID gets two contents`() async throws {
    let first = try await triage("a")
    try copyImages(2)
    let second = try await triage("a")
    try FileManager.default.removeItem(atPath: folder.path("a/.bucky-ledger"))
    let third = try await triage("a")
    #expect(
      third.warnings.count == 1 && third.warnings[0].contains("an earlier report here that the ledger does not know"))
    #expect(third.report.supersedes == nil)
    #expect(third.report.reportID != second.report.reportID && third.report.reportID != first.report.reportID)
  }

  @Test func `the ledger holds UIDs and digests alone, for this user`() async throws {
    _ = try await triage("a")
    let files = try TemporaryFolder.contents(of: folder.path("a/.bucky-ledger"))
    #expect(files.count == 2)
    for (name, bytes) in files {
      let text = String(decoding: bytes, as: UTF8.self)
      for word in ["Phantom", "BUCKY-PH", "Chest", "PH00"] { #expect(!text.contains(word)) }
      let path = folder.path("a/.bucky-ledger/" + name)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test func `two runs at once follow each other, and the same job twice is one report`() async throws {
    let first = try await triage("a", ledger: "ledger")
    try rename()
    async let one = triage("b", ledger: "ledger")
    async let two = triage("c", ledger: "ledger")
    let (left, right) = (try await one, try await two)
    #expect(left.files == right.files && left.report.supersedes == first.report.reportID)
    let other = try ReportRevisionTests()
    try other.copyImages(2)
    async let three = triage("d", ledger: "ledger", from: other)
    try copyImages(2)
    try rename()
    async let four = triage("e", ledger: "ledger")
    let late = [try await three, try await four].sorted {
      ($0.dataSet.integer(.instanceNumber) ?? 0) < ($1.dataSet.integer(.instanceNumber) ?? 0)
    }
    #expect(late.map { $0.dataSet.integer(.instanceNumber) } == [3, 4])
    #expect(late[0].report.supersedes == left.report.reportID)
    #expect(late[1].report.supersedes == late[0].report.reportID)
  }

  // MARK: What a run has written

  @Test func `what a run has written about a study does not change what the next one says`() async throws {
    let first = try await triage("a")
    for (name, bytes) in first.files where name.hasSuffix(".dcm") { try folder.write(bytes, to: "in/archived-\(name)") }
    let second = try await triage("a")
    #expect(second.files == first.files)
    #expect(second.skipped.sorted() == ["non-image", "non-image", "not-an-image"])
  }

  @Test func `the report names what lies beside it, with the digests of the files`() async throws {
    let result = try await triage("a")
    let outputs = result.report.outputs
    #expect(outputs.map(\.kind) == [.sr, .kos, .sc])
    #expect(
      outputs.map(\.digest) == [
        nil, ContentDigest(of: try #require(result.files["key-objects.dcm"])),
        ContentDigest(of: try #require(result.files["summary.dcm"])),
      ])
    for (output, name) in zip(outputs, ["report.dcm", "key-objects.dcm", "summary.dcm"]) {
      let path = try folder.write(try #require(result.files[name]), to: "check.dcm")
      let header = try DICOMHeader(path: path).dataSet
      #expect(header.uid(.sopInstanceUID) == output.sopInstanceUID)
      #expect(header.uid(.seriesInstanceUID) == output.seriesInstanceUID)
      #expect(header.uid(.studyInstanceUID) == result.report.subject.studyInstanceUID)
    }
    #expect(Set(outputs.compactMap(\.seriesInstanceUID)).count == 3)
  }

  @Test func `without a flag, or a wish, nothing stays beside the report`() async throws {
    _ = try await triage("a")
    try write(pipeline: { $0 }, labels: { $0.replacing("value: 0.5", with: "value: 1") })
    #expect(try await triage("a").documents == ["report.dcm", "report.json", "summary.dcm"])
    try write(
      pipeline: { $0.replacing("summary: true", with: "key_objects: false, sr: comprehensive") }, labels: { $0 })
    let plain = try await triage("a")
    #expect(plain.documents == ["report.dcm", "report.json"])
    #expect(plain.dataSet.uid(.sopClassUID) == .comprehensiveSRStorage)
  }

  @Test(.enabled(if: SRValidator.dciodvfy.isInstalled, "dciodvfy is not on PATH: companions not checked"))
  func `dciodvfy has nothing to say against what lies beside the report`() async throws {
    _ = try await triage("a")
    let study = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path("a/studies")).first)
    for name in ["report.dcm", "key-objects.dcm", "summary.dcm"] {
      let remarks = try SRValidator.dciodvfy.remarks(on: folder.path("a/studies/\(study)/\(name)"))
      #expect(remarks.isEmpty, "\(name): \(remarks)")
    }
  }
}
