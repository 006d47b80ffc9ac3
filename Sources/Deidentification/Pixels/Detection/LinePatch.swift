/// The picture of a line, turned so that it runs from left to right with light strokes, at one size for all.
struct LinePatch {
  static let height = 24
  static let width = 96
  /// How many samples of a patch a letter is high.
  private static let letterHeight = 15.0

  /// `height × width` values of mean 0 and standard deviation 1, cut at ±3.
  let values: [Float]

  /// - Parameters:
  ///   - plane: In which the line was found; strokes are light unless `pen` says how light or dark they are.
  ///   - part: From -1, the first letter, over 0, the middle, to 1, the last.
  init(of line: TextLine, in plane: SamplePlane, pen: Double?, part: Double) {
    let (place, step) = Self.placement(of: line, part: part)
    let axis = line.forward
    let taps = max(1, Int(step.rounded(.up)))
    var values = [Float](repeating: 0, count: Self.height * Self.width)
    unsafe plane.values.withUnsafeBufferPointer { samples in
      for row in 0..<Self.height {
        for column in 0..<Self.width {
          var sum: Float = 0
          for tap in 0..<taps * taps {
            let along = (Double(column) + (Double(tap % taps) + 0.5) / Double(taps) - Double(Self.width) / 2) * step
            let across = (Double(row) + (Double(tap / taps) + 0.5) / Double(taps) - Double(Self.height) / 2) * step
            let x = place.x + along * axis.x - across * axis.y
            let y = place.y + along * axis.y + across * axis.x
            sum += unsafe Self.interpolated(samples, plane.width, plane.height, x, y)
          }
          values[row * Self.width + column] = sum / Float(taps * taps)
        }
      }
    }
    let mean = values.reduce(0, +) / Float(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
    let scale = (pen.map { Float($0) < mean } ?? false ? -1 : 1) / max(deviation, 1e-3)
    self.values = values.map { max(-3, min(3, ($0 - mean) * scale)) }
  }

  /// The middle of the patch, and how many samples of the plane one of its own stands for.
  private static func placement(of line: TextLine, part: Double) -> (place: (x: Double, y: Double), step: Double) {
    let axis = line.forward
    let heights = line.glyphs.map { glyph in
      abs(axis.x) * Double(glyph.component.height) + abs(axis.y) * Double(glyph.component.width)
    }.sorted()
    let step = max(1, heights[heights.count * 3 / 4]) / letterHeight
    let box = line.bounds ?? (0, 0, 0, 0)
    let (x, y) = (Double(box.left + box.right + 1) / 2, Double(box.top + box.bottom + 1) / 2)
    let length = abs(axis.x) * Double(box.right - box.left) + abs(axis.y) * Double(box.bottom - box.top)
    let room = max(0, (length - Double(width) * step) / 2)
    return ((x + part * room * axis.x, y + part * room * axis.y), step)
  }

  /// Between the four samples around a place; what lies outside continues the edge.
  private static func interpolated(
    _ samples: UnsafeBufferPointer<Int16>, _ width: Int, _ height: Int, _ x: Double, _ y: Double
  ) -> Float {
    let (u, v) = (max(0, min(Double(width - 1), x - 0.5)), max(0, min(Double(height - 1), y - 0.5)))
    let (column, row) = (Int(u), Int(v))
    let (right, below) = (min(width - 1, column + 1), min(height - 1, row + 1))
    let (fx, fy) = (Float(u - Double(column)), Float(v - Double(row)))
    let upper = unsafe Float(samples[row * width + column]) * (1 - fx) + Float(samples[row * width + right]) * fx
    let lower = unsafe Float(samples[below * width + column]) * (1 - fx) + Float(samples[below * width + right]) * fx
    return upper * (1 - fy) + lower * fy
  }
}

extension TextLine {
  /// The line's picture; of one that is longer than a patch its beginning, middle and end.
  func patches(in plane: SamplePlane, pen: Double?) -> [LinePatch] {
    let parts = letters > 8 ? [0.0, -1, 1] : [0]
    return parts.map { LinePatch(of: self, in: plane, pen: pen, part: $0) }
  }

  /// ``direction`` pointing to the right, or down where the line is vertical.
  var forward: (x: Double, y: Double) {
    let isFlat = abs(direction.x) >= abs(direction.y)
    let turns = isFlat ? direction.x < 0 : direction.y < 0
    return turns ? (-direction.x, -direction.y) : direction
  }
}
