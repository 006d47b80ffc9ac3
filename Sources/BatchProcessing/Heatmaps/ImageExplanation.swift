internal import PixelTransforms

/// What moved the scores of one image, and the image as the model saw it.
struct ImageExplanation: Sendable {
  /// By index of the finding.
  let maps: [Int: HeatmapGrid]
  let picture: ModelPicture
}

/// An encoder input in 8 bits.
struct ModelPicture: Sendable {
  let rows: Int
  let columns: Int
  /// 1 (grey) or 3 (RGB), interleaved.
  let channels: Int
  let samples: [UInt8]

  init(_ image: PNGImage) {
    (rows, columns, channels) = (image.rows, image.columns, image.channels)
    samples = image.samples.map { UInt8(truncatingIfNeeded: $0) }
  }
}
