package import Tensors

/// How much each patch of an image moved one score: a coarse map of what the pooling head used.
package struct PatchRelevance: Sendable, Equatable {
  /// What the values are, with the version of the computation.
  package static let method = "pooling-head-gradient/1"

  /// Patches along one side of the square.
  package let gridSize: Int
  /// Row by row from the top left; none is negative. In units of the cosine.
  package let values: [Float]

  package init(gridSize: Int, values: [Float]) {
    precondition(values.count == gridSize * gridSize, "the values do not fill the grid")
    (self.gridSize, self.values) = (gridSize, values)
  }
}

extension SigLIPModel {
  /// The layer whose tokens the embedding is pooled from: the last.
  package var relevanceLayers: [Int] { [configuration.vision.encoder.layerCount - 1] }

  /// Patches along one side of an image.
  package var gridSize: Int { configuration.vision.gridSize(of: imageSize) }

  /// The unit embedding of an image, and how much each of its patches moved the cosine with directions that are chosen when
  /// the embedding is known.
  ///
  /// The backbone runs once. The embedding has the bits of ``imageEmbedding(_:threads:profile:)``.
  ///
  /// - Parameters:
  ///   - pixels: `[channels, imageSize, imageSize]` with values in [-1, 1].
  ///   - threads: How many threads may work on this image; the result is the same for any number.
  ///   - layers: Whose tokens go through the pooling head, by index; the maps of several are added. `nil` for
  ///     ``relevanceLayers``.
  ///   - directions: For the unit embedding, what to explain: each as long as the embedding, of any length, such as the
  ///     difference of two prompts. None costs nothing.
  /// - Returns: A map for each direction, in their order.
  /// - Throws: What ``imageEmbedding(_:threads:profile:)`` throws, and what `directions` throws.
  package func explainedEmbedding<E: Error>(
    _ pixels: Tensor, threads: Int = 1, layers: [Int]? = nil, towards directions: ([Float]) throws(E) -> [[Float]]
  ) throws -> (embedding: [Float], relevance: [PatchRelevance]) {
    var unit: [Float] = []
    let explained = try vision.loaded().explained(
      pixels, layers: layers ?? relevanceLayers, execution(threads)
    ) { embedding in
      unit = try Self.normalized(embedding)
      return try directions(unit)
    }
    return (unit, explained.relevance.map { PatchRelevance(gridSize: gridSize, values: $0) })
  }
}
