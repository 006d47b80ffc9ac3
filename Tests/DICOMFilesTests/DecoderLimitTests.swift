import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Small files that ask for much: what they cost is bounded, and the limit is named.
struct DecoderLimitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ transferSyntax: UID, _ dataSet: DICOMBytes) throws -> String {
    try folder.write(DICOMBytes.file(transferSyntax, dataSet.bytes), to: "hostile")
  }

  /// An encapsulated image of `rows` rows and columns with one code stream.
  private func encapsulated(_ transferSyntax: UID, rows: Int, _ codeStream: [UInt8]) throws -> String {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: rows, columns: rows)
    dataSet.addFragments([codeStream])
    return try write(transferSyntax, dataSet)
  }

  /// The error of the first frame, and the seconds it took to get it.
  private func outcome(_ path: String, _ children: DecoderChildren) -> (error: DICOMFileError?, seconds: Double) {
    let start = ContinuousClock.now
    var found: DICOMFileError?
    do throws(DICOMFileError) {
      var image = try children.decoder.open(path)
      _ = try image.frame(0)
    } catch {
      found = error
    }
    return (found, (ContinuousClock.now - start) / .seconds(1))
  }

  /// The rule of the pre-scan that an error names.
  private func rule(_ error: DICOMFileError?) -> PreScanRule? {
    guard case .structure(let finding)? = error else { return nil }
    return finding.rule
  }

  @Test func `native pixels of 4 GiB that are not there cost nothing`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 65_535, columns: 65_535)
    dataSet.add(.pixelData, "OW", [1, 2, 3, 4, 5, 6, 7, 8])
    let path = try write(.explicitVRLittleEndian, dataSet)
    let children = try DecoderChildren()
    #expect(rule(outcome(path, children).error) == .frameSize)
    #expect(children.processes.count == 1)
  }

  @Test func `the limits of the structure check are those of the configuration, in a child too`() throws {
    var dataSet = DICOMBytes()
    dataSet.addImage(rows: 64, columns: 64)
    dataSet.add(.pixelData, "OW", [UInt8](repeating: 0, count: 8192))
    let path = try write(.explicitVRLittleEndian, dataSet)
    #expect(outcome(path, try DecoderChildren()).error == nil)
    for (limit, value) in [(PreScanLimit.elementCount, 5), (.frameSize, 1)] {
      var limits = DecoderLimits()
      limits.structure.set(limit, to: value)
      let found = rule(outcome(path, try DecoderChildren(limits)).error)
      #expect(found?.rawValue == (limit == .elementCount ? limit.rawValue : nil))
    }
  }

  /// Runs of 128 times one value: RLE at its best compression, 64 to 1. The byte means the run and the value.
  private static func runs(_ count: Int) -> [UInt8] {
    [1, 0, 0, 0, 64, 0, 0, 0] + [UInt8](repeating: 0, count: 56) + [UInt8](repeating: 0x81, count: 2 * count)
  }

  @Test func `a frame of 484 MB in 2 KB is refused by its expansion, one of 900 MB by its size`() throws {
    let small = try encapsulated(.rleLossless, rows: 22_000, Self.runs(1000))
    #expect(rule(outcome(small, try DecoderChildren()).error) == .expansionRatio)
    let large = try encapsulated(.rleLossless, rows: 30_000, Self.runs(7_050_000))
    #expect(rule(outcome(large, try DecoderChildren()).error) == .frameSize)
  }

  @Test func `a frame that there is no memory for is refused before it is decoded, and the child stays`() throws {
    let path = try encapsulated(.rleLossless, rows: 20_000, Self.runs(3_200_000))
    let children = try DecoderChildren(DecoderLimits(memory: 1 << 30))
    guard case .memoryExceeded(let needed, let limit)? = outcome(path, children).error else {
      Issue.record("400 MB were decoded in 512 MiB")
      return
    }
    #expect(needed > 3 * 400_000_000 && limit == 1 << 29)
    #expect(children.processes.count == 1)
    #expect(children.pool.refusals.counts == ["--decoder-memory": 1])
  }

  @Test func `a large frame is decoded with more memory, which the child gives back`() throws {
    let path = try encapsulated(.rleLossless, rows: 9_000, Self.runs(640_000))
    let children = try DecoderChildren()
    var image = try children.decoder.open(path, frame: 0)
    let frame = try image.frame(0)
    #expect(frame.bytes.count == 81_000_000 && frame.bytes.allSatisfy { $0 == 0x81 })
    #expect(children.processes.count == 1)
    let child = try #require(children.processes.first)
    let memory = try ProcessMemory(of: child)
    #expect(memory.privateBytes < 60_000_000, "\(memory.privateBytes) bytes")
    #expect(try image.frame(0) == frame)
  }

  @Test func `a child from which its memory is taken away is replaced`() throws {
    let path = folder.path("image")
    let frame = SampleObjects.gradient(2000, 2000, .monochrome2)
    try DICOMFileWriter.write(
      SampleObjects.secondaryCapture(), transferSyntax: .jpegLosslessSV1, frames: [frame, frame], to: path)
    let children = try DecoderChildren()
    var image = try children.decoder.open(path)
    let child = try #require(children.processes.first)
    let command = try #require(ExternalCommand("prlimit"))
    #expect(try command.run(["--pid", "\(child)", "--as=67108864:"]).status == 0)
    #expect(try image.frame(0) == frame)
    #expect(children.processes != [child])
  }

  /// TEM (T.81 B.1.1.3) is a marker without length; the reader below does not get past it.
  @Test func `a code stream that is never read to its end is stopped by processor time`() throws {
    let frameHeader: [UInt8] = [0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    let stream: [UInt8] = [0xFF, 0xD8, 0xFF, 0x01] + frameHeader + [0xFF, 0xD9, 0]
    let path = try encapsulated(.jpegBaseline8Bit, rows: 16, stream)
    let children = try DecoderChildren(DecoderLimits(processorSeconds: 1, clockSeconds: 30))
    let (error, seconds) = outcome(path, children)
    #expect(error == .decoderLost(.processorTime(seconds: 1)))
    #expect(seconds < 25)
  }

  @Test func `sequences nested 6000 deep are refused and the child stays`() throws {
    var dataSet = DICOMBytes()
    for _ in 0..<6000 {
      dataSet.add(.anatomicRegionSequence, "SQ", [], statedLength: .max)
      dataSet.append(dataSet.word(0xFFFE) + dataSet.word(0xE000) + dataSet.long(.max))
    }
    let path = try write(.explicitVRLittleEndian, dataSet)
    let children = try DecoderChildren()
    #expect(rule(outcome(path, children).error) == .nestingDepth)
    #expect(children.processes.count == 1)
  }
}
