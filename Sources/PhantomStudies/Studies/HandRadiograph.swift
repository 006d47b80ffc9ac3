/// A hand, for what is not a chest.
enum HandRadiograph {
  /// Log signal and window of a left hand, palm on the detector; 0.5 mm pixels.
  static func draw(seed: UInt64) -> (signal: Plane, window: DisplayWindow, spacing: Float) {
    var projection = ChestProjection()
    (projection.rows, projection.columns, projection.pixelSpacing) = (420, 330, 0.55)
    (projection.centerX, projection.centerY) = (0, 0)
    let frame = BodyFrame(projection)
    var (soft, bone) = (StrokeLayer(frame), StrokeLayer(frame))
    soft.stroke([(-2, 24), (-4, 62), (-2, 115)], radius: (37, 27), weight: 0.32)
    for (index, angle) in [Float(-0.86), -0.26, -0.06, 0.12, 0.32].enumerated() {
      drawFinger(index, angle, &soft, &bone)
    }
    for index in 0..<8 {
      let (column, row) = (Float(index % 4), Float(index / 4))
      bone.ellipsoid(at: (-19 + 12 * column, 56 + 12 * row), halfAxes: (6.4, 6.8), depth: 9, weight: 0.6)
    }
    bone.stroke([(-14, 82), (-15, 120)], radius: (10, 7), core: 0.6, weight: 0.8)
    bone.stroke([(13, 84), (14, 120)], radius: (6.5, 5.5), core: 0.6, weight: 0.8)
    var random = PhantomRandom(seed: seed, stream: 41)
    var signal = Plane(rows: frame.rows, columns: frame.columns)
    for index in signal.values.indices {
      let tissue = min(soft.plane.values[index], 30)
      signal.values[index] = 0.021 * tissue + 0.05 * bone.plane.values[index] + 0.008 * random.normal()
    }
    return (signal.softened(0.4), DisplayWindow(low: 0.05, high: 1.35), projection.pixelSpacing)
  }

  /// A ray: metacarpal and phalanges, each a hollow shaft between two wider ends.
  private static func drawFinger(_ index: Int, _ angle: Float, _ soft: inout StrokeLayer, _ bone: inout StrokeLayer) {
    let isThumb = index == 0
    let reach: Float = [0.86, 1.0, 1.08, 1.0, 0.82][index]
    let start: (x: Float, y: Float) = isThumb ? (-24, 46) : (-20 + 12 * Float(index - 1), 42)
    let lengths: [Float] = isThumb ? [42, 30, 24] : [58, 40, 25, 18]
    let (dx, dy) = (PortableMath.sin(angle), -PortableMath.cos(angle))
    var place = start
    for (order, length) in lengths.enumerated() {
      let span = length * reach
      let end = (x: place.x + dx * span, y: place.y + dy * span)
      let width: Float = 5.2 - 0.7 * Float(order)
      let gap: Float = 2.2
      let from = (x: place.x + dx * gap, y: place.y + dy * gap)
      let to = (x: end.x - dx * gap, y: end.y - dy * gap)
      bone.stroke([from, to], radius: (width * 0.8, width * 0.72), core: 0.62, weight: 0.95)
      bone.ellipsoid(at: from, halfAxes: (width, width * 0.9), depth: width, weight: 0.9)
      bone.ellipsoid(at: to, halfAxes: (width * 0.95, width * 0.85), depth: width, weight: 0.9)
      place = end
    }
    soft.stroke([start, place], radius: (11, 7.5), weight: 0.9)
  }
}
