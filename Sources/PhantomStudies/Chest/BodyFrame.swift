/// The map between pixels and millimetres of the body.
struct BodyFrame {
  let rows: Int
  let columns: Int
  /// Millimetres of the body under one pixel.
  let scale: Float
  private let center: (x: Float, y: Float)
  private let cosine: Float
  private let sine: Float

  init(_ projection: ChestProjection) {
    rows = projection.rows
    columns = projection.columns
    scale = projection.pixelSpacing / projection.magnification
    center = (projection.centerX, projection.centerY)
    let angle = projection.tilt * PortableMath.pi / 180
    cosine = PortableMath.cos(angle)
    sine = PortableMath.sin(angle)
  }

  /// The place in the body under the centre of a pixel.
  @inline(__always)
  func position(row: Int, column: Int) -> (x: Float, y: Float) {
    let u = (Float(column) + 0.5 - Float(columns) / 2) * scale
    let v = (Float(row) + 0.5 - Float(rows) / 2) * scale
    return (center.x + cosine * u - sine * v, center.y + sine * u + cosine * v)
  }

  /// The pixels under the square of half width `reach` around a segment, clipped to the image; empty ranges when it lies outside.
  func pixels(around start: (x: Float, y: Float), _ end: (x: Float, y: Float), reach: Float) -> (
    rows: Range<Int>, columns: Range<Int>
  ) {
    let (a, b) = (pixel(start), pixel(end))
    let margin = reach / scale + 1
    func clipped(_ low: Float, _ high: Float, _ limit: Int) -> Range<Int> {
      let first = max(0, Int(max(-1e6, low - margin)))
      return first..<max(first, min(limit, Int(min(1e6, high + margin)) + 1))
    }
    return (
      clipped(min(a.row, b.row), max(a.row, b.row), rows),
      clipped(min(a.column, b.column), max(a.column, b.column), columns)
    )
  }

  private func pixel(_ point: (x: Float, y: Float)) -> (row: Float, column: Float) {
    let (dx, dy) = (point.x - center.x, point.y - center.y)
    return (
      (cosine * dy - sine * dx) / scale + Float(rows) / 2 - 0.5,
      (cosine * dx + sine * dy) / scale + Float(columns) / 2 - 0.5
    )
  }
}
