import DICOMCore
import Testing
import Volumes

struct VoxelFormatTests {
  private func format(
    bits: Int, signed: Bool = false, allocated: Int = 16,
    _ interpretation: PhotometricInterpretation = .monochrome2
  ) -> ImageFormat {
    ImageFormat(
      rows: 2, columns: 1, photometricInterpretation: interpretation, bitsAllocated: allocated, bitsStored: bits,
      isSigned: signed)
  }

  private static let line = ValueLine(slope: 2, intercept: -3)

  @Test func `Rows are turned over, values are little endian`() throws {
    let frame = StoredFrame(format: format(bits: 12), bytes: [1, 2, 3, 4])
    let stored = try VoxelFormat([frame.format], [Self.line])
    #expect(stored.kind == .int16)
    #expect(try stored.bytes(of: frame, Self.line) == [3, 4, 1, 2])
    let values = try VoxelFormat([frame.format, frame.format], [Self.line, ValueLine(slope: 1, intercept: 0)])
    #expect(values.kind == .float32 && values.line == ValueLine(slope: 1, intercept: 0))
    // 2 × 0x0403 − 3 = 2051 as a 32-bit float.
    let last = try values.bytes(of: frame, Self.line).prefix(4)
    #expect(Array(last) == [0x00, 0x30, 0x00, 0x45])
  }

  @Test func `A frame that holds more than its attributes say is refused`() throws {
    let planned = try VoxelFormat([format(bits: 12)], [Self.line])
    let wide = StoredFrame(format: format(bits: 16), bytes: [0, 0, 0, 0x80])
    #expect(throws: VolumeRefusal.samplesDiffer) { try planned.bytes(of: wide, Self.line) }
  }

  @Test func `Colour, wide samples and a mixture are refused`() {
    let line = [Self.line]
    #expect(throws: VolumeRefusal.samplesNotSupported) { try VoxelFormat([format(bits: 8, .paletteColor)], line) }
    #expect(throws: VolumeRefusal.samplesNotSupported) { try VoxelFormat([format(bits: 32, allocated: 32)], line) }
    #expect(throws: VolumeRefusal.samplesDiffer) {
      try VoxelFormat([format(bits: 12), format(bits: 12, signed: true)], line + line)
    }
    #expect(throws: VolumeRefusal.samplesDiffer) {
      try VoxelFormat([format(bits: 12), format(bits: 12, .monochrome1)], line + line)
    }
  }
}
