import DICOMCore
import DICOMFiles
import TestSupport
import Testing

/// Lossy JPEG: its processes, and what it says of colour.
struct JPEGTests {
  private let objects: EncapsulatedObjects

  init() throws { objects = try EncapsulatedObjects() }

  @Test("the code stream knows its colours better than the label", arguments: ["RGB", "YBR_FULL_422"])
  func colourOfTheCodeStream(label: String) throws {
    let written = try objects.streams(.jpegBaseline8Bit, [SampleObjects.gradient(16, 16, .rgb)])[0]
    // The writer's code stream begins with a JFIF segment of 16 bytes.
    #expect(written[2..<6].elementsEqual([0xFF, 0xE0, 0, 16]))
    let stream = Array(written[..<2]) + written[20...]
    func photometric(_ segments: [UInt8], named: [UInt8]? = nil) throws -> PhotometricInterpretation {
      var changed = Array(stream[..<2]) + segments + stream[2...]
      if let named {
        // SOF0 and SOS name the components; SOF0 has three bytes for each, SOS two.
        let frame = try #require(changed.firstRange(of: [0xFF, 0xC0])).lowerBound + 10
        let scan = try #require(changed.firstRange(of: [0xFF, 0xDA])).lowerBound + 5
        for (index, name) in named.enumerated() {
          changed[frame + 3 * index] = name
          changed[scan + 2 * index] = name
        }
      }
      var file = try objects.open(.jpegBaseline8Bit) {
        $0.addImage(rows: 16, columns: 16, samples: 3, photometric: label, planar: 0)
        $0.addFragments([changed])
      }
      return try file.frame(0).format.photometricInterpretation
    }
    #expect(!stream.contains(Array("JFIF".utf8)) && !stream.contains(Array("Adobe".utf8)))
    let jfif: [UInt8] = [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0]
    func adobe(_ transform: UInt8) -> [UInt8] {
      [0xFF, 0xEE, 0, 14] + Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, transform]
    }
    #expect(try photometric([]) == (label == "RGB" ? .rgb : .ybrFull))
    #expect(try photometric(jfif) == .ybrFull)
    #expect(try photometric(adobe(0)) == .rgb)
    #expect(try photometric(adobe(1)) == .ybrFull)
    #expect(try photometric([], named: Array("RGB".utf8)) == .rgb)
    #expect(try photometric(jfif, named: Array("rgb".utf8)) == .rgb)
  }

  @Test(
    "the lossy processes of JPEG, retired ones too, are decoded",
    .enabled(if: ExternalCommand("dcmcjpeg") != nil, "dcmcjpeg (dcmtk) is not on PATH: processes 2 to 12 unchecked"),
    arguments: [("+eb", "50"), ("+ee", "51"), ("+es", "53"), ("+ep", "55")])
  func lossyProcesses(option: String, process: String) throws {
    let encoder = try #require(ExternalCommand("dcmcjpeg"))
    for stored in process == "50" ? [8] : [8, 12] {
      let gradient = SampleObjects.gradient(32, 24, .monochrome2)
      let bytes = stored == 8 ? gradient.bytes : gradient.bytes.flatMap { [$0 << 3, $0 >> 5] }
      let frame = StoredFrame(
        format: ImageFormat(
          rows: 32, columns: 24, photometricInterpretation: .monochrome2, bitsAllocated: stored == 8 ? 8 : 16,
          bitsStored: stored), bytes: bytes)
      try DICOMFileWriter.write(
        SampleObjects.secondaryCapture(), transferSyntax: .explicitVRLittleEndian, frames: [frame],
        to: objects.folder.path("native.dcm"))
      let run = try encoder.run([option, objects.folder.path("native.dcm"), objects.folder.path("jpeg.dcm")])
      #expect(run.status == 0, "\(run.text)")
      var file = try DICOMFile(path: objects.folder.path("jpeg.dcm"))
      #expect(file.header.transferSyntax.value == "1.2.840.10008.1.2.4.\(process)")
      let decoded = try file.frame(0)
      let worst = zip(decoded.storedValues(), frame.storedValues()).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= 4 << Int32(stored - 8), "\(worst)")
    }
  }
}
