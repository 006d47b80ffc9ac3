// Shape letters: T tokens (patches), C hidden size, K values of a patch.
internal import Tensors

/// Turns an image into an embedding that can be compared with those of prompts.
struct VisionTower: Sendable {
  let configuration: VisionConfiguration
  /// Side of the images it takes, in pixels.
  let imageSize: Int
  private let patches: PatchEmbedding
  private let encoder: Encoder
  private let finalNorm: LayerNorm
  private let head: PoolingHead

  /// For images of the checkpoint's own size, or of another one, for which the position table is resampled.
  init(
    _ configuration: VisionConfiguration, imageSize: Int?, _ source: inout some LayerSource
  ) throws(CheckpointError) {
    self.configuration = configuration
    self.imageSize = imageSize ?? configuration.imageSize
    let grid = configuration.gridSize(of: self.imageSize)
    let table = try PositionTable(configuration, &source)
    self.patches = try PatchEmbedding(configuration, positions: table.resampled(to: grid), gridSize: grid, &source)
    self.encoder = try Encoder("vision_model.encoder", configuration.encoder, &source)
    self.finalNorm = try source.exactNorm("vision_model.post_layernorm", configuration.encoder)
    self.head = try PoolingHead("vision_model.head", configuration.encoder, &source)
  }

  /// The embedding before normalisation, `[C]`, of pixels `[channels, size, size]` with values in [-1, 1].
  func embedding(_ pixels: Tensor, _ execution: Execution, observe: Observer) throws(CheckpointError) -> [Float] {
    head.pool(try tokens(of: pixels, execution, observe: observe), after: finalNorm, execution).values
  }

  /// What the last layer makes of the patches, `[T, C]`, before the final layer normalisation.
  private func tokens(
    of pixels: Tensor, _ execution: Execution, observe: Observer
  ) throws(CheckpointError) -> Matrix {
    let expected = [configuration.channelCount, imageSize, imageSize]
    guard pixels.shape == expected else { throw .imageShape(expected: expected, found: pixels.shape) }
    let hidden = patches.embed(pixels, execution)
    observe(.embeddings, hidden)
    encoder.run(hidden, execution) { observe(.layer($0), hidden) }
    return hidden
  }

  /// The embedding before normalisation, and for each of the `directions` that follow from it the relevance of each patch.
  ///
  /// - Parameters:
  ///   - layers: Whose tokens are looked at, by index; maps of several are added.
  ///   - directions: What the embedding is compared with, `[C]` each.
  func explained<E: Error>(
    _ pixels: Tensor, layers: [Int], _ execution: Execution, towards directions: ([Float]) throws(E) -> [[Float]]
  ) throws -> (embedding: [Float], relevance: [[Float]]) {
    var earlier: [Matrix] = []
    let last = configuration.encoder.layerCount - 1
    let hidden = try tokens(of: pixels, execution) { stage, hidden in
      guard case .layer(let index) = stage, index != last, layers.contains(index) else { return }
      earlier.append(Matrix(rows: hidden.rowCount, columns: hidden.columnCount, values: hidden.values))
    }
    let embedding = head.pool(hidden, after: finalNorm, execution).values
    let directions = try directions(embedding)
    guard !directions.isEmpty else { return (embedding, []) }
    let relevance = (earlier + (layers.contains(last) ? [hidden] : [])).map {
      head.relevance(of: $0, after: finalNorm, towards: directions, execution)
    }
    let sums = directions.indices.map { direction in
      (0..<hidden.rowCount).map { token in relevance.reduce(Float(0)) { $0 + $1[direction][token] } }
    }
    return (embedding, sums)
  }
}

/// Cuts an image into square patches and turns each into a token.
struct PatchEmbedding: Sendable {
  private let channelCount: Int
  private let patchSize: Int
  private let gridSize: Int
  /// `[C, channels, patch rows, patch columns]`, used as `[C, K]`.
  private let projection: PackedLinear
  /// `[T, C]`, row by row over the grid.
  private let positions: Weights

  init(
    _ configuration: VisionConfiguration, positions: Weights, gridSize: Int, _ source: inout some LayerSource
  ) throws(CheckpointError) {
    let name = "vision_model.embeddings.patch_embedding"
    let (size, patch) = (configuration.encoder.hiddenSize, configuration.patchSize)
    self.channelCount = configuration.channelCount
    self.patchSize = patch
    self.gridSize = gridSize
    // In 32-bit floats whatever the precision: bfloat16 here would move every token by more than the layers do.
    self.projection = PackedLinear(
      weights: try source.tensor(name + ".weight", [size, configuration.channelCount, patch, patch]),
      bias: try source.tensor(name + ".bias", [size]), precision: .fp32)
    self.positions = positions
  }

  /// Tokens with their positions, `[T, C]`.
  func embed(_ pixels: Tensor, _ execution: Execution) -> Matrix {
    let hidden = Matrix(rows: gridSize * gridSize, columns: positions.columnCount)
    let blocks = WorkerTeam.evenBlocks(
      of: EncoderScratch.rowBlockSize, in: hidden.rowCount, workers: execution.team.size)
    execution.team.run(tasks: blocks.count) { task, _ in
      let rows = blocks[task]
      EncoderProfile.measure(.patches, execution.profile) {
        let values = patches(rows, of: pixels)
        let input = Activations(rows: rows.count, columns: values.columnCount, precision: .fp32)
        execution.kernels.convert(values, into: input)
        execution.kernels.apply(projection, to: input, into: hidden.rows(rows))
        execution.kernels.add(positions.part(rows), to: hidden.rows(rows))
      }
    }
    return hidden
  }

  /// The values of the patches in `range`, one patch a row, in the order of the weights: channel, row, column.
  private func patches(_ range: Range<Int>, of pixels: Tensor) -> Matrix {
    let side = pixels.shape[2]
    var values: [Float] = []
    values.reserveCapacity(range.count * channelCount * patchSize * patchSize)
    for patch in range {
      let (top, left) = (patch / gridSize * patchSize, patch % gridSize * patchSize)
      for channel in 0..<channelCount {
        for row in top..<top + patchSize {
          let start = (channel * side + row) * side + left
          values += pixels.values[start..<start + patchSize]
        }
      }
    }
    return Matrix(rows: range.count, columns: channelCount * patchSize * patchSize, values: values)
  }
}
