extension VisionConfiguration {
  /// Multiplications and additions that the definition of the tower asks for, for an image of `imageSize`.
  ///
  /// Linear layers, attention and the patches; what is linear in the values, such as normalisation, is left out. A program
  /// that finds a shorter way, as ``PoolingHead`` does, is counted by the long one.
  package func operationCount(imageSize: Int) -> Double {
    let (tokens, size) = (Double(gridSize(of: imageSize) * gridSize(of: imageSize)), Double(encoder.hiddenSize))
    let inner = Double(encoder.intermediateSize)
    let perLayer = 2 * tokens * (4 * size * size + 2 * size * inner) + 4 * tokens * tokens * size
    let patches = 2 * tokens * size * Double(channelCount * patchSize * patchSize)
    let head = 2 * tokens * 2 * size * size + 4 * tokens * size + 2 * (2 * size * size + 2 * size * inner)
    return perLayer * Double(encoder.layerCount) + patches + head
  }
}
