package import Tensors

/// A grey or RGB image of 8 or 16 bits a sample, to be written as PNG.
///
/// The same samples give the same bytes on every run: filter and compression level are fixed, and no time is written.
package struct PNGImage: Sendable, Equatable {
  package enum Depth: Int, Sendable {
    case bits8 = 8
    case bits16 = 16
  }

  package let rows: Int
  package let columns: Int
  /// 1 (grey) or 3 (RGB).
  package let channels: Int
  package let depth: Depth
  /// `rows × columns × channels` samples, row by row, channels interleaved.
  package let samples: [UInt16]

  /// - Precondition: `samples` fills the image.
  package init(rows: Int, columns: Int, channels: Int, depth: Depth, samples: [UInt16]) {
    precondition(samples.count == rows * columns * channels, "the samples do not fill the image")
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.depth = depth
    self.samples = samples
  }

  /// Display values, rounded to the nearest step of `depth`.
  package init(_ image: DisplayImage, depth: Depth) {
    let maximum = Float((1 << depth.rawValue) - 1)
    self.init(
      rows: image.rows, columns: image.columns, channels: image.channels, depth: depth,
      samples: image.values.map { UInt16(min(maximum, max(0, ($0 * maximum).rounded()))) })
  }

  /// What the encoder sees: three channels in `[-1, 1]`, rounded to 8 bits, which is exact where the preset quantises to
  /// 8 bits; grey when the channels are equal.
  ///
  /// - Precondition: `tensor` has the shape `[3, rows, columns]`.
  package init(encoderInput tensor: Tensor) {
    precondition(tensor.shape.count == 3 && tensor.shape[0] == 3, "an encoder input has the shape [3, rows, columns]")
    let plane = tensor.shape[1] * tensor.shape[2]
    let samples = tensor.values.map { UInt16(min(255, max(0, (($0 * 0.5 + 0.5) * 255).rounded()))) }
    let (red, green, blue) = (samples[..<plane], samples[plane..<2 * plane], samples[(2 * plane)...])
    let isGray = red == green && red == blue
    var interleaved = Array(red)
    if !isGray {
      interleaved = [UInt16](repeating: 0, count: 3 * plane)
      for pixel in 0..<plane {
        interleaved[3 * pixel] = samples[pixel]
        interleaved[3 * pixel + 1] = samples[plane + pixel]
        interleaved[3 * pixel + 2] = samples[2 * plane + pixel]
      }
    }
    self.init(
      rows: tensor.shape[1], columns: tensor.shape[2], channels: isGray ? 1 : 3, depth: .bits8, samples: interleaved)
  }
}
