import DICOMCore
import PixelTransforms
import Tensors
import Testing

struct PNGImageTests {
  private func image(_ rows: Int, _ columns: Int, channels: Int, depth: PNGImage.Depth) -> PNGImage {
    let samples = (0..<rows * columns * channels).map { UInt16(Samples.noise($0, below: 1 << depth.rawValue)) }
    return PNGImage(rows: rows, columns: columns, channels: channels, depth: depth, samples: samples)
  }

  @Test("what is written is read back", arguments: [1, 3], [PNGImage.Depth.bits8, .bits16])
  func roundTrip(channels: Int, depth: PNGImage.Depth) throws {
    for (rows, columns) in [(1, 1), (7, 5), (1, 300), (200, 33)] {
      let image = image(rows, columns, channels: channels, depth: depth)
      #expect(try PNGImage(decoding: image.encoded()) == image)
    }
  }

  @Test("the same image gives the same bytes, which start as a PNG does")
  func deterministic() throws {
    let image = image(50, 60, channels: 3, depth: .bits16)
    let bytes = try image.encoded()
    #expect(try image.encoded() == bytes)
    #expect(Array(bytes[..<8]) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes[24] == 16 && bytes[25] == 2)
  }

  @Test("16-bit samples are big endian in the file, as PNG wants")
  func byteOrder() throws {
    let low = PNGImage(rows: 1, columns: 1, channels: 1, depth: .bits16, samples: [0x0102])
    #expect(try PNGImage(decoding: low.encoded()).samples == [0x0102])
  }

  @Test("an encoder input becomes grey when its channels are equal, RGB when not, exact to the 8-bit step")
  func encoderInput() throws {
    let steps = (0..<256).map { Float(Double($0) / 255 * 2 - 1) }
    let gray = PNGImage(encoderInput: Tensor(shape: [3, 16, 16], values: steps + steps + steps))
    #expect(gray.channels == 1 && gray.samples == (0..<256).map { UInt16($0) })
    let color = PNGImage(encoderInput: Tensor(shape: [3, 16, 16], values: steps + steps.reversed() + steps))
    #expect(color.channels == 3 && Array(color.samples[..<6]) == [0, 255, 0, 1, 254, 1])
  }

  @Test("display values are rounded to the depth")
  func displayImage() throws {
    let image = DisplayImage(rows: 1, columns: 3, channels: 1, values: [0, 0.5, 1], steps: [])
    #expect(PNGImage(image, depth: .bits8).samples == [0, 128, 255])
    #expect(PNGImage(image, depth: .bits16).samples == [0, 32768, 65535])
  }

  @Test("an image without pixels cannot be written")
  func empty() {
    #expect(throws: PixelTransformError.self) {
      try PNGImage(rows: 0, columns: 0, channels: 1, depth: .bits8, samples: []).encoded()
    }
  }

  @Test("damaged and oversized files are refused with libpng's reason", arguments: [0, 1, 8, 20, 33, 50, 60, 90])
  func damaged(length: Int) throws {
    let bytes = try image(9, 9, channels: 1, depth: .bits8).encoded()
    #expect(throws: PixelTransformError.self) { try PNGImage(decoding: Array(bytes[..<length])) }
    var flipped = bytes
    flipped[length + 9] ^= 0x55
    #expect(throws: PixelTransformError.self) { try PNGImage(decoding: flipped) }
  }

  @Test("a reader's limit holds before memory is taken")
  func limit() throws {
    let bytes = try image(9, 9, channels: 1, depth: .bits8).encoded()
    #expect(throws: PixelTransformError.png("too large")) { try PNGImage(decoding: bytes, largestSampleCount: 80) }
    #expect(try PNGImage(decoding: bytes, largestSampleCount: 81).samples.count == 81)
  }
}
