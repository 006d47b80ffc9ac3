internal import DICOMCore

/// Where one frame lies in the patient, in the patient's coordinates (PS3.3 C.7.6.2.1.1), mm.
struct FrameGeometry: Sendable {
  /// The normal of the plane, of length 1, its greatest component positive: to the left, the back or the head.
  let normal: Vector?
  /// The centre of the first pixel.
  let position: Vector?
  let thickness: Double?
  let spacing: Double?

  /// The geometry of every frame of an instance.
  ///
  /// For an enhanced multi-frame object the functional groups count, per frame before shared (PS3.3 C.7.6.16). Frames of
  /// other multi-frame objects have no position of their own.
  static func frames(of dataSet: DataSet, count: Int) -> [FrameGeometry] {
    let perFrame = dataSet.items(.perFrameFunctionalGroupsSequence)
    let shared = dataSet.items(.sharedFunctionalGroupsSequence).first
    return (0..<max(0, count)).map { index in
      let group = perFrame.indices.contains(index) ? perFrame[index] : nil
      func item(_ sequence: Tag) -> DataSet? {
        group?.items(sequence).first ?? shared?.items(sequence).first ?? (count == 1 ? dataSet : nil)
      }
      return FrameGeometry(
        orientation: item(.planeOrientationSequence) ?? dataSet, position: item(.planePositionSequence),
        measures: item(.pixelMeasuresSequence) ?? dataSet)
    }
  }

  private init(orientation: DataSet, position: DataSet?, measures: DataSet) {
    normal = orientation.doubles(.imageOrientationPatient).flatMap(Self.normal)
    self.position = position?.doubles(.imagePositionPatient).flatMap(Vector.init)
    thickness = measures.double(.sliceThickness)
    spacing = measures.double(.spacingBetweenSlices).map(abs)
  }

  /// `nil` where the direction cosines of rows and columns are not six numbers that span a plane.
  private static func normal(_ cosines: [Double]) -> Vector? {
    guard cosines.count == 6, let row = Vector(Array(cosines[0..<3])), let column = Vector(Array(cosines[3..<6])),
      let normal = row.cross(column).normalised
    else { return nil }
    return normal.greatestComponent < 0 ? normal.scaled(by: -1) : normal
  }

  /// The anatomical plane nearest to the frame's.
  var orientation: VolumeRules.Orientation? {
    guard let normal else { return nil }
    let (x, y, z) = (abs(normal.x), abs(normal.y), abs(normal.z))
    return z >= x && z >= y ? .axial : y >= x ? .coronal : .sagittal
  }
}

/// A point or direction in space.
struct Vector: Sendable, Equatable {
  let x, y, z: Double

  init(_ x: Double, _ y: Double, _ z: Double) {
    (self.x, self.y, self.z) = (x, y, z)
  }

  init?(_ values: [Double]) {
    guard values.count == 3 else { return nil }
    self.init(values[0], values[1], values[2])
  }

  func dot(_ other: Vector) -> Double { x * other.x + y * other.y + z * other.z }

  func cross(_ other: Vector) -> Vector {
    Vector(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  func scaled(by factor: Double) -> Vector { Vector(x * factor, y * factor, z * factor) }

  /// `nil` for a vector too short to have a direction.
  var normalised: Vector? {
    let length = dot(self).squareRoot()
    return length > 1e-6 && length.isFinite ? scaled(by: 1 / length) : nil
  }

  var greatestComponent: Double { [x, y, z].max { abs($0) < abs($1) } ?? 0 }
}
