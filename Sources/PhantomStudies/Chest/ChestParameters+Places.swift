extension ChestParameters {
  /// A place in a lung, where a lesion is.
  struct LungPlace {
    var side: Side
    var zone: LungZone
    var x: Float
    var y: Float
  }

  /// A random place in aerated lung, clear of heart, fluid, free air and earlier lesions.
  ///
  /// - Parameters:
  ///   - margin: What must be aerated around the place, in mm.
  ///   - minimumDepth: Of the lung along the beam, in mm.
  ///   - random: Gives the tries.
  /// - Returns: `nil` when 200 tries found none.
  func lungPlace(margin: Float, minimumDepth: Float, _ random: inout PhantomRandom) -> LungPlace? {
    let shape = ThoraxShape(anatomy)
    let organs = CentralOrgans(self, shape)
    let collapse = pneumothorax.map { LungCollapse($0, anatomy, shape) }
    func depth(_ x: Float, _ y: Float) -> Float {
      let side: Side = x < 0 ? .right : .left
      guard y < shape.diaphragm(abs(x), side) else { return 0 }
      if let collapse, collapse.side == side, collapse.distanceInsideLung(abs(x), y) < 4 { return 0 }
      for effusion in effusions where effusion.side == side {
        if effusion.cover(abs(x), y, shape) > 0 { return 0 }
      }
      for other in consolidations where other.side == side {
        let (dx, dy) = (x - other.x, y - other.y)
        if dx * dx + dy * dy < 2 * other.radius * other.radius { return 0 }
      }
      return shape.pleuralDepth(abs(x), y, side) - organs.depth(x, y).total
    }
    for _ in 0..<200 {
      let side = random.pick(Side.allCases)
      let x = side.sign * random.uniform(30...anatomy.thoraxHalfWidth)
      let y = random.uniform(anatomy.apexY...anatomy.domeY + 30)
      let around = [(x, y), (x - margin, y), (x + margin, y), (x, y - margin), (x, y + margin)]
      guard around.allSatisfy({ depth($0.0, $0.1) > minimumDepth }) else { continue }
      return LungPlace(side: side, zone: zone(of: y), x: x, y: y)
    }
    return nil
  }

  private func zone(of y: Float) -> LungZone {
    let share = (y - anatomy.apexY) / (anatomy.domeY + 30 - anatomy.apexY)
    return share < 0.36 ? .upper : share < 0.68 ? .mid : .lower
  }
}

extension Pneumothorax {
  static func random(side: Side, _ random: inout PhantomRandom) -> Pneumothorax {
    let size = random.unit()
    return Pneumothorax(
      side: side, apicalGap: 18 + 44 * size + random.uniform(-2...6), lateralGap: 9 + 37 * size + random.uniform(-2...4)
    )
  }
}
