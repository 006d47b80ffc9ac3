/// One phantom as the encoder sees it, with its truth as numbers: what the demo encoder's recipe learns from.
package struct TrainingExample: Sendable {
  /// The display image in 8 bits, `size × size`, row by row.
  package let image: [UInt8]
  /// For each finding in the order of `FindingKind.allCases`, how much of each cell of a `grid × grid` raster it covers, 0...255.
  package let coverage: [UInt8]
  package let truth: GroundTruth

  /// Draws the phantom of a seed; `plainNodules` leaves the calcium out of its nodules, fainter than any that is scored.
  package init(seed: UInt64, size: Int, grid: Int, plainNodules: Bool = false) {
    var parameters = ChestParameters.random(seed: seed)
    if plainNodules { for index in parameters.nodules.indices { parameters.nodules[index].calcification = 0 } }
    let radiograph = ChestRadiograph(parameters)
    image = Self.encoderImage(radiograph.display, size: size)
    coverage = FindingKind.allCases.flatMap { kind in
      Self.cells(
        radiograph.drawing.masks[kind], rows: parameters.projection.rows, columns: parameters.projection.columns, grid)
    }
    truth = GroundTruth(parameters)
  }

  /// Padded with black to a square, sampled bilinearly at half-pixel centres without antialias, cut to 8 bits: the
  /// default preset of `PixelTransforms`, whose arithmetic this follows.
  private static func encoderImage(_ display: Plane, size: Int) -> [UInt8] {
    let side = max(display.rows, display.columns)
    let (top, left) = ((side - display.rows) / 2, (side - display.columns) / 2)
    func value(_ row: Int, _ column: Int) -> Float {
      let (r, c) = (row - top, column - left)
      return r >= 0 && r < display.rows && c >= 0 && c < display.columns ? display[row: r, column: c] * 255 : 0
    }
    let scale = Float(side) / Float(size)
    let taps = (0..<size).map { index -> (low: Int, high: Int, weight: Float) in
      let position = (Float(index) + 0.5) * scale - 0.5
      let floor = position.rounded(.down)
      return (max(0, Int(floor)), min(side - 1, Int(position.rounded(.up))), position - floor)
    }
    var result: [UInt8] = []
    result.reserveCapacity(size * size)
    for y in taps {
      for x in taps {
        let upper = value(y.low, x.low) + (value(y.low, x.high) - value(y.low, x.low)) * x.weight
        let lower = value(y.high, x.low) + (value(y.high, x.high) - value(y.high, x.low)) * x.weight
        result.append(UInt8(min(max(upper + (lower - upper) * y.weight, 0), 255)))
      }
    }
    return result
  }

  private static func cells(_ mask: Plane?, rows: Int, columns: Int, _ grid: Int) -> [UInt8] {
    guard let mask else { return Array(repeating: 0, count: grid * grid) }
    let side = max(rows, columns)
    let (top, left) = ((side - rows) / 2, (side - columns) / 2)
    var sums = Array(repeating: Float(0), count: grid * grid)
    for row in 0..<rows {
      let y = (row + top) * grid / side
      for column in 0..<columns {
        let cover = min(1, mask[row: row, column: column])
        if cover > 0 { sums[y * grid + (column + left) * grid / side] += cover }
      }
    }
    let area = Float(side * side) / Float(grid * grid)
    return sums.map { UInt8(min(255, ($0 / area * 255).rounded(.up))) }
  }
}

extension TrainingExample {
  /// Draws the phantoms of consecutive seeds on all cores; the order of the result is that of the seeds.
  package static func draw(
    firstSeed: UInt64, count: Int, size: Int, grid: Int, plainNodules: Bool = false
  ) async -> [TrainingExample] {
    await withTaskGroup(of: (Int, TrainingExample).self) { group in
      for index in 0..<count {
        group.addTask {
          (index, TrainingExample(seed: firstSeed + UInt64(index), size: size, grid: grid, plainNodules: plainNodules))
        }
      }
      var drawn: [TrainingExample?] = Array(repeating: nil, count: count)
      for await (index, example) in group { drawn[index] = example }
      return drawn.compactMap(\.self)
    }
  }
}
