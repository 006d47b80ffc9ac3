/// A plane onto which tubes are drawn along polylines.
///
/// Within one stroke the nearest piece counts, so that bends and joints do not add up; strokes add to each other.
struct StrokeLayer {
  private(set) var plane: Plane
  /// For the stroke in progress: the squared distance to its axis over the squared radius, and that radius.
  private var nearest: [Float]
  private var nearestRadius: [Float]
  private let frame: BodyFrame

  init(_ frame: BodyFrame) {
    self.frame = frame
    plane = Plane(rows: frame.rows, columns: frame.columns)
    nearest = Array(repeating: 1, count: frame.rows * frame.columns)
    nearestRadius = nearest
  }

  /// A tube along `points`.
  ///
  /// - Parameters:
  ///   - points: The axis in mm, at least two points.
  ///   - radius: At the start and at the end, in mm.
  ///   - core: The share of the chord that is hollow: 0 a solid rod, 0.8 a rib with its thin cortex.
  ///   - weight: Multiplies the chord (mm).
  mutating func stroke(
    _ points: [(x: Float, y: Float)], radius: (Float, Float), core: Float = 0, weight: Float
  ) {
    guard points.count > 1 else { return }
    var touched: (rows: Range<Int>?, columns: Range<Int>?)
    for index in 1..<points.count {
      let (t0, t1) = (Float(index - 1) / Float(points.count - 1), Float(index) / Float(points.count - 1))
      let radii = (radius.0 + (radius.1 - radius.0) * t0, radius.0 + (radius.1 - radius.0) * t1)
      let area = frame.pixels(around: points[index - 1], points[index], reach: max(radii.0, radii.1))
      guard !area.rows.isEmpty, !area.columns.isEmpty else { continue }
      touched.rows = union(touched.rows, area.rows)
      touched.columns = union(touched.columns, area.columns)
      measurePiece(from: points[index - 1], to: points[index], radii: radii, area: area)
    }
    if let rows = touched.rows, let columns = touched.columns { addStroke(rows, columns, core: core, weight: weight) }
  }

  /// A filled ellipsoid with the given half axes, as mm of its chord along the beam times `weight`.
  mutating func ellipsoid(
    at center: (x: Float, y: Float), halfAxes: (Float, Float), depth: Float, slope: Float = 0, weight: Float
  ) {
    let reach = max(halfAxes.0, halfAxes.1) * 1.3
    let area = frame.pixels(around: center, center, reach: reach)
    for row in area.rows {
      for column in area.columns {
        let place = frame.position(row: row, column: column)
        let u = (place.x - center.x) / halfAxes.0
        let v = (place.y - center.y - slope * (place.x - center.x)) / halfAxes.1
        plane.values[row * frame.columns + column] += PortableMath.chord(u * u + v * v) * depth * weight
      }
    }
  }

  private func union(_ a: Range<Int>?, _ b: Range<Int>) -> Range<Int> {
    guard let a else { return b }
    return min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
  }

  private mutating func measurePiece(
    from start: (x: Float, y: Float), to end: (x: Float, y: Float), radii: (Float, Float),
    area: (rows: Range<Int>, columns: Range<Int>)
  ) {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let inverseLength = 1 / max(dx * dx + dy * dy, 1e-6)
    for row in area.rows {
      for column in area.columns {
        let place = frame.position(row: row, column: column)
        let (px, py) = (place.x - start.x, place.y - start.y)
        let t = min(max((px * dx + py * dy) * inverseLength, 0), 1)
        let (ox, oy) = (px - t * dx, py - t * dy)
        let radius = radii.0 + (radii.1 - radii.0) * t
        let q = (ox * ox + oy * oy) / (radius * radius)
        let index = row * frame.columns + column
        guard q < nearest[index] else { continue }
        nearest[index] = q
        nearestRadius[index] = radius
      }
    }
  }

  private mutating func addStroke(_ rows: Range<Int>, _ columns: Range<Int>, core: Float, weight: Float) {
    for row in rows {
      for index in row * frame.columns + columns.lowerBound..<row * frame.columns + columns.upperBound {
        let q = nearest[index]
        guard q < 1 else { continue }
        var chord = PortableMath.chord(q)
        if core > 0 { chord -= core * PortableMath.chord(q / (core * core)) }
        plane.values[index] += 2 * nearestRadius[index] * chord * weight
        nearest[index] = 1
      }
    }
  }
}
