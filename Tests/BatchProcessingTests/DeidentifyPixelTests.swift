import BatchProcessing
import DICOMCore
import DICOMFiles
import Deidentification
import Foundation
import TestSupport
import Testing

/// Says about every object what a test wants to hear.
private struct ToldCheck: PixelCheck {
  let verdict: PixelVerdict

  func verdict(on subject: PixelSubject, frame: (Int) -> StoredFrame?) -> PixelVerdict {
    for index in 0..<subject.frameCount where frame(index) == nil { return .undecidable("pixels-undecodable") }
    return verdict
  }
}

struct DeidentifyPixelTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try DeidentificationKey.generate(at: folder.path("key"))
  }

  private static let frames = (0..<3).map { seed in
    let format = ImageFormat(
      rows: 16, columns: 24, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)
    let bytes = (0..<format.sampleCount).flatMap { index -> [UInt8] in
      let value = 1 + (index * 7 + seed * 301) % 4095
      return [UInt8(value & 0xFF), UInt8(value >> 8)]
    }
    return StoredFrame(format: format, bytes: bytes)
  }

  private func write(_ transferSyntax: UID) throws {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .multiFrameGrayscaleWordSecondaryCaptureImageStorage)
    for (tag, uid): (DICOMCore.Tag, String) in [
      (.sopInstanceUID, "1.2.3.4.5.3"), (.seriesInstanceUID, "1.2.3.4.5.2"), (.studyInstanceUID, "1.2.3.4.5.1"),
    ] { dataSet.set(tag, .ui, uid) }
    dataSet.set(.modality, .cs, "OT")
    dataSet.set(.patientID, .lo, "MRN-4711-8")
    try folder.write([], to: "in/object.dcm")
    try DICOMFileWriter.write(
      dataSet, transferSyntax: transferSyntax, frames: Self.frames, to: folder.path("in/object.dcm"))
  }

  private func run(_ verdict: PixelVerdict) async throws -> (DeidentifySummary, String?) {
    let request = try DeidentifyRequest(
      inputs: [folder.path("in")], output: folder.path("out"), key: folder.path("key"), threads: 1, decoder: .inProcess,
      pixelCheck: ToldCheck(verdict: verdict))
    let summary = try await DeidentifyRun(request).run()
    let names = try TemporaryFolder.contents(of: folder.path("out")).keys.filter { $0.hasSuffix(".dcm") }
    return (summary, names.first.map { folder.path("out/" + $0) })
  }

  private func codes(_ header: DICOMHeader) -> [String] {
    header.dataSet.items(.deidentificationMethodCodeSequence).compactMap { $0.string(DICOMCore.Tag(0x0008, 0x0100)) }
  }

  private static let syntaxes: [UID] = [
    .explicitVRLittleEndian, .implicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .rleLossless, .jpegLosslessSV1,
    .jpegLSLossless,
  ]

  @Test("Text is blanked, and every other pixel of every frame stays", arguments: syntaxes)
  func blanked(transferSyntax: UID) async throws {
    try write(transferSyntax)
    let region = PixelRegion(column: 3, row: 2, width: 10, height: 4)
    let (summary, path) = try await run(.blank([1: [region]]))
    #expect(summary.counts.released == 1, "\(summary.reasons)")
    var file = try DICOMFile(path: try #require(path))
    #expect(codes(file.header).contains("113101"))
    #expect(file.header.dataSet.string(.burnedInAnnotation) == "NO")
    for index in 0..<3 {
      let (source, result) = (Self.frames[index].storedValues(), try file.frame(index).storedValues())
      for place in source.indices {
        let (row, column) = (place / 24, place % 24)
        let isInside = index == 1 && (2..<6).contains(row) && (3..<13).contains(column)
        if isInside {
          #expect(result[place] != source[place])
        } else if result[place] != source[place] {
          Issue.record("frame \(index) row \(row) column \(column) changed")
          return
        }
      }
    }
  }

  @Test("Pixels without text pass through as they are stored", arguments: syntaxes)
  func untouched(transferSyntax: UID) async throws {
    try write(transferSyntax)
    let (summary, path) = try await run(.untouched)
    #expect(summary.counts.released == 1, "\(summary.reasons)")
    var file = try DICOMFile(path: try #require(path))
    for index in 0..<3 { #expect(try file.frame(index) == Self.frames[index]) }
    #expect(codes(file.header).contains("113101"))
    let isNative = TransferSyntax.name(transferSyntax)?.contains("VR") == true
    #expect(file.header.transferSyntax == (isNative ? .explicitVRLittleEndian : transferSyntax))
  }

  @Test func `What cannot be decided is withheld under its own reason`() async throws {
    try write(.rleLossless)
    let (summary, path) = try await run(.undecidable("device-withheld"))
    #expect(path == nil)
    #expect(summary.reasons == ["device-withheld": 1])
  }

  @Test func `Bits beside the samples and bytes behind them are left behind`() async throws {
    try write(.explicitVRLittleEndian)
    var bytes = try folder.read("in/object.dcm")
    // Pixel Data is last: the high nibble of a sample, and a trailing pair.
    let start = bytes.count - 3 * 16 * 24 * 2
    bytes[start + 1] |= 0xA0
    let length = 3 * 16 * 24 * 2 + 10
    for offset in 0..<4 { bytes[start - 4 + offset] = UInt8(truncatingIfNeeded: length >> (8 * offset)) }
    bytes += Array("MARKER-ONE".utf8)
    try folder.write(bytes, to: "in/object.dcm")
    let (summary, path) = try await run(.untouched)
    #expect(summary.counts.released == 1, "\(summary.reasons)")
    let written = try [UInt8](Data(contentsOf: URL(filePath: try #require(path))))
    #expect(written.suffix(3 * 16 * 24 * 2).elementsEqual(Self.frames.flatMap(\.bytes)))
  }

  @Test func `An odd number of bytes in big endian words keeps its last sample`() async throws {
    var bytes = ElementBytes(.bigEndian)
    bytes.add(0x0008_0016, "UI", UID.secondaryCaptureImageStorage.value)
    for (tag, uid) in [
      (0x0008_0018 as UInt32, "1.2.3.4.5.3"), (0x0020_000D, "1.2.3.4.5.1"), (0x0020_000E, "1.2.3.4.5.2"),
    ] {
      bytes.add(tag, "UI", uid)
    }
    bytes.add(0x0028_0002, word: 1)
    bytes.add(0x0028_0004, "CS", "MONOCHROME2")
    for (tag, number) in [
      (0x0028_0010 as UInt32, 3), (0x0028_0011, 3), (0x0028_0100, 8), (0x0028_0101, 8), (0x0028_0102, 7),
      (0x0028_0103, 0),
    ] { bytes.add(tag, word: number) }
    bytes.add(0x7FE0_0010, "OW", [2, 1, 4, 3, 6, 5, 8, 7, 99, 9])
    let file = bytes.file(sopClass: UID.secondaryCaptureImageStorage.value, instance: "1.2.3.4.5.3")
    try folder.write(file, to: "in/object.dcm")
    let (summary, path) = try await run(.untouched)
    #expect(summary.counts.released == 1, "\(summary.reasons)")
    let written = try [UInt8](Data(contentsOf: URL(filePath: try #require(path))))
    #expect(written.suffix(10).elementsEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0]))
  }
}
