import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Damage of every kind must end in a frame or an error, never in a crash, and quickly.
struct HostileFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let transferSyntaxes: [UID] = [
    .implicitVRLittleEndian, .explicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .rleLossless,
    .jpegLosslessSV1, .jpegLSLossless, .jpegBaseline8Bit,
  ]

  /// A file with sequences, text and pixels.
  private func sample(_ transferSyntax: UID) throws -> [UInt8] {
    var dataSet = SampleObjects.secondaryCapture()
    var code = DataSet()
    code.set(.codeValue, .sh, "T-D1100")
    code.set(.codeMeaning, .lo, "Kopf, Schädel")
    dataSet.set(.specificCharacterSet, .cs, "ISO_IR 192")
    dataSet.set(.anatomicRegionSequence, items: [code, code])
    dataSet.set(.windowCenter, .ds, "40", "300")
    try DICOMFileWriter.write(
      dataSet, transferSyntax: transferSyntax,
      frames: (0..<2).map { _ in SampleObjects.gradient(16, 16, .monochrome2) },
      to: folder.path("sample"))
    return try folder.read("sample")
  }

  /// Classifies a file and decodes its frames; true when all of it could be used.
  private func isUsable(_ bytes: [UInt8]) throws -> Bool {
    let path = try folder.write(bytes, to: "hostile")
    switch FileClassification(of: InputFile(path: path, source: "hostile")) {
    case .refused(let refusal, _):
      #expect(!refusal.detail.isEmpty)
      return false
    case .image(let image):
      do throws(DICOMFileError) {
        var file = try DICOMFile(path: path)
        for index in 0..<min(4, image.frameCount) { _ = try file.frame(index).storedValues() }
        return true
      } catch {
        #expect(!error.description.isEmpty)
        return false
      }
    }
  }

  @Test("a file cut anywhere is refused with a reason", arguments: transferSyntaxes)
  func truncation(transferSyntax: UID) throws {
    let bytes = try sample(transferSyntax)
    #expect(try isUsable(bytes))
    for length in stride(from: 0, to: bytes.count - 2, by: 7) {
      // The last bytes of a deflated stream are its end marker, without which all data may still be there.
      if transferSyntax == .deflatedExplicitVRLittleEndian, length > bytes.count - 16 { break }
      let isUsable = try isUsable(Array(bytes.prefix(length)))
      #expect(!isUsable, "\(length) of \(bytes.count) bytes were enough")
    }
  }

  @Test("flipped bits end in a frame or an error", arguments: transferSyntaxes)
  func flippedBits(transferSyntax: UID) throws {
    let bytes = try sample(transferSyntax)
    var random = FixedRandom(seed: 20_240_607)
    for _ in 0..<150 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: 128..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      _ = try isUsable(damaged)
    }
  }

  @Test("bytes set to extremes end in a frame or an error", arguments: transferSyntaxes)
  func extremes(transferSyntax: UID) throws {
    let bytes = try sample(transferSyntax)
    var random = FixedRandom(seed: 7)
    for _ in 0..<100 {
      var damaged = bytes
      let start = Int.random(in: 132..<bytes.count - 4, using: &random)
      let value: UInt8 = Bool.random(using: &random) ? 0xFF : 0
      for index in start..<start + 4 { damaged[index] = value }
      _ = try isUsable(damaged)
    }
  }

  @Test func `sequences nested deeper than 64 are refused, up to 64 they are read`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      var dataSet = DICOMBytes()
      dataSet.add(.sopClassUID, "UI", UID.secondaryCaptureImageStorage.value)
      for _ in 0..<depth {
        dataSet.add(.anatomicRegionSequence, "SQ", [], statedLength: .max)
        dataSet.append(dataSet.word(0xFFFE) + dataSet.word(0xE000) + dataSet.long(.max))
      }
      for _ in 0..<depth {
        dataSet.append(dataSet.word(0xFFFE) + dataSet.word(0xE00D) + dataSet.long(0))
        dataSet.append(dataSet.word(0xFFFE) + dataSet.word(0xE0DD) + dataSet.long(0))
      }
      return DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes)
    }
    #expect(try DICOMHeader(path: folder.write(nested(64), to: "deep")).dataSet.contains(.anatomicRegionSequence))
    // Without a limit on its stack DCMTK crashes between 3000 and 10000 levels.
    for depth in [65, 1000, 100_000] {
      do {
        _ = try DICOMHeader(path: folder.write(nested(depth), to: "deep"))
        Issue.record("\(depth) levels were read")
      } catch DICOMFileError.structure(let finding) {
        #expect(finding.rule == .nestingDepth)
      }
    }
  }

  @Test func `lengths that lie are refused`() throws {
    for length in [UInt32(0xFFFF_FFFE), 0x7FFF_FFFF, 10] {
      var dataSet = DICOMBytes()
      dataSet.addImage()
      dataSet.add(.pixelData, "OW", [1, 2, 3, 4, 5, 6], statedLength: length)
      #expect(try !isUsable(DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes)))
    }
    var dataSet = DICOMBytes()
    dataSet.add(.sopClassUID, "UI", Array("1.2".utf8), statedLength: 0xFFF0)
    #expect(try !isUsable(DICOMBytes.file(.explicitVRLittleEndian, dataSet.bytes)))
  }
}
