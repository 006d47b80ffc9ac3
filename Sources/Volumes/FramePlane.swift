package import DICOMCore

/// Where the pixels of one frame lie: in the patient's coordinates of DICOM (PS3.3 C.7.6.2.1.1), in mm, x to the left hand,
/// y to the back, z to the head.
package struct FramePlane: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// The centre of the first pixel.
  package let position: SIMD3<Double>
  /// The direction in which the column number grows, of length 1.
  package let alongRow: SIMD3<Double>
  /// The direction in which the row number grows, of length 1.
  package let alongColumn: SIMD3<Double>
  /// The distance of neighbours in one row: the second value of Pixel Spacing.
  package let columnSpacing: Double
  /// The distance of neighbours in one column: the first value of Pixel Spacing.
  package let rowSpacing: Double

  /// How far direction cosines may be from length 1 and from a right angle: what three decimals leave open.
  private static let cosineTolerance = 2e-3

  /// The plane of a frame; an enhanced object's functional groups count, per frame before shared (PS3.3 C.7.6.16).
  ///
  /// - Parameters:
  ///   - dataSet: Of the instance.
  ///   - frameIndex: From 0.
  ///   - frameCount: Of the instance. The data set's own attributes are those of its only frame.
  /// - Returns: `nil` where position, orientation or spacing is missing or is no geometry.
  package init?(of dataSet: DataSet, frameIndex: Int, frameCount: Int, format: ImageFormat) {
    let perFrame = dataSet.items(.perFrameFunctionalGroupsSequence)
    let own = perFrame.indices.contains(frameIndex) ? perFrame[frameIndex] : nil
    let shared = dataSet.items(.sharedFunctionalGroupsSequence).first
    func group(_ sequence: Tag) -> DataSet? {
      own?.items(sequence).first ?? shared?.items(sequence).first ?? (frameCount == 1 ? dataSet : nil)
    }
    guard let position = group(.planePositionSequence)?.doubles(.imagePositionPatient), position.count == 3,
      let cosines = group(.planeOrientationSequence)?.doubles(.imageOrientationPatient), cosines.count == 6,
      let spacing = group(.pixelMeasuresSequence)?.doubles(.pixelSpacing), spacing.count == 2,
      spacing.allSatisfy({ $0 > 0 && $0.isFinite }), (position + cosines).allSatisfy(\.isFinite)
    else { return nil }
    let row = SIMD3(cosines[0], cosines[1], cosines[2])
    let column = SIMD3(cosines[3], cosines[4], cosines[5])
    guard abs(row.length - 1) <= Self.cosineTolerance, abs(column.length - 1) <= Self.cosineTolerance,
      abs(row.dot(column)) <= Self.cosineTolerance
    else { return nil }
    (rows, columns) = (format.rows, format.columns)
    self.position = SIMD3(position[0], position[1], position[2])
    (alongRow, alongColumn) = (row / row.length, column / column.length)
    (rowSpacing, columnSpacing) = (spacing[0], spacing[1])
  }

  /// At a right angle to the frame, of length 1.
  package var normal: SIMD3<Double> {
    let normal = alongRow.cross(alongColumn)
    return normal / normal.length
  }
}

extension SIMD3<Double> {
  func dot(_ other: SIMD3<Double>) -> Double { (self * other).sum() }

  func cross(_ other: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  var length: Double { dot(self).squareRoot() }
}
