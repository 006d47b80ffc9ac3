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
    var rows = 5
    var columns = 7
    var samples = 1
    var allocated = 16
    var stored = 12
    var signed = 0
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

  /// Writes an image to a folder of its own and hands over its path.
  private func withFile<Value>(_ image: Image, _ body: (String) throws -> Value) throws -> Value {
    let folder = try TemporaryFolder()
    try folder.write(image.bytes, to: "file.dcm")
    return try body(folder.path("file.dcm"))
  }

  @Test("Plain frames are those of the decoder", arguments: [ElementBytes.Encoding.explicit, .implicit])
  func frames(encoding: ElementBytes.Encoding) throws {
    var images = [Image(), Image(signed: 1), Image(frames: 3), Image(photometric: "MONOCHROME1")]
    images.append(Image(allocated: 8, stored: 8))
    images.append(Image(allocated: 8, stored: 5, signed: 1))
    images.append(Image(photometric: "RGB", samples: 3, allocated: 8, stored: 8, frames: 2))
    for var image in images {
      image.encoding = encoding
      try withFile(image) { path in
        let plain = try #require(PlainImage(try ElementFile(path: path)))
        var decoded = try DICOMFile(path: path)
        let (format, count, attributes) = (decoded.format, decoded.frameCount, decoded.header.dataSet)
        #expect(plain.format == format)
        #expect(plain.frameCount == count)
        #expect(plain.attributes == attributes)
        for index in 0..<count {
          let (own, other) = (try plain.frame(index), try decoded.frame(index))
          #expect(own == other)
        }
        #expect(throws: DICOMFileError.self) { try plain.frame(count) }
      }
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
      let isPlain = try withFile(image) { PlainImage(try ElementFile(path: $0)) != nil }
      #expect(!isPlain, "\(name)")
    }
    let folder = try TemporaryFolder()
    try folder.write(Image(rows: 4, columns: 4).bytes.dropLast(2).map { $0 }, to: "short.dcm")
    let short = (try? ElementFile(path: folder.path("short.dcm"))).flatMap { PlainImage($0) }
    #expect(short == nil)
  }
}
