import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Whole runs whose files are read in children.
struct DecoderChildTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func triage(_ input: String, to output: String, _ decoder: FileDecoder) async throws -> TriageResult {
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    return try await TriageRun(
      inputs: [input], output: folder.path(output), configuration: configuration, threads: 2, decoder: decoder
    ).run()
  }

  /// Every file of a run by name, but for the times in `run.json`.
  private func files(_ output: String) throws -> [String: [UInt8]] {
    try TemporaryFolder.contents(of: folder.path(output)).filter { $0.key != "run.json" && !$0.key.hasPrefix(".") }
  }

  @Test func `triage writes the same bytes whether files are read in children or here`() async throws {
    let samples = PackageRoot.path("SampleStudies/studies")
    let here = try await triage(samples, to: "here", .inProcess)
    let there = try await triage(samples, to: "there", .built)
    #expect(try files("here") == files("there"))
    #expect(here.record.counts == there.record.counts)
    #expect(here.record.quarantine == there.record.quarantine && here.record.skipped == there.record.skipped)
  }

  @Test func `preprocess writes the same bytes whether files are read in children or here`() async throws {
    for (name, decoder) in [("here", FileDecoder.inProcess), ("there", .built)] {
      let request = try PreprocessRequest(
        inputs: [PackageRoot.path("SampleStudies/studies")], output: folder.path(name), window: "automatic",
        preset: PreprocessRequest.presetNames[0], size: 96, format: .both, threads: 2, decoder: decoder)
      _ = try await PreprocessRun(request).run()
    }
    #expect(try files("here") == files("there"))
  }

  @Test func `a file that never ends costs itself alone, and the rest of the batch is done`() async throws {
    let good = try AwkwardInputTests.chestRadiograph()
    try folder.write(good, to: "in/good.dcm")
    try folder.write(Self.endlessJPEG(), to: "in/endless.dcm")
    let limits = DecoderLimits(processorSeconds: 1, clockSeconds: 30)
    let pool = DecoderPool(DecoderConfiguration(executable: BuiltProduct.bucky.path, limits: limits))
    let result = try await triage(folder.path("in"), to: "out", .children(pool))
    #expect(result.record.counts.isBalanced)
    #expect(result.record.counts.files == 2 && result.record.counts.used == 1)
    #expect(result.record.quarantine.map(\.source) == ["endless.dcm"])
    let detail = try #require(result.record.quarantine.first?.detail)
    #expect(detail.contains("SIGXCPU"), "\(detail)")
    #expect(result.worklist.studies.count == 2)
  }

  @Test func `without a decoder nothing is quarantined: the run ends with the reason`() async throws {
    try folder.write(try AwkwardInputTests.chestRadiograph(), to: "in/good.dcm")
    let pool = DecoderPool(DecoderConfiguration(executable: "/bin/false"))
    await #expect(throws: BatchError.decoderUnavailable(.ended(status: 1))) {
      _ = try await triage(folder.path("in"), to: "out", .children(pool))
    }
    #expect(!folder.exists("out"))
  }

  /// A chest radiograph whose code stream has a TEM marker, at which DCMTK's reader stays for ever.
  private static func endlessJPEG() throws -> [UInt8] {
    let scratch = try TemporaryFolder()
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .computedRadiographyImageStorage)
    for (tag, part) in [(Tag.sopInstanceUID, "i"), (.studyInstanceUID, "s"), (.seriesInstanceUID, "e")] {
      dataSet.set(tag, UID.derived("test", ["endless", part]))
    }
    dataSet.set(.modality, .cs, "CR")
    dataSet.set(.bodyPartExamined, .cs, "CHEST")
    dataSet.set(.patientAge, .as, "052Y")
    dataSet.set(.studyDate, .da, "20260301")
    let format = ImageFormat(
      rows: 16, columns: 16, photometricInterpretation: .monochrome2, bitsAllocated: 8, bitsStored: 8)
    let frame = StoredFrame(format: format, bytes: (0..<256).map { UInt8($0) })
    try DICOMFileWriter.write(
      dataSet, transferSyntax: .jpegBaseline8Bit, frames: [frame], to: scratch.path("image"))
    var bytes = try scratch.read("image")
    // The segment after the start of image becomes TEM markers.
    let start = try #require(bytes.firstRange(of: [0xFF, 0xD8, 0xFF])).lowerBound + 2
    let length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
    for offset in 0..<length + 2 { bytes[start + offset] = offset.isMultiple(of: 2) ? 0xFF : 0x01 }
    return bytes
  }
}
