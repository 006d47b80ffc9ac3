import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Frames that are read without a decoder are those that it gives.
struct PlainImageTests {
  private static let sopClass = UID.secondaryCaptureImageStorage.value

  private struct Image {
    var encoding = ElementBytes.Encoding.explicit
    var photometric = "MONOCHROME2"
    var (rows, columns, samples, allocated, stored, signed) = (5, 7, 1, 16, 12, 0)
    var frames: Int?
    var extraBytes = 0
    var planar = 0
    var early: (inout ElementBytes) -> Void = { _ in }

    var bytes: [UInt8] {
      var bytes = ElementBytes(encoding)
      bytes.add(0x0008_0005, "CS", "ISO_IR 100")
      bytes.add(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
      bytes.add(0x0008_0016, "UI", sopClass)
      bytes.add(0x0008_0018, "UI", "1.2.3")
      bytes.add(0x0008_0070, "LO", [0x4D, 0xFC, 0x6C, 0x20])
      early(&bytes)
      bytes.add(0x0028_0002, word: samples)
      bytes.add(0x0028_0004, "CS", photometric)
      if samples > 1 { bytes.add(0x0028_0006, word: planar) }
      if let frames { bytes.add(0x0028_0008, "IS", String(frames)) }
      bytes.add(0x0028_0010, word: rows)
      bytes.add(0x0028_0011, word: columns)
      bytes.add(0x0028_0100, word: allocated)
      bytes.add(0x0028_0101, word: stored)
      bytes.add(0x0028_0102, word: stored - 1)
      bytes.add(0x0028_0103, word: signed)
      let length = rows * columns * samples * allocated / 8 * (frames ?? 1)
      bytes.add(0x7FE0_0010, "OW", (0..<length + length % 2 + extraBytes).map { UInt8(truncatingIfNeeded: $0 * 37) })
      return bytes.file(sopClass: PlainImageTests.sopClass, instance: "1.2.3")
    }
  }

  private func plain(_ image: Image) throws -> (plain: PlainImage?, decoded: DICOMFile) {
    let folder = try TemporaryFolder()
    try folder.write(image.bytes, to: "file.dcm")
    let path = folder.path("file.dcm")
    return (PlainImage(try ElementFile(path: path)), try DICOMFile(path: path))
  }

  @Test("Plain frames are those of the decoder", arguments: [ElementBytes.Encoding.explicit, .implicit])
  func frames(encoding: ElementBytes.Encoding) throws {
    var images = [Image(), Image(signed: 1), Image(frames: 3), Image(photometric: "MONOCHROME1")]
    images.append(Image(allocated: 8, stored: 8))
    images.append(Image(allocated: 8, stored: 5, signed: 1))
    images.append(Image(photometric: "RGB", samples: 3, allocated: 8, stored: 8, frames: 2))
    for var image in images {
      image.encoding = encoding
      var (found, decoded) = try plain(image)
      let plain = try #require(found)
      #expect(plain.format == decoded.format)
      #expect(plain.frameCount == decoded.frameCount)
      #expect(plain.attributes == decoded.header.dataSet)
      for index in 0..<plain.frameCount { #expect(try plain.frame(index) == decoded.frame(index)) }
      found = nil
      #expect(throws: DICOMFileError.self) { try plain.frame(plain.frameCount) }
    }
  }

  @Test func `What is not plain is left to the decoder`() throws {
    let odd: [(String, Image)] = [
      ("byte order", Image(encoding: .bigEndian)),
      ("planes", Image(photometric: "RGB", samples: 3, allocated: 8, stored: 8, planar: 1)),
      ("palette", Image(photometric: "PALETTE COLOR", allocated: 8, stored: 8)),
      ("chrominance", Image(photometric: "YBR_FULL", samples: 3, allocated: 8, stored: 8)),
      ("length", Image(extraBytes: 2)),
      (
        "order",
        Image(early: {
          $0.add(0x0008_0060, "CS", "OT"); $0.add(0x0008_0050, "SH", "1")
        })
      ),
      (
        "repetition",
        Image(early: {
          $0.add(0x0008_0060, "CS", "OT"); $0.add(0x0008_0060, "CS", "CT")
        })
      ),
    ]
    for (name, image) in odd {
      let found = try plain(image).plain
      #expect(found == nil, "\(name)")
    }
    let folder = try TemporaryFolder()
    try folder.write(Image(rows: 4, columns: 4).bytes.dropLast(2).map { $0 }, to: "short.dcm")
    let short = try? ElementFile(path: folder.path("short.dcm"))
    #expect(short.flatMap(PlainImage.init) == nil)
  }
}
