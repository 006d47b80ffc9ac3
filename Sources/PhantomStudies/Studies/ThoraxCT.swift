package import DICOMCore

/// A few axial CT slices through a simple thorax, in Hounsfield units.
package enum ThoraxCT {
  private static let side = 224
  private static let pitch: Float = 1.7

  /// `count` slices, 8 mm apart, from the carina down.
  package static func slices(identity: PhantomIdentity, count: Int = 5, transferSyntax: UID) -> [EncodedImage] {
    (0..<count).map { index in
      EncodedImage(
        dataSet: attributes(identity, index), frame: frame(index, seed: 7_000 + UInt64(index)),
        transferSyntax: transferSyntax)
    }
  }

  /// Stored values are HU + 1024, in 16 bits of which 12 are used.
  private static func frame(_ index: Int, seed: UInt64) -> StoredFrame {
    var random = PhantomRandom(seed: seed, stream: 51)
    var values = Plane(rows: side, columns: side)
    let half = Float(side) / 2
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = ((Float(column) + 0.5 - half) * pitch, (Float(row) + 0.5 - half) * pitch)
        values[row: row, column: column] = hounsfield(x, y, 8 * Float(index)) + 14 * random.normal()
      }
    }
    let soft = values.softened(0.45)
    let format = ImageFormat(
      rows: side, columns: side, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)
    let bytes = soft.values.flatMap { value -> [UInt8] in
      let stored = Int(min(max(value + 1024, 0), 4095).rounded())
      return [UInt8(stored & 0xFF), UInt8(stored >> 8)]
    }
    return StoredFrame(format: format, bytes: bytes)
  }

  /// The tissue at a place of the slice `z` mm below the first; later tissues overwrite earlier ones.
  private static func hounsfield(_ x: Float, _ y: Float, _ z: Float) -> Float {
    func inside(_ cx: Float, _ cy: Float, _ a: Float, _ b: Float) -> Bool {
      let (u, v) = ((x - cx) / a, (y - cy) / b)
      return u * u + v * v < 1
    }
    guard inside(0, 0, 168, 112) else { return abs(x) < 175 && y > 118 && y < 126 ? -120 : -1000 }
    var value: Float = inside(0, 0, 158, 102) ? 45 : -95
    if inside(0, 2, 143, 90), !inside(0, 2, 137, 84) { value = ribAngle(x, y - 2, z) ? 420 : value }
    if inside(-72, 4, 60, 74) || inside(74, 4, 58, 74) { value = -850 }
    if inside(0, 78, 30, 42) || inside(0, -30, 34, 56) { value = 40 }
    if inside(22, -22 + 0.2 * z, 44 + 0.5 * z, 36 + 0.4 * z) { value = 48 }
    if inside(-18, -40, 15, 15) || inside(26, 44, 12, 12) { value = 55 }
    if z < 12, inside(-2, 10, 9, 8) { value = -990 }
    if inside(0, 72, 19, 15) { value = inside(0, 72, 16, 12) ? 220 : 620 }
    if inside(0, 92, 8, 7) { value = 30 }
    if inside(0, 108, 4, 12) || inside(0, -92, 17, 6) { value = 480 }
    if inside(-88, -6 + 0.1 * z, 9, 9) { value = 35 }
    return value
  }

  /// Ribs cross a slice as short arcs that move with its height.
  private static func ribAngle(_ x: Float, _ y: Float, _ z: Float) -> Bool {
    let wave = PortableMath.sin(0.055 * x + 0.075 * abs(y) + 0.05 * z)
    return wave > 0.35
  }

  private static func attributes(_ identity: PhantomIdentity, _ index: Int) -> DataSet {
    var dataSet = identity.dataSet(description: "CT thorax")
    dataSet.set(.sopClassUID, .ctImageStorage)
    dataSet.set(.sopInstanceUID, identity.sopInstanceUID(1, index + 1))
    dataSet.set(.seriesInstanceUID, identity.seriesInstanceUID(1))
    dataSet.set(.frameOfReferenceUID, UID.derived("phantom-frame", [identity.seriesInstanceUID(1).value]))
    dataSet.setEmpty(.positionReferenceIndicator, .lo)
    dataSet.set(.seriesNumber, .is, "1")
    dataSet.set(.instanceNumber, .is, "\(index + 1)")
    dataSet.set(.acquisitionNumber, .is, "1")
    dataSet.set(.modality, .cs, "CT")
    dataSet.set(.manufacturer, .lo, "Bucky")
    dataSet.set(.manufacturerModelName, .lo, "PhantomStudies")
    dataSet.set(.imageType, .cs, strings: ["ORIGINAL", "PRIMARY", "AXIAL"])
    dataSet.set(.bodyPartExamined, .cs, "CHEST")
    dataSet.set(.patientPosition, .cs, "HFS")
    dataSet.set(.imageComments, .lt, "Computer-drawn phantom. No patient.")
    addPlane(index, to: &dataSet)
    return dataSet
  }

  /// Image Plane and CT Image (C.7.6.2, C.8.2.1).
  private static func addPlane(_ index: Int, to dataSet: inout DataSet) {
    let corner = RadiographEncoder.decimal(Double(-pitch * (Float(side) - 1) / 2))
    let height = RadiographEncoder.decimal(-8 * Double(index))
    let spacing = RadiographEncoder.decimal(Double(pitch))
    dataSet.set(.pixelSpacing, .ds, strings: [spacing, spacing])
    dataSet.set(.imageOrientationPatient, .ds, strings: ["1", "0", "0", "0", "1", "0"])
    dataSet.set(.imagePositionPatient, .ds, strings: [corner, corner, height])
    dataSet.set(.sliceLocation, .ds, height)
    dataSet.set(.sliceThickness, .ds, "5")
    dataSet.set(.spacingBetweenSlices, .ds, "8")
    dataSet.set(.kvp, .ds, "120")
    dataSet.set(.rescaleIntercept, .ds, "-1024")
    dataSet.set(.rescaleSlope, .ds, "1")
    dataSet.set(.rescaleType, .lo, "HU")
    dataSet.set(.windowCenter, .ds, strings: ["40", "-600"])
    dataSet.set(.windowWidth, .ds, strings: ["400", "1500"])
    dataSet.set(.windowCenterWidthExplanation, .lo, strings: ["Soft tissue", "Lung"])
  }
}
