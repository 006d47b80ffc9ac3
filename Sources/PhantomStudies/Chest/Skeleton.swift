/// Ribs, spine, clavicles, scapulae and shoulder joints.
enum Skeleton {
  /// Chords in mm of bone.
  static func draw(_ parameters: ChestParameters, _ frame: BodyFrame, _ shape: ThoraxShape) -> Plane {
    var layer = StrokeLayer(frame)
    var random = PhantomRandom(seed: parameters.seed, stream: 12)
    drawRibs(parameters, shape, &layer, &random)
    drawShoulders(parameters, shape, &layer, &random)
    var plane = layer.plane
    addSpine(parameters, frame, to: &plane)
    return plane
  }

  private static func drawRibs(
    _ parameters: ChestParameters, _ shape: ThoraxShape, _ layer: inout StrokeLayer, _ random: inout PhantomRandom
  ) {
    let top = parameters.anatomy.apexY
    let spacing = (parameters.anatomy.domeY - top) / 9.4 * random.uniform(0.96...1.04)
    for side in Side.allCases {
      for rib in 0..<11 {
        let level = Float(rib)
        let headY = top + 2 + spacing * level + random.uniform(-1.5...1.5)
        let turnY = headY + 16 + 3.4 * level
        let reach = shape.cage(max(turnY, top + 18)) + 3
        var back: [(x: Float, y: Float)] = []
        for step in 0...20 {
          let t = Float(step) / 20
          let bow = PortableMath.sin(t * PortableMath.pi * 0.9) * (11 - 0.5 * level)
          back.append(
            (side.sign * (18 + (reach - 18) * PortableMath.sin(t * 1.5708)), headY - bow + (turnY - headY) * t * t))
        }
        layer.stroke(back, radius: (5.4, 6.2), core: 0.80, weight: 0.95)
        guard (1...8).contains(rib) else { continue }
        let drop = 26 + 5.5 * level
        var front: [(x: Float, y: Float)] = []
        for step in 0...16 {
          let t = Float(step) / 16
          let x = reach - (reach - 52 - 4 * level) * (1 - PortableMath.cos(t * 1.5708))
          front.append((side.sign * x, turnY + drop * PortableMath.sin(t * 1.5708)))
        }
        layer.stroke(front, radius: (6.2, 7.4), core: 0.84, weight: 0.5)
      }
    }
  }

  private static func drawShoulders(
    _ parameters: ChestParameters, _ shape: ThoraxShape, _ layer: inout StrokeLayer, _ random: inout PhantomRandom
  ) {
    let top = parameters.anatomy.apexY
    let lift: Float = parameters.projection.view == .ap ? -10 : 0
    for side in Side.allCases {
      let tip = top + lift + random.uniform(-6...6)
      layer.stroke(
        [
          (side.sign * 19, top + 36 + lift), (side.sign * 46, top + 26 + lift), (side.sign * 84, tip + 14),
          (side.sign * 120, tip + 2), (side.sign * 152, tip - 4),
        ].smoothed(), radius: (8, 6.5), core: 0.74, weight: 1.0)
      // Turned-out shoulder blades reach the lung with their edge only; more so in the AP view.
      let inset: Float = parameters.projection.view == .ap ? 16 : 0
      let edge = side.sign * (shape.anatomy.thoraxHalfWidth + 10 - inset)
      layer.stroke(
        [(edge, top + 22), (edge + side.sign * 3, top + 70), (edge + side.sign * 16, top + 118)], radius: (4, 4),
        weight: 0.42)
      layer.stroke(
        [(edge + side.sign * 20, top + 22), (edge + side.sign * 22, top + 96)], radius: (21, 12), weight: 0.13)
      layer.ellipsoid(at: (side.sign * 184, top + 22), halfAxes: (24, 25), depth: 34, weight: 0.42)
      layer.stroke(
        [(side.sign * 190, top + 30), (side.sign * 205, top + 110)], radius: (13, 11), core: 0.7, weight: 0.6)
    }
  }

  /// Vertebral bodies with end plates, pedicles and spinous processes.
  private static func addSpine(_ parameters: ChestParameters, _ frame: BodyFrame, to plane: inout Plane) {
    let height: Float = 27
    let tilt = parameters.projection.turn * 0.25
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        let place = frame.position(row: row, column: column)
        let u = abs(place.x)
        guard u < 32 else { continue }
        let level = (place.y + 400) / height
        let phase = (level - level.rounded(.down)) * height  // 0 at the upper end plate
        let halfWidth = 15 + 0.028 * (place.y + 200) + 2 * abs(phase / height - 0.5)
        let body =
          PortableMath.smoothstep(0, 4, halfWidth - u) * PortableMath.smoothstep(0, 3, min(phase, height - 4 - phase))
        let plate =
          PortableMath.smoothstep(2.6, 0.4, abs(phase - 2)) + PortableMath.smoothstep(2.6, 0.4, abs(phase - height + 6))
        let pedicle = ellipse(u - 13, phase - 8, 4, 5.5)
        let process = ellipse(place.x + tilt, phase - 17, 3.2, 9)
        plane.values[row * frame.columns + column] += body * (3.6 + 1.6 * min(1, plate)) + 2.6 * pedicle + 3 * process
      }
    }
  }

  private static func ellipse(_ dx: Float, _ dy: Float, _ a: Float, _ b: Float) -> Float {
    PortableMath.chord(dx * dx / (a * a) + dy * dy / (b * b))
  }
}

extension [(x: Float, y: Float)] {
  /// A finer polyline through the same ends, by two rounds of corner cutting (Chaikin, 1974).
  func smoothed() -> [(x: Float, y: Float)] {
    guard count > 2 else { return self }
    var line = self
    for _ in 0..<2 {
      var finer = [line[0]]
      for index in 1..<line.count {
        let (a, b) = (line[index - 1], line[index])
        finer.append((0.75 * a.x + 0.25 * b.x, 0.75 * a.y + 0.25 * b.y))
        finer.append((0.25 * a.x + 0.75 * b.x, 0.25 * a.y + 0.75 * b.y))
      }
      finer.append(line[line.count - 1])
      line = finer
    }
    return line
  }
}
