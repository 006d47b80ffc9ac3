/// The outlines of body, rib cage, lungs and diaphragm as curves; the one description that drawing and ground truth share.
struct ThoraxShape {
  let anatomy: ChestAnatomy
  /// Where the rib cage is widest.
  let widestY: Float = 45
  /// Inner half width of the rib cage by y, and of the lung's medial border where it rounds to the apex.
  let cage: SampledCurve
  let medial: SampledCurve
  /// Half width of the body's outline and its depth in the midline, by y.
  let outline: SampledCurve
  let depth: SampledCurve
  /// Top of the shoulders, by distance from the midline.
  let shoulder: SampledCurve
  private let rightDome: SampledCurve
  private let leftDome: SampledCurve

  init(_ anatomy: ChestAnatomy) {
    self.anatomy = anatomy
    let widest: Float = 45
    cage = SampledCurve(from: -230, to: 260) {
      Self.cageHalfWidth($0, halfWidth: anatomy.thoraxHalfWidth, apexY: anatomy.apexY, widestY: widest)
    }
    let cageCurve = cage
    medial = SampledCurve(from: -230, to: 260) { y in
      let v = min(max((widest - y) / (widest - anatomy.apexY), 0), 1)
      return 15 + 33 * PortableMath.pow(v, 6)
    }
    outline = SampledCurve(from: -260, to: 300) { y in
      let chest = cageCurve(max(y, -20)) + anatomy.wallThickness + 4 * PortableMath.smoothstep(60, 200, y)
      return chest + (250 - chest) * (1 - PortableMath.smoothstep(-108, -52, y))
    }
    depth = SampledCurve(from: -260, to: 300) { y in
      let neck = PortableMath.smoothstep(-230, -60, y)
      return anatomy.depth * (0.52 + 0.44 * neck + 0.06 * PortableMath.smoothstep(20, 160, y))
    }
    shoulder = SampledCurve(from: 0, to: 260) { x in
      let beyond = max(0, x - 52)
      return x < 52 ? -400 : -212 + 5.2 * beyond.squareRoot() + 0.08 * beyond
    }
    rightDome = Self.dome(top: anatomy.domeY, halfWidth: anatomy.thoraxHalfWidth)
    leftDome = Self.dome(top: anatomy.domeY + anatomy.leftDomeDrop, halfWidth: anatomy.thoraxHalfWidth)
  }

  /// Inner half width of a rib cage at height `y`; 46 mm at the apex and 0 above it.
  static func cageHalfWidth(_ y: Float, halfWidth: Float, apexY: Float, widestY: Float) -> Float {
    if y < apexY { return 0 }
    if y > widestY {
      let below = (y - widestY) / 130
      return halfWidth * (1 - 0.10 * below * below)
    }
    let v = (widestY - y) / (widestY - apexY)
    return 46 + (halfWidth - 46) * PortableMath.pow(1 - PortableMath.pow(v, 2.5), 0.62)
  }

  /// Height of the diaphragm by distance from the midline.
  private static func dome(top: Float, halfWidth: Float) -> SampledCurve {
    SampledCurve(from: 0, to: 260) { x in
      let peak = 0.46 * halfWidth
      if x < peak {
        let t = (peak - x) / peak
        return top + 15 * t * t
      }
      let t = (x - peak) / (halfWidth - peak)
      return top + 44 * PortableMath.pow(t, 2.3)
    }
  }

  @inline(__always)
  func diaphragm(_ distance: Float, _ side: Side) -> Float {
    side == .right ? rightDome(distance) : leftDome(distance)
  }

  /// The height at which the diaphragm meets the chest wall.
  func costophrenicAngleY(_ side: Side) -> Float {
    (side == .right ? anatomy.domeY : anatomy.domeY + anatomy.leftDomeDrop) + 40
  }

  /// Front-to-back extent of the pleural space at a place, in mm: an elliptic cross-section, cut by the diaphragm.
  ///
  /// Behind and in front of the dome some lung remains: the posterior recess.
  @inline(__always)
  func pleuralDepth(_ distance: Float, _ y: Float, _ side: Side) -> Float {
    let width = cage(y)
    guard distance < width, y > anatomy.apexY else { return 0 }
    let ratio = distance / width
    let section = (1 - ratio * ratio * ratio).squareRoot()
    let edge = PortableMath.smoothstep(-4, 14, distance - medial(y))
    let apical = PortableMath.smoothstep(-4, 60, y - anatomy.apexY)
    let below = y - diaphragm(distance, side)
    let cut: Float = below < 0 ? 1 : 0.26 * max(0, 1 - below / 46)
    return 0.70 * depth(y) * section * edge * (0.45 + 0.55 * apical) * cut
  }
}
