/// Everything that decides how one chest radiograph is drawn.
///
/// Lengths are in mm in the body frame: x to the right of the image (the patient's left), y downwards, the origin in the
/// midline at the level of the hila.
package struct ChestParameters: Sendable, Equatable {
  package var anatomy = ChestAnatomy()
  package var projection = ChestProjection()

  package var pneumothorax: Pneumothorax?
  package var effusions: [PleuralEffusion] = []
  package var consolidations: [Consolidation] = []
  package var nodules: [LungNodule] = []
  package var devices: [SupportDevice] = []

  /// Seeds the texture, the vessels, the paths of the devices and the noise.
  package var seed: UInt64 = 1

  package init() {}

  /// The heart's width over the inner width of the thorax at its widest; above ``cardiomegalyLimit`` the heart counts as large.
  package var cardiothoracicRatio: Float { anatomy.cardiothoracicRatio }

  /// Hearts are drawn at most 0.50 or at least 0.56 wide, so that the answer is never a matter of a hair.
  package static let cardiomegalyLimit: Float = 0.53

  /// What the drawing shows.
  package var findings: Set<FindingKind> {
    var result: Set<FindingKind> = []
    if pneumothorax != nil { result.insert(.pneumothorax) }
    if !effusions.isEmpty { result.insert(.pleuralEffusion) }
    if cardiothoracicRatio > Self.cardiomegalyLimit { result.insert(.cardiomegaly) }
    if !consolidations.isEmpty { result.insert(.consolidation) }
    if !nodules.isEmpty { result.insert(.lungNodule) }
    if !devices.isEmpty { result.insert(.supportDevices) }
    return result
  }
}

/// The healthy body.
package struct ChestAnatomy: Sendable, Equatable {
  /// Inner half width of the rib cage at its widest.
  package var thoraxHalfWidth: Float = 136
  package var apexY: Float = -150
  /// The top of the right dome; the left one stands `leftDomeDrop` lower.
  package var domeY: Float = 82
  package var leftDomeDrop: Float = 13
  package var cardiothoracicRatio: Float = 0.45
  /// The share of the heart's width that lies left of the midline.
  package var leftHeartShare: Float = 0.67
  package var mediastinumHalfWidth: Float = 29
  package var aorticKnobRadius: Float = 19
  /// Front to back in the midline.
  package var depth: Float = 215
  package var wallThickness: Float = 32
  /// Soft tissue of the breasts in front of the lower lungs; 0 for none.
  package var breastThickness: Float = 0
  package var gastricBubble: Bool = true
  /// The share of a lung's volume that is air.
  package var lungAirShare: Float = 0.74
  /// Extra attenuation of bone, 1 for a usual adult.
  package var boneDensity: Float = 1

  package init() {}
}

/// The tube, the detector and how the patient stands before it.
package struct ChestProjection: Sendable, Equatable {
  /// View Position (0018,5101).
  package enum View: String, Sendable { case pa = "PA", ap = "AP" }

  package var view = View.pa
  package var rows = 512
  package var columns = 512
  /// Detector pixel, in mm.
  package var pixelSpacing: Float = 0.8
  /// Where the middle of the image lies in the body frame.
  package var centerX: Float = 0
  package var centerY: Float = 2
  /// Magnification of the body, 1 for the usual distance.
  package var magnification: Float = 1
  /// In the image plane, in degrees.
  package var tilt: Float = 0
  /// Shift of heart and mediastinum against spine and chest wall by a turned patient, in mm.
  package var turn: Float = 0
  /// Width of the unexposed border as shares of the image: left, right, top, bottom.
  package var collimation: [Float] = [0, 0, 0, 0]
  /// Detector quanta in arbitrary units: a higher exposure has less noise.
  package var exposure: Float = 1
  /// How much local contrast the acquisition station added, 0...1.
  package var enhancement: Float = 0.5
  /// The letter of the side marker stands on the patient's side it names.
  package var marker: Side? = .left

  package init() {}
}
