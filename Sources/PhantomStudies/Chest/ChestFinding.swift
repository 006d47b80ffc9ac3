/// What a phantom can show, in the order of the ground-truth columns.
package enum FindingKind: String, Sendable, CaseIterable {
  case pneumothorax = "pneumothorax"
  case pleuralEffusion = "pleural-effusion"
  case cardiomegaly = "cardiomegaly"
  case consolidation = "consolidation"
  case lungNodule = "lung-nodule"
  case supportDevices = "support-devices"
}

/// A side of the patient, not of the image: the patient's right is drawn on the left.
package enum Side: String, Sendable, CaseIterable {
  case right, left

  /// The sign of x in the body frame.
  var sign: Float { self == .right ? -1 : 1 }
}

/// A third of the lung's height.
package enum LungZone: String, Sendable, CaseIterable {
  case upper, mid, lower
}

/// Air between lung and chest wall.
package struct Pneumothorax: Sendable, Equatable {
  package var side: Side
  /// Distance of the visceral pleural line from the apex of the pleural space, in mm.
  package var apicalGap: Float
  /// The same from the lateral chest wall at mid height, in mm.
  package var lateralGap: Float

  package init(side: Side, apicalGap: Float, lateralGap: Float) {
    (self.side, self.apicalGap, self.lateralGap) = (side, apicalGap, lateralGap)
  }
}

/// Free pleural fluid in the upright patient, with a meniscus along the chest wall.
package struct PleuralEffusion: Sendable, Equatable {
  package var side: Side
  /// Height of the meniscus at the lateral wall above the costophrenic angle, in mm.
  package var height: Float

  package init(side: Side, height: Float) {
    (self.side, self.height) = (side, height)
  }
}

/// Airspace filled over a region of the lung.
package struct Consolidation: Sendable, Equatable {
  package var side: Side
  package var zone: LungZone
  /// Centre in the body frame, in mm.
  package var x: Float
  package var y: Float
  /// Mean radius in mm.
  package var radius: Float
  /// The share of the air replaced at the centre, 0...1.
  package var density: Float

  package init(side: Side, zone: LungZone, x: Float, y: Float, radius: Float, density: Float) {
    (self.side, self.zone) = (side, zone)
    (self.x, self.y, self.radius, self.density) = (x, y, radius, density)
  }
}

/// A solid round lesion.
package struct LungNodule: Sendable, Equatable {
  package var side: Side
  package var zone: LungZone
  package var x: Float
  package var y: Float
  /// In mm.
  package var radius: Float
  /// Calcium: how much soft tissue it stands for, as a share of the nodule itself, beyond that of the nodule.
  package var calcification: Float

  package init(side: Side, zone: LungZone, x: Float, y: Float, radius: Float, calcification: Float = 0) {
    (self.side, self.zone) = (side, zone)
    (self.x, self.y, self.radius) = (x, y, radius)
    self.calcification = calcification
  }
}

/// A line, tube or implant.
package enum SupportDevice: String, Sendable, CaseIterable {
  case endotrachealTube = "ET tube"
  case centralLine = "central line"
  case nasogastricTube = "NG tube"
  case picc = "PICC line"
  case pacemaker = "pacemaker"
}
