/// How much each part of an image moved one score: a coarse grid over the picture as the model saw it.
package struct HeatmapPicture: Sendable, Equatable {
  /// The finding.
  package let label: String
  /// Cells across, from the left; at least one.
  package let width: Int
  /// Cells down, from the top; at least one.
  package let height: Int
  /// Relevance from 0 (none) to 255 (the most in this image), row by row. It cannot be compared between images.
  package let values: [UInt8]

  /// - Returns: `nil` unless `values` fills the grid.
  package init?(label: String, width: Int, height: Int, values: [UInt8]) {
    guard width > 0, height > 0, width <= 4096, height <= 4096, values.count == width * height else { return nil }
    (self.label, self.width, self.height, self.values) = (label, width, height, values)
  }

  /// What stands beside every heatmap, in every form.
  package static let caveat =
    "What moved the score, not where a finding is: no segmentation, not validated for localisation, not comparable "
    + "between images. Saliency maps localise findings on chest radiographs worse than radiologists do "
    + "(Saporta et al. 2022)."
}

extension HeatmapPicture {
  /// The place of the strongest relevance, in cells from the top left corner of the grid: the centre of mass of the
  /// strongest cell and those around it. `nil` where nothing moved the score.
  ///
  /// Of equally strong cells the first counts, row by row.
  package var peak: (x: Double, y: Double)? {
    guard let strongest = values.max(), strongest > 0, let index = values.firstIndex(of: strongest) else { return nil }
    let (row, column) = (index / width, index % width)
    var (mass, x, y) = (0.0, 0.0, 0.0)
    for r in max(0, row - 1)...min(height - 1, row + 1) {
      for c in max(0, column - 1)...min(width - 1, column + 1) {
        let weight = Double(values[r * width + c])
        mass += weight
        x += weight * (Double(c) + 0.5)
        y += weight * (Double(r) + 0.5)
      }
    }
    return (x / mass, y / mass)
  }

  /// The relevance at a place in cells from the top left corner, between the centres of the cells by bilinear interpolation;
  /// 0...255.
  package func value(x: Double, y: Double) -> Double {
    func axis(_ place: Double, _ count: Int) -> (low: Int, high: Int, share: Double) {
      let shifted = min(max(place - 0.5, 0), Double(count - 1))
      let low = Int(shifted)
      return (low, min(low + 1, count - 1), shifted - Double(low))
    }
    let (across, down) = (axis(x, width), axis(y, height))
    func cell(_ row: Int, _ column: Int) -> Double { Double(values[row * width + column]) }
    let upper =
      cell(down.low, across.low) * (1 - across.share) + cell(down.low, across.high) * across.share
    let lower =
      cell(down.high, across.low) * (1 - across.share) + cell(down.high, across.high) * across.share
    return upper * (1 - down.share) + lower * down.share
  }
}
