import BatchProcessing
import DICOMCore
import PixelTransforms
import Testing

struct FramePositionTests {
  @Test(arguments: [ResizePreset.tfBilinearPadded, .training, .googleContainer])
  func `a place in a padded input leads back to the frame, or to nothing in the padding`(preset: ResizePreset) throws {
    // 40 rows by 100 columns: a square of 100 with 30 rows of padding above and below.
    let position = try #require(FramePosition(try Self.steps(preset, rows: 40, columns: 100, size: 50)))
    #expect(position.rows == 40 && position.columns == 100)
    #expect(position.pixel(x: 25, y: 10) == nil)
    expect(position.pixel(x: 0, y: 15), 0, 0)
    expect(position.pixel(x: 25, y: 25), 20, 50)
    expect(position.pixel(x: 49.9, y: 34.9), 39, 99)
    #expect(position.pixel(x: 25, y: 35) == nil)
  }

  @Test func `without padding both axes have a scale of their own`() throws {
    let position = try #require(FramePosition(try Self.steps(.hfSlow, rows: 40, columns: 100, size: 50)))
    expect(position.pixel(x: 25, y: 25), 20, 50)
    expect(position.pixel(x: 0, y: 0), 0, 0)
    let corner = position.place(x: 50, y: 50)
    #expect(corner.x == 100 && corner.y == 40)
  }

  @Test func `a record without a resize to a square leads nowhere`() throws {
    #expect(FramePosition([]) == nil)
    #expect(FramePosition(try Self.steps(.ownSize, rows: 4, columns: 6, size: 8)) == nil)
  }

  private func expect(_ pixel: (row: Int, column: Int)?, _ row: Int, _ column: Int) {
    #expect(pixel?.row == row && pixel?.column == column)
  }

  private static func steps(_ preset: ResizePreset, rows: Int, columns: Int, size: Int) throws -> [ProcessingStep] {
    let format = ImageFormat(
      rows: rows, columns: columns, photometricInterpretation: .monochrome2, bitsAllocated: 8, bitsStored: 8)
    let frame = StoredFrame(format: format, bytes: (0..<rows * columns).map { UInt8($0 % 256) })
    var attributes = DataSet()
    attributes.set(.modality, .cs, "CR")
    return try PixelPipeline(window: .automatic, preset: preset, size: size)
      .encoderInput(frame: frame, attributes: attributes).steps
  }
}
