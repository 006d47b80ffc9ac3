import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Float Pixel Data and Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25).
struct FloatPixelTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let samples: [Double] = [0.5, -2.25, 1e-20, 3e30, .infinity, .nan]

  /// Two rows of three samples, in the byte order of the transfer syntax.
  private func file(
    _ transferSyntax: UID, bits: Int, _ samples: [Double] = samples, stated: Int? = nil,
    photometric: String = "MONOCHROME2", frames: String? = nil
  ) throws -> String {
    var data = DICOMBytes()
    data.isBigEndian = transferSyntax == .explicitVRBigEndian
    data.addImage(
      rows: 2, columns: 3, photometric: photometric, allocated: stated ?? bits, frames: frames,
      without: [.bitsStored, .highBit, .pixelRepresentation])
    let value = samples.flatMap { sample -> [UInt8] in
      let pattern = bits == 32 ? UInt64(Float(sample).bitPattern) : sample.bitPattern
      let little = (0..<bits / 8).map { UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0)) }
      return data.isBigEndian ? little.reversed() : little
    }
    data.add(bits == 32 ? .floatPixelData : .doubleFloatPixelData, bits == 32 ? "OF" : "OD", value)
    return try folder.write(DICOMBytes.file(transferSyntax, data.bytes), to: "float.dcm")
  }

  @Test(arguments: [UID.explicitVRLittleEndian, .explicitVRBigEndian], [32, 64])
  func `samples come out as they are, whatever the byte order`(transferSyntax: UID, bits: Int) throws {
    var opened = try DICOMFile(path: file(transferSyntax, bits: bits))
    let frame = try opened.frame(0)
    #expect(frame.format.isFloat && frame.format.bitsAllocated == bits)
    let expected = bits == 32 ? Self.samples.map { Double(Float($0)) } : Self.samples
    #expect(zip(frame.floatValues(), expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    #expect(frame.storedValues().isEmpty)
  }

  @Test func `frames follow each other`() throws {
    var opened = try DICOMFile(
      path: file(.explicitVRLittleEndian, bits: 32, (0..<12).map(Double.init), frames: "2"))
    #expect(try opened.frame(1).floatValues() == [6, 7, 8, 9, 10, 11])
  }

  @Test func `too few samples, another width and colour are refused`() throws {
    #expect(throws: DICOMFileError.self) {
      _ = try DICOMFile(path: file(.explicitVRLittleEndian, bits: 32, [1, 2, 3])).frameCount
    }
    #expect(throws: DICOMFileError.invalidAttribute(.bitsAllocated, found: 16)) {
      _ = try DICOMFile(path: file(.explicitVRLittleEndian, bits: 32, stated: 16)).frameCount
    }
    #expect(throws: DICOMFileError.unsupportedAttribute(.photometricInterpretation, found: "of floating point samples"))
    {
      _ = try DICOMFile(path: file(.explicitVRLittleEndian, bits: 64, photometric: "MONOCHROME1")).frameCount
    }
  }

  @Test func `floating point samples are not written`() throws {
    let format = ImageFormat(
      rows: 1, columns: 1, photometricInterpretation: .monochrome2, bitsAllocated: 32, bitsStored: 32, isSigned: true,
      isFloat: true)
    #expect(throws: DICOMFileError.cannotEncode(detail: "floating point samples are not written")) {
      try DICOMFileWriter.write(
        SampleObjects.secondaryCapture(), transferSyntax: .explicitVRLittleEndian,
        frames: [StoredFrame(format: format, bytes: [0, 0, 0, 0])], to: folder.path("x"))
    }
  }
}
