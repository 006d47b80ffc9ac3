package import DICOMCore

/// The modality values of a frame as a line over its stored values (PS3.3 C.7.6.16.2.9).
package struct ValueLine: Sendable, Equatable {
  package let slope: Double
  package let intercept: Double

  package init(slope: Double, intercept: Double) {
    (self.slope, self.intercept) = (slope, intercept)
  }
}

/// How the voxels of a volume are stored.
package struct VoxelFormat: Sendable, Equatable {
  /// Datatype codes of NIfTI-1.
  package enum Kind: Int, Sendable {
    case uint8 = 2
    case int16 = 4
    case float32 = 16
    case uint16 = 512

    package var bits: Int {
      switch self {
      case .uint8: 8
      case .int16, .uint16: 16
      case .float32: 32
      }
    }
  }

  package let kind: Kind
  /// From a stored voxel to its value: of the whole volume. Slope 1 and intercept 0 for floats, which are values already.
  package let line: ValueLine

  /// The format that holds all frames of a volume.
  ///
  /// Stored values stay as they are where one line belongs to all of them; otherwise values are 32-bit floats.
  ///
  /// - Throws: `samplesNotSupported` or `samplesDiffer`.
  package init(_ formats: [ImageFormat], _ lines: [ValueLine]) throws(VolumeRefusal) {
    guard let first = formats.first, let line = lines.first else { throw .singleSlice }
    for format in formats {
      guard !format.isFloat, format.samplesPerPixel == 1, [8, 16].contains(format.bitsAllocated),
        [.monochrome1, .monochrome2].contains(format.photometricInterpretation)
      else { throw .samplesNotSupported }
      guard format.isSigned == first.isSigned,
        format.photometricInterpretation == first.photometricInterpretation
      else { throw .samplesDiffer }
    }
    guard lines.allSatisfy({ $0 == line }) else {
      (kind, self.line) = (.float32, ValueLine(slope: 1, intercept: 0))
      return
    }
    let bits = formats.map(\.bitsStored).max() ?? 16
    let isNarrow = formats.allSatisfy { $0.bitsAllocated == 8 }
    kind =
      first.isSigned ? .int16 : isNarrow ? .uint8 : bits < 16 ? .int16 : .uint16
    self.line = line
  }

  /// The voxels of one slice, little endian, the last row first.
  ///
  /// - Parameter line: Of this frame; used for floats alone.
  /// - Throws: `samplesDiffer` for a frame whose code stream holds other samples than its attributes say.
  package func bytes(of frame: StoredFrame, _ line: ValueLine) throws(VolumeRefusal) -> [UInt8] {
    try check(frame.format)
    let values = frame.storedValues()
    let (rows, columns) = (frame.format.rows, frame.format.columns)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * kind.bits / 8)
    for row in (0..<rows).reversed() {
      for value in values[row * columns..<(row + 1) * columns] {
        switch kind {
        case .uint8: bytes.append(UInt8(truncatingIfNeeded: value))
        case .int16, .uint16:
          bytes.append(UInt8(truncatingIfNeeded: value))
          bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        case .float32:
          let bits = Float(Double(value) * line.slope + line.intercept).bitPattern
          for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
          }
        }
      }
    }
    return bytes
  }

  private func check(_ format: ImageFormat) throws(VolumeRefusal) {
    let bits = format.isSigned ? format.bitsStored : format.bitsStored + 1
    let fits =
      switch kind {
      case .uint8: !format.isSigned && format.bitsStored <= 8
      case .int16: bits <= 16
      case .uint16: !format.isSigned && format.bitsStored <= 16
      case .float32: format.bitsStored <= 16
      }
    guard fits, !format.isFloat, format.samplesPerPixel == 1 else { throw .samplesDiffer }
  }
}
