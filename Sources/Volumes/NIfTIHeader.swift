/// The 352 bytes before the voxels of a NIfTI-1 file of one part (`n+1`), little endian.
package struct NIfTIHeader: Sendable {
  /// The header's 348 bytes and four that say that no extension follows.
  package static let length = 352

  package let bytes: [UInt8]

  /// NIFTI_XFORM_SCANNER_ANAT: the coordinates are those of the scanner.
  private static let scannerAnatomy = 1
  /// NIFTI_UNITS_MM.
  private static let millimetres: UInt8 = 2

  /// - Parameter description: ASCII, what made the file; cut to 79 characters.
  package init(_ geometry: VolumeGeometry, _ format: VoxelFormat, description: String) {
    var header = HeaderBytes(count: Self.length)
    header.putShort(348, at: 0)
    header.put(UInt8(ascii: "r"), at: 38)
    for (index, extent) in [3, geometry.columns, geometry.rows, geometry.slices, 1, 1, 1, 1].enumerated() {
      header.putShort(extent, at: 40 + 2 * index)
    }
    header.putShort(format.kind.rawValue, at: 70)
    header.putShort(format.kind.bits, at: 72)
    let rotation = Rotation(geometry.directions)
    let spacing = geometry.spacing
    for (index, number) in [rotation.handedness, spacing.x, spacing.y, spacing.z, 1, 1, 1, 1].enumerated() {
      header.put(number, at: 76 + 4 * index)
    }
    header.put(Double(Self.length), at: 108)
    header.put(format.line.slope, at: 112)
    header.put(format.line.intercept, at: 116)
    header.put(Self.millimetres, at: 123)
    for (index, byte) in description.utf8.prefix(79).enumerated() { header.put(byte, at: 148 + index) }
    header.putShort(Self.scannerAnatomy, at: 252)
    header.putShort(Self.scannerAnatomy, at: 254)
    let origin = geometry.affine.map { $0[3] }
    for (index, number) in (rotation.quaternion + origin).enumerated() { header.put(number, at: 256 + 4 * index) }
    for (index, number) in geometry.affine.flatMap(\.self).enumerated() { header.put(number, at: 280 + 4 * index) }
    for (index, byte) in "n+1".utf8.enumerated() { header.put(byte, at: 344 + index) }
    bytes = header.bytes
  }
}

/// Three directions at right angles as the quaternion of NIfTI-1's method 2.
private struct Rotation {
  /// b, c and d; a follows from them and is not negative.
  let quaternion: [Double]
  /// `qfac`: -1 where the third direction points the other way than the first two say.
  let handedness: Double

  init(_ directions: [SIMD3<Double>]) {
    let (x, y) = (directions[0], directions[1])
    let z = x.cross(y)
    handedness = z.dot(directions[2]) < 0 ? -1 : 1
    // Of the four ways to take the quaternion of a rotation matrix, the one that divides by the greatest number.
    let squares = [
      1 + x.x + y.y + z.z, 1 + x.x - y.y - z.z, 1 - x.x + y.y - z.z, 1 - x.x - y.y + z.z,
    ]
    let greatest = squares.indices.max { squares[$0] < squares[$1] } ?? 0
    let root = 2 * squares[greatest].squareRoot()
    let (zy, xz, yx) = (y.z - z.y, z.x - x.z, x.y - y.x)
    let (sumXY, sumXZ, sumYZ) = (y.x + x.y, z.x + x.z, z.y + y.z)
    let values: [Double] =
      switch greatest {
      case 0: [root / 4, zy / root, xz / root, yx / root]
      case 1: [zy / root, root / 4, sumXY / root, sumXZ / root]
      case 2: [xz / root, sumXY / root, root / 4, sumYZ / root]
      default: [yx / root, sumXZ / root, sumYZ / root, root / 4]
      }
    quaternion = values.dropFirst().map { values[0] < 0 ? -$0 : $0 }
  }
}

private struct HeaderBytes {
  private(set) var bytes: [UInt8]

  init(count: Int) {
    bytes = [UInt8](repeating: 0, count: count)
  }

  mutating func put(_ byte: UInt8, at offset: Int) { bytes[offset] = byte }

  mutating func put(_ number: Double, at offset: Int) {
    // No negative zero: it prints as one and says nothing.
    let bits = Float(number == 0 ? 0 : number).bitPattern
    for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: bits >> UInt32(8 * index)) }
  }

  mutating func putShort(_ number: Int, at offset: Int) {
    for index in 0..<2 { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
  }
}
