import DICOMCore
import Testing
import Volumes

struct VolumeGeometryTests {
  private static let format = ImageFormat(
    rows: 4, columns: 3, photometricInterpretation: .monochrome2, bitsAllocated: 16, bitsStored: 12)

  private func plane(_ position: [Double], orientation: [Double] = [1, 0, 0, 0, 1, 0]) throws -> FramePlane {
    var dataSet = DataSet()
    dataSet.set(.imagePositionPatient, .ds, strings: position.map { "\($0)" })
    dataSet.set(.imageOrientationPatient, .ds, strings: orientation.map { "\($0)" })
    dataSet.set(.pixelSpacing, .ds, strings: ["2", "0.5"])
    return try #require(FramePlane(of: dataSet, frameIndex: 0, frameCount: 1, format: Self.format))
  }

  private func stack(_ heights: [Double], lean: Double = 0) throws -> [FramePlane] {
    try heights.map { try plane([lean * $0, 0, $0]) }
  }

  @Test func `Planes are sorted along their normal`() throws {
    let geometry = try VolumeGeometry(try stack([5, 1, 3]))
    #expect(geometry.order == [1, 2, 0])
    #expect(geometry.spacing == SIMD3(0.5, 2, 2))
    #expect(geometry.affine == [[-0.5, 0, 0, 0], [0, 2, 0, -6], [0, 0, 2, 1]])
  }

  @Test(
    "Spacing may vary within the tolerance and no further",
    arguments: [
      ([0, 1.009, 2], nil), ([0, 1.02, 2], .unevenSpacing), ([0, 100.9, 200], nil), ([0, 103, 200], .unevenSpacing),
      ([0, 1, 1.005, 2], .repeatedPositions), ([0, 1, 3], .missingSlices), ([0, 1, 2, 5], .missingSlices),
    ] as [([Double], VolumeRefusal?)])
  func spacing(heights: [Double], refusal: VolumeRefusal?) throws {
    let planes = try stack(heights)
    if let refusal {
      #expect(throws: refusal) { try VolumeGeometry(planes) }
    } else {
      #expect(try VolumeGeometry(planes).slices == heights.count)
    }
  }

  @Test func `A stack may lean by a thousandth and no more`() throws {
    #expect(try VolumeGeometry(try stack([0, 1, 2], lean: 0.0009)).slices == 3)
    let leaning = try stack([0, 1, 2], lean: 0.002)
    #expect(throws: VolumeRefusal.gantryTilt) { try VolumeGeometry(leaning) }
  }

  @Test(
    "What is no geometry has no plane",
    arguments: [
      ["1", "0", "0", "0", "1"], ["1", "0", "0", "0.1", "1", "0"], ["0", "0", "0", "0", "0", "0"],
      ["1", "0", "0", "0", "2", "0"], ["x", "0", "0", "0", "1", "0"],
    ])
  func malformed(orientation: [String]) {
    var dataSet = DataSet()
    dataSet.set(.imagePositionPatient, .ds, strings: ["0", "0", "0"])
    dataSet.set(.imageOrientationPatient, .ds, strings: orientation)
    dataSet.set(.pixelSpacing, .ds, strings: ["2", "0.5"])
    #expect(FramePlane(of: dataSet, frameIndex: 0, frameCount: 1, format: Self.format) == nil)
  }
}
