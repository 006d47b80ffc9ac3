import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Layouts of pixel data, built byte by byte.
struct PixelLayoutTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ transferSyntax: UID, _ dataSet: DICOMBytes) throws -> DICOMFile {
    try DICOMFile(path: folder.write(DICOMBytes.file(transferSyntax, dataSet.bytes), to: "image.dcm"))
  }

  private func native(_ build: (inout DICOMBytes) -> Void) throws -> DICOMFile {
    var dataSet = DICOMBytes()
    build(&dataSet)
    return try open(.explicitVRLittleEndian, dataSet)
  }

  @Test func `PS3.5 8.1.1: single bits start at the least significant, frames follow without padding`() throws {
    var file = try native {
      $0.addImage(rows: 1, columns: 3, allocated: 1, frames: "3")
      $0.add(.pixelData, "OB", [0b1000_1101, 0b0000_0001])
    }
    #expect(try file.frame(0).bytes == [1, 0, 1])
    #expect(try file.frame(1).bytes == [1, 0, 0])
    #expect(try file.frame(2).bytes == [0, 1, 1])
  }

  @Test func `PS3.3 C.7.6.3.1.3: planes are interleaved`() throws {
    var file = try native {
      $0.addImage(rows: 1, columns: 2, samples: 3, photometric: "RGB", planar: 1)
      $0.add(.pixelData, "OB", [1, 2, 3, 4, 5, 6])
    }
    #expect(try file.frame(0).bytes == [1, 3, 5, 2, 4, 6])
  }

  @Test func `PS3.3 C.7.6.3.1.2: subsampled chrominance is given to both pixels of a pair`() throws {
    var file = try native {
      $0.addImage(rows: 1, columns: 4, samples: 3, photometric: "YBR_FULL_422", planar: 0)
      $0.add(.pixelData, "OB", [10, 11, 100, 200, 12, 13, 101, 201])
    }
    let frame = try file.frame(0)
    #expect(frame.format.photometricInterpretation == .ybrFull)
    #expect(frame.bytes == [10, 100, 200, 11, 100, 200, 12, 101, 201, 13, 101, 201])
  }

  @Test func `full samples under the label YBR_FULL_422 are taken as they are`() throws {
    var file = try native {
      $0.addImage(rows: 1, columns: 2, samples: 3, photometric: "YBR_FULL_422", planar: 0)
      $0.add(.pixelData, "OB", [1, 2, 3, 4, 5, 6])
    }
    #expect(try file.frame(0).bytes == [1, 2, 3, 4, 5, 6])
  }

  @Test func `overlay bits and padding above the stored bits are cleared, signs are extended`() throws {
    var unsigned = try native {
      $0.addImage(rows: 1, columns: 2, allocated: 16, stored: 12)
      $0.add(.pixelData, "OW", [0x34, 0xF2, 0xFF, 0x1F])
    }
    #expect(try unsigned.frame(0).bytes == [0x34, 0x02, 0xFF, 0x0F])
    var signed = try native {
      $0.addImage(rows: 1, columns: 2, allocated: 16, stored: 12, signed: 1)
      $0.add(.pixelData, "OW", [0xFF, 0x0F, 0x34, 0xF2])
    }
    #expect(try signed.frame(0).bytes == [0xFF, 0xFF, 0x34, 0x02])
    #expect(try signed.frame(0).storedValues() == [-1, 0x234])
  }

  @Test func `values high in the container come down`() throws {
    var file = try native {
      $0.addImage(rows: 1, columns: 2, allocated: 16, stored: 12, without: [.highBit])
      $0.add(.pixelRepresentation, word: 0)
      $0.add(.pixelData, "OW", [0xF0, 0xFF, 0x10, 0x00])
    }
    #expect(try file.frame(0).format.highBit == 11)
    var high = DICOMBytes()
    high.addImage(rows: 1, columns: 2, allocated: 16, stored: 12, without: [.highBit, .pixelRepresentation])
    high.add(.highBit, word: 15)
    high.add(.pixelRepresentation, word: 0)
    high.add(.pixelData, "OW", [0xF0, 0xFF, 0x10, 0x00])
    var raised = try open(.explicitVRLittleEndian, high)
    #expect(try raised.frame(0).storedValues() == [4095, 1])
    #expect(try raised.frame(0).bytes == [0xFF, 0x0F, 0x01, 0x00])
  }

  @Test func `PS3.5 7.3: big endian words of 8 and 16 bits`() throws {
    var eight = DICOMBytes(isBigEndian: true)
    eight.addImage(rows: 1, columns: 4)
    eight.add(.pixelData, "OB", [1, 2, 3, 4])
    var bytes = try open(.explicitVRBigEndian, eight)
    #expect(try bytes.frame(0).bytes == [1, 2, 3, 4])

    var swapped = DICOMBytes(isBigEndian: true)
    swapped.addImage(rows: 1, columns: 3, frames: "2")
    swapped.add(.pixelData, "OW", [2, 1, 4, 3, 6, 5])
    var words = try open(.explicitVRBigEndian, swapped)
    #expect(try words.frame(0).bytes == [1, 2, 3])
    #expect(try words.frame(1).bytes == [4, 5, 6])

    var sixteen = DICOMBytes(isBigEndian: true)
    sixteen.addImage(rows: 1, columns: 2, allocated: 16)
    sixteen.add(.pixelData, "OW", [0x01, 0x02, 0x03, 0x04])
    var pairs = try open(.explicitVRBigEndian, sixteen)
    #expect(try pairs.frame(0).storedValues() == [0x0102, 0x0304])

  }

  @Test("big endian samples are one number under either VR", arguments: ["OB", "OW"])
  func bigEndianSamples(vr: String) throws {
    var sixteen = DICOMBytes(isBigEndian: true)
    sixteen.addImage(rows: 1, columns: 2, allocated: 16)
    sixteen.add(.pixelData, vr, [0x01, 0x02, 0x03, 0x04])
    var pairs = try open(.explicitVRBigEndian, sixteen)
    #expect(try pairs.frame(0).storedValues() == [0x0102, 0x0304])

    var long = DICOMBytes(isBigEndian: true)
    long.addImage(rows: 1, columns: 1, allocated: 32, frames: "2")
    long.add(.pixelData, vr, [0x01, 0x02, 0x03, 0x04, 0x11, 0x12, 0x13, 0x14])
    var numbers = try open(.explicitVRBigEndian, long)
    #expect(try numbers.frame(0).storedValues() == [0x0102_0304])
    #expect(try numbers.frame(1).bytes == [0x14, 0x13, 0x12, 0x11])
  }

  @Test func `a file that ends behind its last frame is read, one that ends before it is not`() throws {
    func file(_ length: UInt32, _ bytes: [UInt8], isImplicit: Bool = false) -> [UInt8] {
      var dataSet = DICOMBytes(isImplicit: isImplicit)
      dataSet.addImage(rows: 1, columns: 4, allocated: 16, frames: "2")
      dataSet.add(.pixelData, "OW", bytes, statedLength: length)
      return DICOMBytes.file(isImplicit ? .implicitVRLittleEndian : .explicitVRLittleEndian, dataSet.bytes)
    }
    let pixels = (0..<16).map { UInt8($0) }
    for isImplicit in [false, true] {
      for (length, extra) in [(UInt32(0xFFFF_FFF0), [UInt8]()), (18, []), (0xFFFF_FFF0, [1, 2, 3])] {
        var image = try DICOMFile(
          path: folder.write(file(length, pixels + extra, isImplicit: isImplicit), to: "cut.dcm"))
        let isCut = image.isCut
        #expect(isCut)
        #expect(try image.frame(1).bytes == Array(pixels[8...]))
        #expect(try image.frame(0).bytes == Array(pixels[..<8]))
      }
      let path = try folder.write(file(16, pixels.dropLast(), isImplicit: isImplicit), to: "short.dcm")
      do {
        _ = try DICOMFile(path: path)
        Issue.record("15 of 16 bytes were enough")
      } catch {
        #expect(error.refusalReason == .truncated)
      }
    }
  }

  @Test func `frames deflated one by one are inflated (PS3.5 8.2.16)`() throws {
    // Stored blocks of RFC 1951: three bits a frame, so frames do not fill their bytes.
    func deflated(_ bytes: [UInt8]) -> [UInt8] {
      let count = UInt8(bytes.count)
      return [1, count, 0, ~count, 0xFF] + bytes
    }
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 1, columns: 3, allocated: 1, frames: "2")
    dataSet.addFragments([deflated([0b101]), deflated([0b110])])
    var file = try open(.deflatedImageFrame, dataSet)
    #expect(try file.frame(0).bytes == [1, 0, 1])
    #expect(try file.frame(1).bytes == [0, 1, 1])

    var long = DICOMBytes()
    long.addImage(rows: 1, columns: 3)
    long.addFragments([deflated([1, 2, 3, 4, 5])])
    var tooLong = try open(.deflatedImageFrame, long)
    #expect(throws: DICOMFileError.undecodableFrame(index: 0, detail: "inflates to more bytes than a frame has")) {
      try tooLong.frame(0)
    }
  }

  @Test func `encapsulated uncompressed frames are read fragment by fragment`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 1, columns: 4, frames: "2")
    dataSet.addFragments([[1, 2, 3, 4], [5, 6, 7, 8]])
    var file = try open(.encapsulatedUncompressedExplicitVRLittleEndian, dataSet)
    #expect(try file.frame(0).bytes == [1, 2, 3, 4])
    #expect(try file.frame(1).bytes == [5, 6, 7, 8])
  }

  @Test func `a frame of several fragments is found by the offset table`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 1, columns: 4, frames: "2")
    dataSet.addFragments(table: [0, 20], [[1, 2], [3, 4], [5, 6, 7, 8]])
    var file = try open(.encapsulatedUncompressedExplicitVRLittleEndian, dataSet)
    #expect(try file.frame(0).bytes == [1, 2, 3, 4])
    #expect(try file.frame(1).bytes == [5, 6, 7, 8])
  }

  @Test func `pixel data longer than asked for is not in the way`() throws {
    var file = try native {
      $0.addImage(rows: 1, columns: 3)
      $0.add(.pixelData, "OB", [1, 2, 3, 0, 0, 0])
    }
    #expect(try file.frame(0).bytes == [1, 2, 3])
  }
}
