import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// A folder as it arrives in real life: good studies among everything else.
struct AwkwardInputTests {
  private let folder: TemporaryFolder
  private let good: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    good = try AwkwardInputTests.chestRadiograph()
    try folder.write(good, to: "in/IM0001")
    try folder.write(Array(good.prefix(good.count / 2)), to: "in/truncated.dcm")
    try folder.write("not an image", to: "in/notes.txt")
    try folder.write([], to: "in/empty.dcm")
    try folder.write(good, to: "in/copy/of/IM0001.dcm")
    try Self.writeDocument(to: folder.path("in/document.dcm"))
    try Self.writeMediaDirectory(to: folder.path("in/DICOMDIR"))
  }

  private func triage() async throws -> RunRecord {
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    return try await TriageRun(
      inputs: [folder.path("in")], output: folder.path("out"), configuration: configuration, threads: 2, decoder: .built
    ).run().record
  }

  @Test func `triage does the good study and gives every other file its reason`() async throws {
    let record = try await triage()
    #expect(record.counts.isBalanced)
    #expect(record.counts.files == 7)
    #expect(record.counts.used == 1)
    #expect(record.counts.complete + record.counts.partial == 1)
    #expect(
      record.skipped.map { "\($0.source): \($0.reason)" } == [
        "DICOMDIR: dicomdir", "copy/of/IM0001.dcm: duplicate-instance", "document.dcm: non-image",
        "notes.txt: not-dicom",
      ])
    #expect(
      record.quarantine.map { "\($0.source): \($0.reason)" } == ["empty.dcm: empty-file", "truncated.dcm: truncated"])
  }

  @Test func `preprocess writes a line for every frame and every file not used`() async throws {
    let request = try PreprocessRequest(
      inputs: [folder.path("in")], output: folder.path("out"), window: "automatic", preset: "tf-bilinear-padded",
      size: 64, format: .both, threads: 2, decoder: .built)
    let summary = try await PreprocessRun(request).run()
    #expect(summary.counts == PreprocessSummary.Counts(used: 1, skipped: 4, quarantined: 2))
    let lines = try String(decoding: folder.read("out/log.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 7)
    let used = try #require(lines.first { $0.contains("\"outcome\":\"used\"") })
    let line = try #require(try JSONSerialization.jsonObject(with: Data(used.utf8)) as? [String: Any])
    #expect(line["index"] as? Int == 0)
    #expect(folder.exists("out/" + (try #require(line["png"] as? String))))
    #expect(folder.exists("out/" + (try #require(line["tensor"] as? String))))
    #expect((line["steps"] as? [Any])?.isEmpty == false)
  }

  @Test(
    "a study whose only image cannot be decoded stays in the worklist",
    arguments: [
      // JPEG 2000 Part 2 has no decoder here; a code stream that is no JPEG 2000 cannot be decoded as such.
      ("1.2.840.10008.1.2.4.92", TriageReport.NoAssist.Code.unsupportedTransferSyntax, "unsupported-transfer-syntax"),
      ("1.2.840.10008.1.2.4.91", .decodeError, "decode-error"),
    ])
  func notDecodable(label: String, noAssist: TriageReport.NoAssist.Code, reason: String) async throws {
    let only = try TemporaryFolder()
    try only.write(try Self.relabelled(label), to: "in/image.dcm")
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    let result = try await TriageRun(
      inputs: [only.path("in")], output: only.path("out"), configuration: configuration, threads: 1, decoder: .built
    ).run()
    #expect(result.record.counts.studies == 1)
    #expect(result.worklist.studies.first?.noAssist == noAssist)
    #expect(result.worklist.studies.first?.priority == TriageReport.Priority.Level.none)
    #expect(result.record.quarantine.map(\.reason) == [reason])
  }

  @Test func `a study whose only image is cut short stays in the worklist as failed`() async throws {
    let only = try TemporaryFolder()
    try only.write(Array(good.dropLast(4000)), to: "in/image.dcm")
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    let result = try await TriageRun(
      inputs: [only.path("in")], output: only.path("out"), configuration: configuration, threads: 1, decoder: .built
    ).run()
    #expect(result.record.quarantine.map(\.reason) == ["truncated"])
    #expect(result.worklist.studies.map(\.status) == [.failed])
    #expect(result.worklist.studies.first?.noAssist == .decodeError)
  }

  // MARK: Files

  /// A small chest radiograph with complete identity.
  static func chestRadiograph(transferSyntax: UID = .explicitVRLittleEndian) throws -> [UInt8] {
    let scratch = try TemporaryFolder()
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .computedRadiographyImageStorage)
    dataSet.set(.sopInstanceUID, UID.derived("test", ["instance"]))
    dataSet.set(.studyInstanceUID, UID.derived("test", ["study"]))
    dataSet.set(.seriesInstanceUID, UID.derived("test", ["series"]))
    dataSet.set(.modality, .cs, "CR")
    dataSet.set(.bodyPartExamined, .cs, "CHEST")
    dataSet.set(.patientName, .pn, "Phantom^Awkward")
    dataSet.set(.patientAge, .as, "052Y")
    dataSet.set(.studyDate, .da, "20260301")
    let format = ImageFormat(
      rows: 96, columns: 80, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)
    let bytes = (0..<format.sampleCount).flatMap { index in [UInt8(index % 251), UInt8(index % 16)] }
    try DICOMFileWriter.write(
      dataSet, transferSyntax: transferSyntax, frames: [StoredFrame(format: format, bytes: bytes)],
      to: scratch.path("image"))
    return try scratch.read("image")
  }

  /// A JPEG-LS file whose meta information names another transfer syntax, with a UID of the same length.
  static func relabelled(_ label: String) throws -> [UInt8] {
    var bytes = try chestRadiograph(transferSyntax: .jpegLSLossless)
    let place = try #require(bytes.firstRange(of: Array(UID.jpegLSLossless.value.utf8)))
    bytes.replaceSubrange(place, with: Array(label.utf8))
    return bytes
  }

  private static func writeDocument(to path: String) throws {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .basicTextSRStorage)
    dataSet.set(.sopInstanceUID, UID.derived("test", ["document"]))
    dataSet.set(.studyInstanceUID, UID.derived("test", ["study"]))
    dataSet.set(.seriesInstanceUID, UID.derived("test", ["documents"]))
    dataSet.set(.modality, .cs, "SR")
    try DICOMFileWriter.write(dataSet, transferSyntax: .explicitVRLittleEndian, to: path)
  }

  private static func writeMediaDirectory(to path: String) throws {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .mediaStorageDirectoryStorage)
    dataSet.set(.sopInstanceUID, UID.derived("test", ["directory"]))
    dataSet.set(.directoryRecordSequence, items: [])
    try DICOMFileWriter.write(dataSet, transferSyntax: .explicitVRLittleEndian, to: path)
  }
}
