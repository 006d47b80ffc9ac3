package import DICOMCore

extension PixelPipeline {
  /// Bytes that a frame and what is made of it take at most, from the stored values to tensor and PNG.
  ///
  /// Frames of 16 bits allocated or fewer are codes of 16 bits and small tables; those of more are ranked, and every different
  /// value has an entry in tables and histogram.
  package func workingBytes(for format: ImageFormat) -> Int {
    let isWide = format.isFloat || format.bitsAllocated > 16
    let samples = format.sampleCount
    let frame = samples * format.bytesPerSample + samples * (isWide ? 160 : 2)
    guard preset == .ownSize else {
      // The first pass of the resize keeps all rows of the padded square; the square itself is held as values, tensor
      // and picture.
      return frame + max(format.rows, format.columns) * (size + 16) + 40 * size * size
    }
    let channels = format.samplesPerPixel == 3 || format.photometricInterpretation == .paletteColor ? 3 : 1
    return frame + 28 * format.rows * format.columns * channels
  }
}
