import Foundation
import TestSupport

/// Reads the NIfTI-1 files of the tests by the published offsets; nothing of the product's code is in it.
struct NIfTIReader {
  let bytes: [UInt8]

  /// - Parameter path: Of a `.nii` or `.nii.gz`, which is unpacked by the system's gzip.
  init(path: String) throws {
    let folder = try TemporaryFolder()
    let content = [UInt8](try Data(contentsOf: URL(filePath: path)))
    guard path.hasSuffix(".gz") else {
      bytes = content
      return
    }
    try folder.write(content, to: "volume.nii.gz")
    guard let gzip = ExternalCommand("gzip") else { throw CocoaError(.executableNotLoadable) }
    _ = try gzip.run(["-d", folder.path("volume.nii.gz")])
    bytes = try folder.read("volume.nii")
  }

  func short(_ offset: Int) -> Int { Int(Int16(bitPattern: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8)) }

  func float(_ offset: Int) -> Double {
    Double(Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }))
  }

  var extents: [Int] { (0..<3).map { short(42 + 2 * $0) } }

  /// Three rows of four, from sform.
  var affine: [[Double]] { (0..<3).map { row in (0..<4).map { float(280 + 16 * row + 4 * $0) } } }

  /// From qform, by the formulas of nifti1.h.
  var quaternionAffine: [[Double]] {
    var (a, b, c, d) = (0.0, float(256), float(260), float(264))
    let rest = 1 - b * b - c * c - d * d
    if rest < 1e-7 {
      // Half a turn: what is left is rounding alone, as the reference implementation has it.
      let length = (b * b + c * c + d * d).squareRoot()
      (b, c, d) = (b / length, c / length, d / length)
    } else {
      a = rest.squareRoot()
    }
    let rotation = [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ]
    let scale = [float(80), float(84), float(88) * float(76)]
    return (0..<3).map { row in (0..<3).map { rotation[row][$0] * scale[$0] } + [float(268 + 4 * row)] }
  }

  /// A voxel with slope and intercept, where they mean anything.
  func value(_ column: Int, _ row: Int, _ slice: Int) -> Double {
    let index = (slice * extents[1] + row) * extents[0] + column
    let start = Int(float(108))
    let stored: Double =
      switch short(70) {
      case 2: Double(bytes[start + index])
      case 4: Double(short(start + 2 * index))
      case 512: Double(short(start + 2 * index) & 0xFFFF)
      case 16: float(start + 4 * index)
      default: .nan
      }
    let slope = float(112)
    return slope == 0 || slope.isNaN ? stored : stored * slope + float(116)
  }

  /// The place of a voxel in the patient, right, front, head.
  func place(_ voxel: [Double]) -> [Double] {
    affine.map { $0[0] * voxel[0] + $0[1] * voxel[1] + $0[2] * voxel[2] + $0[3] }
  }

  /// The voxel at a place, by Cramer's rule.
  func voxel(at place: [Double]) -> [Double] {
    let columns = (0..<3).map { column in affine.map { $0[column] } }
    let offset = (0..<3).map { place[$0] - affine[$0][3] }
    func determinant(_ a: [Double], _ b: [Double], _ c: [Double]) -> Double {
      a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1])
    }
    let whole = determinant(columns[0], columns[1], columns[2])
    return [
      determinant(offset, columns[1], columns[2]) / whole, determinant(columns[0], offset, columns[2]) / whole,
      determinant(columns[0], columns[1], offset) / whole,
    ]
  }
}
