extension ChestParameters {
  /// A chest drawn at random: none, one or several findings, from subtle to plain.
  ///
  /// The population is balanced for learning (a finding is present in about three of ten), not for prevalence.
  package static func random(seed: UInt64) -> ChestParameters {
    var random = PhantomRandom(seed: seed, stream: 1)
    var result = ChestParameters()
    result.seed = seed
    result.anatomy = .random(&random)
    result.projection = .random(&random)
    let healthy = random.chance(0.12)
    result.addFindings(&random, unless: healthy)
    return result
  }

  private mutating func addFindings(_ random: inout PhantomRandom, unless healthy: Bool) {
    // Every choice is drawn whether it is used or not, so that one finding does not shift the numbers of the next.
    let present = FindingKind.allCases.map { _ in random.chance(0.31) && !healthy }
    let side = random.pick(Side.allCases)
    let large = random.uniform(0.56...0.68)
    if present[2] {
      anatomy.cardiothoracicRatio = large
      anatomy.leftHeartShare = random.uniform(0.64...0.72)
    }
    if present[0] { pneumothorax = .random(side: side, &random) }
    if present[1] { addEffusions(&random) }
    if present[3] { addConsolidation(&random) }
    if present[4] { addNodule(&random) }
    if present[5] {
      let count = random.chance(0.55) ? 1 : 2
      for _ in 0..<count {
        let device = random.pick(SupportDevice.allCases)
        if !devices.contains(device) { devices.append(device) }
      }
    }
  }

  private mutating func addEffusions(_ random: inout PhantomRandom) {
    let sides = random.chance(0.25) ? Side.allCases : [random.pick(Side.allCases)]
    // Air above fluid has a flat level, which is not drawn: the two stay on different sides.
    for side in sides where side != pneumothorax?.side {
      let u = random.unit()
      effusions.append(PleuralEffusion(side: side, height: 34 + 100 * u * u))
    }
    if effusions.isEmpty, let air = pneumothorax {
      effusions.append(PleuralEffusion(side: air.side == .left ? .right : .left, height: random.uniform(38...110)))
    }
  }

  private mutating func addConsolidation(_ random: inout PhantomRandom) {
    let radius = random.uniform(25...50)
    guard let place = lungPlace(margin: 0.4 * radius, minimumDepth: 70, &random) else { return }
    consolidations.append(
      Consolidation(
        side: place.side, zone: place.zone, x: place.x, y: place.y, radius: radius, density: random.uniform(0.55...0.92)
      ))
  }

  private mutating func addNodule(_ random: inout PhantomRandom) {
    let radius = random.uniform(8.5...18)
    guard let place = lungPlace(margin: radius + 4, minimumDepth: 60, &random) else { return }
    var calcium = PhantomRandom(seed: seed, stream: 7)
    nodules.append(
      LungNodule(
        side: place.side, zone: place.zone, x: place.x, y: place.y, radius: radius,
        calcification: calcium.uniform(0.9...2.2)))
  }
}

extension ChestAnatomy {
  static func random(_ random: inout PhantomRandom) -> ChestAnatomy {
    var result = ChestAnatomy()
    result.thoraxHalfWidth = random.uniform(122...144)
    result.apexY = random.uniform(-158 ... -142)
    result.domeY = random.uniform(60...98)
    result.leftDomeDrop = random.uniform(4...18)
    result.cardiothoracicRatio = random.uniform(0.39...0.50)
    result.leftHeartShare = random.uniform(0.63...0.72)
    result.mediastinumHalfWidth = random.uniform(25...34)
    result.aorticKnobRadius = random.uniform(14...23)
    result.depth = random.uniform(185...240)
    result.wallThickness = random.uniform(22...44)
    result.breastThickness = random.chance(0.45) ? random.uniform(10...34) : 0
    result.gastricBubble = random.chance(0.75)
    result.lungAirShare = random.uniform(0.68...0.78)
    result.boneDensity = random.uniform(0.75...1.2)
    return result
  }
}

extension ChestProjection {
  static func random(_ random: inout PhantomRandom) -> ChestProjection {
    var result = ChestProjection()
    result.view = random.chance(0.3) ? .ap : .pa
    result.pixelSpacing = random.uniform(0.5...1.0)
    result.columns = Int(random.uniform(385...425) / result.pixelSpacing)
    result.rows = Int(random.uniform(395...430) / result.pixelSpacing)
    result.centerX = random.uniform(-9...9)
    result.centerY = random.uniform(-12...14)
    result.magnification = random.uniform(0.97...1.03) * (result.view == .ap ? 1.05 : 1)
    result.tilt = random.uniform(-3.5...3.5)
    result.turn = random.uniform(-7...7)
    if random.chance(0.3) { result.collimation = (0..<4).map { _ in max(0, random.uniform(-0.02...0.05)) } }
    result.exposure = random.uniform(0.45...2) * (result.view == .ap ? 0.7 : 1)
    result.enhancement = random.uniform(0.25...0.9)
    result.marker = random.chance(0.85) ? (random.chance(0.7) ? .left : .right) : nil
    return result
  }
}
