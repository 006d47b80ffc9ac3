internal import Tensors

/// The trained position of every patch, on the square grid the checkpoint was trained with.
struct PositionTable: Sendable {
  /// Side of the grid.
  let gridSize: Int
  /// `[gridSize · gridSize, C]`, row by row.
  private let table: Weights

  init(_ configuration: VisionConfiguration, _ source: inout some LayerSource) throws(CheckpointError) {
    let name = "vision_model.embeddings.position_embedding.weight"
    let size = configuration.encoder.hiddenSize
    let grid = configuration.gridSize(of: configuration.imageSize)
    self.table = try source.tensor(name, [-1, size])
    let side = Int(Double(table.rowCount).squareRoot().rounded())
    guard side > 0, side * side == table.rowCount else {
      throw .wrongShape(file: source.file(of: name), tensor: name, expected: [grid * grid, size], found: table.shape)
    }
    self.gridSize = side
  }

  /// Positions for a grid of another size, `[grid · grid, C]`.
  ///
  /// Bicubic with a = -0.75, half-pixel centres, edges repeated and no antialiasing: what `interpolate_pos_encoding` of
  /// Hugging Face transformers asks of PyTorch.
  func resampled(to grid: Int) -> Weights {
    guard grid != gridSize else { return table }
    let size = table.columnCount
    let stored = table.values
    let taps = (0..<grid).map { Self.taps(at: $0, of: grid, from: gridSize) }
    var values = [Float](repeating: 0, count: grid * grid * size)
    for row in 0..<grid {
      for column in 0..<grid {
        let start = (row * grid + column) * size
        for vertical in taps[row] {
          for horizontal in taps[column] {
            let source = (vertical.index * gridSize + horizontal.index) * size
            let weight = vertical.weight * horizontal.weight
            for channel in 0..<size { values[start + channel] += weight * stored[source + channel] }
          }
        }
      }
    }
    return Weights(shape: [grid * grid, size], values: values)
  }

  /// The four stored positions that one of `count` resampled ones is made of, with their weights (Keys 1981).
  static func taps(at index: Int, of count: Int, from storedCount: Int) -> [(index: Int, weight: Float)] {
    let centre = (Float(index) + 0.5) * (Float(storedCount) / Float(count)) - 0.5
    let first = centre.rounded(.down)
    let fraction = centre - first
    return (-1...2).map { offset in
      let distance = abs(fraction - Float(offset))
      let position = min(max(Int(first) + offset, 0), storedCount - 1)
      return (position, cubic(distance))
    }
  }

  private static func cubic(_ x: Float) -> Float {
    let a: Float = -0.75
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return 0
  }
}
