/// Frames in the order in which they make a volume, and where its voxels lie.
package struct VolumeGeometry: Sendable, Equatable {
  /// Indices of the frames, ascending along the normal of the planes.
  package let order: [Int]
  package let columns: Int
  package let rows: Int
  /// From a voxel (column, row from the bottom, slice, 1) to mm in the scanner's coordinates of NIfTI: x to the right hand, y to the
  /// front, z to the head. Three rows of four.
  package let affine: [[Double]]
  /// Of a voxel, in mm: between columns, rows and slices.
  package let spacing: SIMD3<Double>
  /// The directions of the affine's columns, each at a right angle to the others, of length 1.
  package let directions: [SIMD3<Double>]

  package var slices: Int { order.count }

  /// Direction cosines of two frames may differ by this much.
  package static let orientationTolerance = 1e-4
  /// Pixel spacings of two frames may differ by this share.
  package static let pixelSpacingTolerance = 1e-4
  /// Distances of neighbours, and their places in the plane, may differ from the mean by this share of it.
  package static let spacingTolerance = 0.01
  /// And by this much in any case, in mm: positions are often written with two decimals.
  package static let positionTolerance = 0.01
  /// The stack may lean by this much for each mm of its height; more is a gantry tilt.
  package static let tiltTolerance = 1e-3

  /// Sorts planes and checks that they are one volume.
  ///
  /// - Throws: The first of ``VolumeRefusal`` that applies.
  package init(_ planes: [FramePlane]) throws(VolumeRefusal) {
    guard let first = planes.first, planes.count > 1 else { throw .singleSlice }
    for plane in planes.dropFirst() { try Self.check(plane, against: first) }
    let normal = first.normal
    let places = planes.map { $0.position.dot(normal) }
    // Of equal places the earlier first: what is refused does not depend on the sort.
    let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    let positions = order.map { planes[$0].position }
    let step = (positions[positions.count - 1] - positions[0]) / Double(positions.count - 1)
    try Self.checkGaps(order.map { places[$0] })
    let height = step.dot(normal)
    let lean = step - normal * height
    guard lean.length <= Self.tiltTolerance * height else { throw .gantryTilt }
    let tolerance = max(Self.positionTolerance, Self.spacingTolerance * height)
    for (index, position) in positions.enumerated() {
      let offset = position - (positions[0] + step * Double(index))
      guard offset.length <= tolerance else { throw .unevenSpacing }
    }

    // Rows are turned over, as tools for NIfTI expect of axial images: the last row comes first.
    let lastRow = first.alongColumn * (first.rowSpacing * Double(first.rows - 1))
    let axes = [
      Self.toRAS(first.alongRow * first.columnSpacing), Self.toRAS(-first.alongColumn * first.rowSpacing),
      Self.toRAS(step),
    ]
    let origin = Self.toRAS(positions[0] + lastRow)
    self.order = order
    (columns, rows) = (first.columns, first.rows)
    affine = (0..<3).map { axis in axes.map { $0[axis] } + [origin[axis]] }
    spacing = SIMD3(first.columnSpacing, first.rowSpacing, step.length)
    directions = [Self.toRAS(first.alongRow), Self.toRAS(-first.alongColumn), Self.toRAS(normal)]
  }

  private static func check(_ plane: FramePlane, against first: FramePlane) throws(VolumeRefusal) {
    guard (plane.rows, plane.columns) == (first.rows, first.columns) else { throw .sizesDiffer }
    for offset in [plane.alongRow - first.alongRow, plane.alongColumn - first.alongColumn] {
      guard (0..<3).allSatisfy({ abs(offset[$0]) <= orientationTolerance }) else { throw .orientationsDiffer }
    }
    for (own, other) in [(plane.rowSpacing, first.rowSpacing), (plane.columnSpacing, first.columnSpacing)] {
      guard abs(own - other) <= pixelSpacingTolerance * other else { throw .pixelSpacingsDiffer }
    }
  }

  /// - Parameter places: Along the normal, ascending, in mm.
  private static func checkGaps(_ places: [Double]) throws(VolumeRefusal) {
    let gaps = zip(places.dropFirst(), places).map(-)
    guard gaps.allSatisfy({ $0 > positionTolerance }) else { throw .repeatedPositions }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let isUneven = gaps.contains { abs($0 - mean) > max(positionTolerance, spacingTolerance * mean) }
    guard isUneven else { return }
    // Holes widen the mean, but not the median.
    let median = gaps.sorted()[(gaps.count - 1) / 2]
    let tolerance = max(positionTolerance, spacingTolerance * median)
    let odd = gaps.filter { abs($0 - median) > tolerance }
    let areHoles =
      !odd.isEmpty
      && odd.allSatisfy { gap in
        let count = (gap / median).rounded()
        return count >= 2 && abs(gap - count * median) <= count * tolerance
      }
    throw areHoles ? .missingSlices : .unevenSpacing
  }

  /// DICOM's x and y point to the left hand and the back, NIfTI's to the right hand and the front.
  private static func toRAS(_ vector: SIMD3<Double>) -> SIMD3<Double> { SIMD3(-vector.x, -vector.y, vector.z) }
}
