/// The lungs and what lies in the pleural space.
struct LungField {
  /// What one line through the chest meets in the pleural space.
  struct Sample {
    /// Air in mm.
    var air: Float = 0
    /// Tissue beyond the body's own, such as the visceral pleura seen edge-on.
    var extraTissue: Float = 0
    var covers: [(FindingKind, Float)] = []
  }

  private let shape: ThoraxShape
  private let airShare: Float
  private let texture: ValueNoise
  private let bubble: (x: Float, y: Float)?
  private let collapse: LungCollapse?
  private let effusions: [PleuralEffusion]
  private let consolidations: [Consolidation]
  private let nodules: [LungNodule]

  init(_ parameters: ChestParameters, _ shape: ThoraxShape) {
    self.shape = shape
    airShare = parameters.anatomy.lungAirShare
    texture = ValueNoise(seed: parameters.seed ^ 0x7E57)
    collapse = parameters.pneumothorax.map { LungCollapse($0, parameters.anatomy, shape) }
    effusions = parameters.effusions
    consolidations = parameters.consolidations
    nodules = parameters.nodules
    let hidden = parameters.effusions.contains { $0.side == .left }
    bubble =
      parameters.anatomy.gastricBubble && !hidden
      ? (64, parameters.anatomy.domeY + parameters.anatomy.leftDomeDrop + 24) : nil
  }

  /// What one line through the chest meets; heart and mediastinum take `displaced` mm from the lung's depth.
  func sample(_ x: Float, _ y: Float, displaced: Float) -> Sample {
    var result = Sample()
    let side: Side = x < 0 ? .right : .left
    let distance = abs(x)
    let depth = max(0, shape.pleuralDepth(distance, y, side) - displaced)
    result.air = gastricAir(x, y, side)
    guard depth > 0 else { return result }
    var share = airShare * (1 + 0.05 * texture.value(x / 7, y / 7) + 0.035 * texture.value(x / 2.6, y / 2.6))
    if let collapse, collapse.side == side {
      let inward = collapse.distanceInsideLung(distance, y)
      let cover = 1 - PortableMath.smoothstep(-0.6, 0.6, inward)
      share = share * 0.93 + (1 - share * 0.93) * cover
      result.extraTissue = 9 * max(0, 1 - abs(inward - 0.8) / 1.3)
      if cover > 0 { result.covers.append((.pneumothorax, cover)) }
    }
    var air = depth * share
    fill(x, y, side, air: &air, into: &result)
    result.air += air
    return result
  }

  private func fill(_ x: Float, _ y: Float, _ side: Side, air: inout Float, into result: inout Sample) {
    for nodule in nodules {
      let (dx, dy) = (x - nodule.x, y - nodule.y)
      let chord = PortableMath.chord((dx * dx + dy * dy) / (nodule.radius * nodule.radius))
      guard chord > 0 else { continue }
      air = max(0, air - 2 * nodule.radius * chord)
      result.extraTissue += 2 * nodule.radius * chord * nodule.calcification
      result.covers.append((.lungNodule, 1))
    }
    for region in consolidations where region.side == side {
      let cover = region.cover(x, y, texture)
      guard cover > 0 else { continue }
      air *= 1 - cover
      result.covers.append((.consolidation, cover))
    }
    for effusion in effusions where effusion.side == side {
      let cover = effusion.cover(abs(x), y, shape)
      if cover > 0, air > 4 { result.covers.append((.pleuralEffusion, cover)) }
      air *= 1 - cover
    }
  }

  private func gastricAir(_ x: Float, _ y: Float, _ side: Side) -> Float {
    guard let bubble, side == .left else { return 0 }
    let (u, v) = ((x - bubble.x) / 27, (y - bubble.y) / 15)
    return 46 * PortableMath.chord(u * u + v * v)
  }
}

/// The lung that has left the chest wall.
struct LungCollapse {
  let side: Side
  private let edge: SampledCurve
  private let slope: SampledCurve

  init(_ pneumothorax: Pneumothorax, _ anatomy: ChestAnatomy, _ shape: ThoraxShape) {
    side = pneumothorax.side
    func halfWidth(_ y: Float) -> Float {
      let gap = pneumothorax.lateralGap * (1 - 0.55 * PortableMath.smoothstep(-20, 130, y))
      return ThoraxShape.cageHalfWidth(
        y, halfWidth: anatomy.thoraxHalfWidth - gap, apexY: anatomy.apexY + pneumothorax.apicalGap,
        widestY: shape.widestY)
    }
    edge = SampledCurve(from: -230, to: 260, halfWidth)
    slope = SampledCurve(from: -230, to: 260) { (halfWidth($0 + 1) - halfWidth($0 - 1)) / 2 }
  }

  /// How far inside the lung's outer border a place lies, in mm; negative in the air around it.
  func distanceInsideLung(_ distance: Float, _ y: Float) -> Float {
    let steepness = min(abs(slope(y)), 6)
    return (edge(y) - distance) / (1 + steepness * steepness).squareRoot()
  }
}

extension PleuralEffusion {
  /// The share of air replaced by fluid at a place, 0...1: below a meniscus that climbs towards the chest wall.
  func cover(_ distance: Float, _ y: Float, _ shape: ThoraxShape) -> Float {
    let lateral = shape.costophrenicAngleY(side) - height
    let central = lateral + 0.30 * height + 16
    let t = min(1, distance / max(shape.cage(y), 1))
    let level = central + (lateral - central) * PortableMath.pow(t, 2.4)
    return PortableMath.smoothstep(-8, 8, y - level)
  }
}

extension Consolidation {
  /// The share of air replaced by exudate at a place, 0...1: a cloud with a ragged edge and air-filled bronchi.
  func cover(_ x: Float, _ y: Float, _ texture: ValueNoise) -> Float {
    let (dx, dy) = ((x - self.x) / radius, (y - self.y) / (0.85 * radius))
    let squared = dx * dx + dy * dy
    guard squared < 2.2 else { return 0 }
    let ragged = 0.26 * texture.value(x / 19 + 40, y / 19) + 0.16 * texture.value(x / 7, y / 7 + 40)
    let cloud = PortableMath.smoothstep(-0.12, 0.62, 1 - squared.squareRoot() + ragged)
    let patches = 1 + 0.16 * texture.value(x / 5 + 7, y / 5)
    let bronchus = 1 - min(1, abs(texture.value(x / 18 + 9, y / 13 + 9)) / 0.10)
    return min(1, density * cloud * patches * (1 - 0.22 * bronchus))
  }
}
