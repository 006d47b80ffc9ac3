/// A chest as the X-rays see it: attenuation along each line from the tube to a detector pixel, and what lies where.
///
/// Soft tissue, air, bone and metal are kept as path lengths in mm and turned into a line integral once, at the end.
package struct ChestDrawing: Sendable {
  /// The line integral of attenuation, without unit; 0 where nothing is in the beam.
  package private(set) var attenuation: Plane
  /// For each finding the share of a pixel it covers, 0...1; only for findings that are drawn. The heart always is.
  package private(set) var masks: [FindingKind: Plane] = [:]
  /// Where the heart lies, drawn large or not.
  package private(set) var heart: Plane
  /// Aerated lung along the beam, in mm of air.
  package private(set) var air: Plane

  /// Linear attenuation coefficients per mm at the mean energy of a chest exposure.
  private static let softTissue: Float = 0.0185
  private static let bone: Float = 0.034
  private static let metal: Float = 0.32

  package init(_ parameters: ChestParameters) {
    let frame = BodyFrame(parameters.projection)
    let shape = ThoraxShape(parameters.anatomy)
    attenuation = Plane(rows: frame.rows, columns: frame.columns)
    heart = attenuation
    air = attenuation
    var soft = attenuation
    drawTissue(parameters, frame, shape, soft: &soft)
    let vessels = LungMarkings.draw(parameters, frame, shape)
    let airways = Airways.draw(parameters, frame)
    let bones = Skeleton.draw(parameters, frame, shape)
    let devices = DeviceDrawing.draw(parameters, frame, shape)
    for index in attenuation.values.indices {
      // Vessels stand out only where air surrounds them.
      let aerated = min(1, air.values[index] / 45)
      var path = soft.values[index] - air.values[index] + vessels.values[index] * aerated
      path -= min(airways.values[index], max(0, path))
      attenuation.values[index] =
        Self.softTissue * path + Self.bone * parameters.anatomy.boneDensity * bones.values[index]
        + Self.metal * devices.values[index]
    }
    if !parameters.devices.isEmpty { masks[.supportDevices] = devices }
    if parameters.findings.contains(.cardiomegaly) { masks[.cardiomegaly] = heart }
  }

  /// Body, lungs with their findings, and heart: everything that is a function of the place alone.
  private mutating func drawTissue(
    _ parameters: ChestParameters, _ frame: BodyFrame, _ shape: ThoraxShape, soft: inout Plane
  ) {
    let organs = CentralOrgans(parameters, shape)
    let lungs = LungField(parameters, shape)
    let body = BodyOutline(parameters, shape)
    for kind in [FindingKind.pneumothorax, .pleuralEffusion, .consolidation, .lungNodule]
    where parameters.findings.contains(kind) {
      masks[kind] = Plane(rows: frame.rows, columns: frame.columns)
    }
    for row in 0..<frame.rows {
      for column in 0..<frame.columns {
        let index = row * frame.columns + column
        let place = frame.position(row: row, column: column)
        let thickness = body.thickness(place.x, place.y)
        guard thickness > 0 else { continue }
        let central = organs.depth(place.x, place.y)
        heart.values[index] = central.heart > 0 ? 1 : 0
        let sample = lungs.sample(place.x, place.y, displaced: central.total)
        air.values[index] = min(sample.air, thickness)
        soft.values[index] = thickness + sample.extraTissue
        for (kind, cover) in sample.covers where cover > 0 { masks[kind]?.values[index] = cover }
      }
    }
  }
}

/// The outer body: a trunk of elliptic cross-section, neck and shoulders, breasts.
struct BodyOutline {
  private let shape: ThoraxShape
  private let breastThickness: Float

  init(_ parameters: ChestParameters, _ shape: ThoraxShape) {
    self.shape = shape
    breastThickness = parameters.anatomy.breastThickness
  }

  /// Front-to-back thickness in mm; 0 outside the body.
  func thickness(_ x: Float, _ y: Float) -> Float {
    let distance = abs(x)
    let width = shape.outline(y)
    let above = y - shape.shoulder(distance)
    guard distance < width, above > 0 else { return 0 }
    let ratio = distance / width
    let section = (1 - ratio * ratio).squareRoot()
    let edge = PortableMath.chord((1 - min(1, above / 46)) * (1 - min(1, above / 46)))
    var result = shape.depth(y) * section * edge
    if breastThickness > 0 {
      let (u, v) = ((distance - 78) / 62, (y - 62) / 58)
      result += breastThickness * max(0, 1 - u * u - v * v)
    }
    return result
  }
}

/// Heart, great vessels and mediastinum: what displaces lung around the midline.
struct CentralOrgans {
  private let turn: Float
  private let halfWidth: Float
  private let knob: Float
  private let heart: (left: Float, right: Float, centerY: Float, halfHeight: Float)

  init(_ parameters: ChestParameters, _ shape: ThoraxShape) {
    let anatomy = parameters.anatomy
    turn = parameters.projection.turn
    halfWidth = anatomy.mediastinumHalfWidth
    knob = anatomy.aorticKnobRadius
    let width = anatomy.cardiothoracicRatio * 2 * anatomy.thoraxHalfWidth
    heart = (
      width * anatomy.leftHeartShare, width * (1 - anatomy.leftHeartShare), anatomy.domeY - 36 + 0.04 * (width - 120),
      62 + 0.16 * (width - 120)
    )
  }

  /// Depth of the heart and of all central organs together, in mm.
  func depth(_ x: Float, _ y: Float) -> (heart: Float, total: Float) {
    let u = x - turn
    let across = u / (u < 0 ? heart.right : heart.left)
    let along = (y - heart.centerY - 0.26 * u) / heart.halfHeight
    let heartDepth = 112 * PortableMath.chord(across * across + along * along)
    // Waist of the mediastinum: wider at the thoracic inlet and again over the great vessels.
    let waist =
      halfWidth
      * (1 + 0.24 * PortableMath.smoothstep(-95, -165, y) - 0.16 * PortableMath.smoothstep(-40, 60, y))
    let stem = u / waist
    var total = max(heartDepth, 190 * PortableMath.chord(stem * stem * abs(stem)))
    total = max(total, bulge(u - 22, y + 72, knob, knob * 1.1, 75))
    total = max(total, bulge(u - 26, y + 26, 27, 46, 80))
    total = max(total, bulge(u + 20, y + 34, 25, 74, 80))
    return (heartDepth, total)
  }

  /// A vessel's border against the lung, rounder than a sphere's so that it melts into its neighbours.
  private func bulge(_ dx: Float, _ dy: Float, _ a: Float, _ b: Float, _ depth: Float) -> Float {
    depth * max(0, 1 - dx * dx / (a * a) - dy * dy / (b * b))
  }
}
