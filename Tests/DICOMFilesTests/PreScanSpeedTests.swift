import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// How long the structural check takes for what is large, and for what is made to take long.
///
/// `BUCKY_BENCHMARK=1 ./test --no-parallel --filter PreScanSpeedTests` prints seconds; without it only the bounds are tested.
struct PreScanSpeedTests {
  private static let isMeasuring = ProcessInfo.processInfo.environment["BUCKY_BENCHMARK"] != nil
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Of this thread, in seconds: other tests run beside this one.
  private static var processorTime: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Seconds of processor time, the median of `repetitions`, for one check that ends in `rule`, or in none.
  private func seconds(_ path: String, _ name: String, ending rule: PreScanRule?, repetitions: Int = 5) throws -> Double
  {
    var times: [Double] = []
    for _ in 0..<(Self.isMeasuring ? repetitions : 1) {
      let began = Self.processorTime
      do throws(DICOMFileError) {
        _ = try PreScan(path: path)
        #expect(rule == nil)
      } catch {
        guard case .structure(let finding) = error else { throw error }
        #expect(finding.rule == rule)
      }
      times.append(Self.processorTime - began)
    }
    let median = times.sorted()[times.count / 2]
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    if Self.isMeasuring {
      print(
        "pre-scan of \(name): \(size >> 20) MiB in \(median) s of processor time")
    }
    return median
  }

  /// A file of which only headers take room on the disk: `length` bytes behind each of them.
  private func sparse(_ start: [UInt8], values: Int, of length: Int, header: [UInt8], end: [UInt8] = []) throws
    -> String
  {
    let path = try folder.write(start, to: "sparse")
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    defer { try? file.close() }
    for index in 0..<values {
      try file.seek(toOffset: UInt64(start.count + index * (header.count + length)))
      try file.write(contentsOf: header)
    }
    let total = start.count + values * (header.count + length)
    try file.seek(toOffset: UInt64(total))
    try file.write(contentsOf: end)
    try file.truncate(atOffset: UInt64(total + end.count))
    return path
  }

  private func file(_ syntax: UID, _ build: (inout DICOMBytes) -> Void) -> [UInt8] {
    var data = DICOMBytes()
    build(&data)
    return DICOMBytes.file(syntax, data.bytes)
  }

  // MARK: - Large and sound

  @Test func `a gigabyte of native pixels is passed over at more than a gigabyte a second`() throws {
    let start = file(.explicitVRLittleEndian) { $0.addImage(rows: 16_384, columns: 16_384, allocated: 16, frames: "2") }
    var pixels = DICOMBytes()
    pixels.add(.pixelData, "OW", [], statedLength: 1 << 30)
    let path = try sparse(start, values: 1, of: 1 << 30, header: pixels.bytes)
    #expect(try seconds(path, "1 GiB of native pixels", ending: nil) < 1)
  }

  @Test func `a gigabyte of fragments is passed over at more than a gigabyte a second`() throws {
    let start = file(.jpegLSLossless) {
      $0.addImage(rows: 512, columns: 512, allocated: 16, frames: "10240")
      $0.add(.pixelData, "OB", [], statedLength: .max)
      $0.append([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0])
    }
    let end: [UInt8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    let path = try sparse(
      start, values: 10_240, of: 100 << 10, header: [0xFE, 0xFF, 0x00, 0xE0, 0, 0x90, 0x01, 0], end: end)
    #expect(try seconds(path, "1,000 MiB in 10,240 fragments", ending: nil) < 1)
  }

  // MARK: - Made to take long: all of it well below the 30 s of processor time that a child has

  @Test func `as many elements as are allowed, and one more`() throws {
    let element: [UInt8] = [0x09, 0, 0x01, 0x10] + Array("LO".utf8) + [0, 0]
    let elements = Array([[UInt8]](repeating: element, count: 2_000_001).joined())
    let path = try folder.write(file(.explicitVRLittleEndian) { $0.append(elements) }, to: "dense")
    #expect(try seconds(path, "2,000,001 empty elements", ending: .elementCount) < 10)
  }

  @Test func `as many elements as are allowed, each in 64 sequences`() throws {
    let sequence: [UInt8] = [0x08, 0, 0x40, 0x11] + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
    let closed: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    var elements = Array([[UInt8]](repeating: sequence + item, count: 63).joined())
    elements += Array([[UInt8]](repeating: sequence + item + closed, count: 500_000).joined())
    let path = try folder.write(file(.explicitVRLittleEndian) { $0.append(elements) }, to: "nested")
    #expect(try seconds(path, "2,000,000 elements at depth 64", ending: .elementCount) < 10)
  }

  @Test func `a deflated data set of as many bytes as are allowed`() throws {
    // One block of fixed codes (RFC 1951 3.2.6): a byte, then runs of 258 of it, 13 bits each.
    var bits = BitWriter()
    bits.put(0b011, 3)
    bits.put(0b0000_1100, 8)
    for _ in 0..<4_200_000 {
      bits.put(0b1010_0011, 8)
      bits.put(0, 5)
    }
    var header = DICOMBytes()
    header.add(.imageComments, "UT", [], statedLength: 0xFFFF_FFF0)
    let stored = [0, 12, 0, 0xF3, 0xFF] + header.bytes
    #expect(header.bytes.count == 12)
    let path = try folder.write(
      DICOMBytes.file(.deflatedExplicitVRLittleEndian, stored + bits.bytes), to: "deflated")
    #expect(try seconds(path, "a deflated data set that inflates to 1 GiB", ending: .inflatedSize, repetitions: 3) < 30)
  }
}

/// Bits, least significant first, as deflate has them.
private struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var count = 0

  mutating func put(_ bits: Int, _ width: Int) {
    for bit in 0..<width {
      if count % 8 == 0 { bytes.append(0) }
      bytes[count / 8] |= UInt8(bits >> bit & 1) << UInt8(count % 8)
      count += 1
    }
  }
}
