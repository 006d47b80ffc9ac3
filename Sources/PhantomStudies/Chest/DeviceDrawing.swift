/// Lines, tubes and implants.
enum DeviceDrawing {
  /// Chords in mm of metal.
  static func draw(_ parameters: ChestParameters, _ frame: BodyFrame, _ shape: ThoraxShape) -> Plane {
    guard !parameters.devices.isEmpty else { return Plane(rows: frame.rows, columns: frame.columns) }
    var layer = StrokeLayer(frame)
    var random = PhantomRandom(seed: parameters.seed, stream: 13)
    let course = DeviceCourse(parameters.anatomy, turn: parameters.projection.turn)
    for device in parameters.devices {
      switch device {
      case .endotrachealTube: course.endotrachealTube(&layer, &random)
      case .centralLine: course.centralLine(&layer, &random)
      case .nasogastricTube: course.nasogastricTube(&layer, &random)
      case .picc: course.picc(&layer, &random)
      case .pacemaker: course.pacemaker(&layer, &random)
      }
    }
    return layer.plane
  }
}

/// The way each device takes through the body.
private struct DeviceCourse {
  let anatomy: ChestAnatomy
  let turn: Float

  init(_ anatomy: ChestAnatomy, turn: Float) {
    self.anatomy = anatomy
    self.turn = turn
  }

  private func line(_ points: [(x: Float, y: Float)], _ random: inout PhantomRandom) -> [(x: Float, y: Float)] {
    points.map { ($0.x + random.uniform(-3...3), $0.y + random.uniform(-3...3)) }.smoothed()
  }

  /// Two walls and a marker stripe down the trachea, the tip above the carina.
  func endotrachealTube(_ layer: inout StrokeLayer, _ random: inout PhantomRandom) {
    let tip = random.uniform(-100 ... -75)
    for (offset, weight) in [(Float(-4.5), Float(0.5)), (4.5, 0.5), (1.5, 0.9)] {
      layer.stroke(
        [(offset, -225), (offset + turn * 0.6, -130), (offset + turn - 2, tip)], radius: (1.2, 1.2), weight: weight)
    }
  }

  /// From the neck through the right brachiocephalic vein into the superior vena cava.
  func centralLine(_ layer: inout StrokeLayer, _ random: inout PhantomRandom) {
    let path = line([(-52, -215), (-44, -170), (-34, -120), (-30, -70), (-29, -20)], &random)
    layer.stroke(path, radius: (1.5, 1.5), weight: 0.75)
  }

  /// Through the oesophagus and the hiatus into the stomach.
  func nasogastricTube(_ layer: inout StrokeLayer, _ random: inout PhantomRandom) {
    let floor = anatomy.domeY + anatomy.leftDomeDrop
    let path = line(
      [(4, -225), (5 + turn, -110), (8 + turn, -10), (14, floor - 10), (38, floor + 30), (66, floor + 52)], &random)
    layer.stroke(path, radius: (1.7, 1.7), weight: 0.7)
  }

  /// From an arm along the subclavian vein into the superior vena cava.
  func picc(_ layer: inout StrokeLayer, _ random: inout PhantomRandom) {
    let sign: Float = random.chance(0.5) ? -1 : 1
    let path = line(
      [
        (sign * 200, -90), (sign * 160, -120), (sign * 110, -138), (sign * 60, -126), (-22, -100), (-29, -50),
        (-29, -10),
      ],
      &random)
    layer.stroke(path, radius: (1.4, 1.4), weight: 0.7)
  }

  /// A generator below the left clavicle with leads to the right atrium and the right ventricle.
  func pacemaker(_ layer: inout StrokeLayer, _ random: inout PhantomRandom) {
    let pocket: (x: Float, y: Float) = (random.uniform(92...112), random.uniform(-100 ... -86))
    layer.stroke([(pocket.x - 9, pocket.y + 2), (pocket.x + 9, pocket.y - 2)], radius: (19, 18), weight: 0.11)
    layer.stroke([(pocket.x - 12, pocket.y - 18), (pocket.x + 8, pocket.y - 19)], radius: (6, 6), weight: 0.10)
    let vein: [(x: Float, y: Float)] = [(pocket.x - 14, pocket.y - 18), (68, -124), (18, -112), (-24, -86), (-29, -30)]
    let floor = anatomy.domeY
    layer.stroke(line(vein + [(-26, 20), (2, floor - 22), (38, floor - 14)], &random), radius: (1.6, 1.6), weight: 0.9)
    if random.chance(0.6) {
      layer.stroke(line(vein + [(-36, 14), (-22, 4)], &random), radius: (1.6, 1.6), weight: 0.9)
    }
  }
}
