/// Pulmonary vessels and hila: what gives an aerated lung its texture.
enum LungMarkings {
  /// Chords in mm of soft tissue.
  static func draw(_ parameters: ChestParameters, _ frame: BodyFrame, _ shape: ThoraxShape) -> Plane {
    var layer = StrokeLayer(frame)
    var random = PhantomRandom(seed: parameters.seed, stream: 11)
    let collapse = parameters.pneumothorax.map { LungCollapse($0, parameters.anatomy, shape) }
    for side in Side.allCases {
      let hilum: (x: Float, y: Float) = (
        side.sign * 40 + parameters.projection.turn, side == .left ? -22 : -10
      )
      layer.ellipsoid(at: hilum, halfAxes: (15, 22), depth: 20, slope: side.sign * 0.2, weight: 1)
      let tree = VesselTree(side: side, shape: shape, collapse: collapse?.side == side ? collapse : nil)
      for trunk in 0..<11 {
        let angle = -1.45 + 2.95 * (Float(trunk) + random.unit()) / 11
        let root = (x: hilum.x + 5 * random.normal(), y: hilum.y + 9 * random.normal())
        tree.grow(from: root, angle: angle, radius: random.uniform(2.2...3.8), generation: 0, &layer, &random)
      }
    }
    var plane = layer.plane
    // Crowded vessels at the hilum lie beside each other, not behind each other.
    for index in plane.values.indices { plane.values[index] = min(plane.values[index], 14 + 0.3 * plane.values[index]) }
    return plane
  }
}

/// Branching vessels of one lung, growing away from the hilum until they leave the lung or get too thin.
private struct VesselTree {
  let side: Side
  let shape: ThoraxShape
  let collapse: LungCollapse?

  /// Grows one vessel and its branches; an angle of 0 points away from the midline, positive ones downwards, in radians.
  func grow(
    from start: (x: Float, y: Float), angle: Float, radius: Float, generation: Int, _ layer: inout StrokeLayer,
    _ random: inout PhantomRandom
  ) {
    var points = [start]
    var (place, heading) = (start, angle)
    let count = generation == 0 ? 7 : 5
    for _ in 0..<count {
      heading += 0.16 * random.normal()
      let step = random.uniform(5...9)
      place.x += side.sign * step * PortableMath.cos(heading)
      place.y += step * PortableMath.sin(heading)
      guard isInLung(place) else { break }
      points.append(place)
    }
    let end = radius * 0.72
    layer.stroke(points, radius: (radius, end), weight: 1)
    guard generation < 4, end > 0.55, points.count == count + 1 else { return }
    for turn in [random.uniform(0.15...0.6), -random.uniform(0.15...0.6)] {
      let child = end * random.uniform(0.66...0.92)
      grow(from: place, angle: heading + turn, radius: child, generation: generation + 1, &layer, &random)
    }
  }

  private func isInLung(_ place: (x: Float, y: Float)) -> Bool {
    let distance = place.x * side.sign
    guard distance > 0, distance < shape.cage(place.y) - 6, place.y > shape.anatomy.apexY + 5 else { return false }
    guard place.y < shape.diaphragm(distance, side) + 12 else { return false }
    return collapse.map { $0.distanceInsideLung(distance, place.y) > 2 } ?? true
  }
}

/// Trachea and main bronchi.
enum Airways {
  /// Chords in mm of air.
  static func draw(_ parameters: ChestParameters, _ frame: BodyFrame) -> Plane {
    var layer = StrokeLayer(frame)
    let turn = parameters.projection.turn
    let carina: (x: Float, y: Float) = (turn - 2, -58)
    layer.stroke([(0, -225), (turn * 0.6, -130), (turn - 3, -90), carina], radius: (8.5, 8), weight: 1)
    layer.stroke([carina, (turn - 20, -38), (turn - 36, -20)], radius: (6.5, 5), weight: 0.9)
    layer.stroke([carina, (turn + 22, -40), (turn + 42, -28)], radius: (6, 4.5), weight: 0.9)
    return layer.plane
  }
}
