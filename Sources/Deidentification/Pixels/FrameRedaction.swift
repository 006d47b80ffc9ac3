package import DICOMCore

/// Blanks rectangles of a frame; every other bit stays as it is.
package enum FrameRedaction {
  /// A decoded frame. Single bits are held as bytes.
  package static func blank(_ regions: [PixelRegion], in frame: StoredFrame, with value: BlankValue) -> StoredFrame {
    var bytes = frame.bytes
    let layout = NativeFrameLayout(format: frame.format, arrangement: .interleaved, holdsBitsAsBytes: true)
    blank(regions, inNative: &bytes, layout, with: value)
    return StoredFrame(format: frame.format, bytes: bytes)
  }

  /// The bytes of one native frame, in little endian order.
  ///
  /// Where two pixels share chrominance, both are blanked.
  package static func blank(
    _ regions: [PixelRegion], inNative bytes: inout [UInt8], _ layout: NativeFrameLayout, with value: BlankValue
  ) {
    let format = layout.format
    for region in regions {
      let rows = max(0, region.row)..<max(max(0, region.row), min(format.rows, region.row + region.height))
      let columns =
        max(0, region.column)..<max(max(0, region.column), min(format.columns, region.column + region.width))
      guard !rows.isEmpty, !columns.isEmpty else { continue }
      for row in rows { blank(row, columns, &bytes, layout, value) }
    }
  }

  private static func blank(
    _ row: Int, _ columns: Range<Int>, _ bytes: inout [UInt8], _ layout: NativeFrameLayout, _ value: BlankValue
  ) {
    let format = layout.format
    let (width, samples, pixels) = (format.bytesPerSample, format.samplesPerPixel, format.rows * format.columns)
    func put(_ sample: Int, at offset: Int) {
      for (index, byte) in value.bytes(sample, width: width).enumerated() where offset + index < bytes.count {
        bytes[offset + index] = byte
      }
    }
    if format.bitsAllocated == 1, !layout.holdsBitsAsBytes {
      let isSet = value.samples[0] & 1 == 1
      for column in columns {
        let bit = layout.firstBit + row * format.columns + column
        guard bit / 8 < bytes.count else { return }
        let mask = UInt8(1) << UInt8(bit % 8)
        if isSet { bytes[bit / 8] |= mask } else { bytes[bit / 8] &= ~mask }
      }
      return
    }
    switch layout.arrangement {
    case .interleaved:
      for column in columns {
        for sample in 0..<samples { put(sample, at: ((row * format.columns + column) * samples + sample) * width) }
      }
    case .planar:
      for sample in 0..<samples {
        for column in columns { put(sample, at: (sample * pixels + row * format.columns + column) * width) }
      }
    case .subsampled:
      // Y1 Y2 Cb Cr for each pair.
      for pair in (row * format.columns + columns.lowerBound) / 2...(row * format.columns + columns.upperBound - 1) / 2
      {
        for (place, sample) in [0, 0, 1, 2].enumerated() { put(sample, at: (4 * pair + place) * width) }
      }
    }
  }
}

/// How the samples of one native frame lie in its bytes (PS3.3 C.7.6.3.1.2, C.7.6.3.1.3, PS3.5 8.1.1).
package struct NativeFrameLayout: Sendable, Equatable {
  package enum Arrangement: Sendable, Equatable {
    case interleaved
    /// Planar Configuration 1: all of the first sample, then all of the second.
    case planar
    /// YBR_FULL_422: two luminance samples, then the chrominance of both.
    case subsampled
  }

  package let format: ImageFormat
  package let arrangement: Arrangement
  /// Samples of one bit lie in a byte each, as in ``StoredFrame``.
  package let holdsBitsAsBytes: Bool
  /// Where the first pixel lies in the first byte, when samples are single bits: frames follow each other unpadded.
  package let firstBit: Int

  package init(
    format: ImageFormat, arrangement: Arrangement, holdsBitsAsBytes: Bool = false, firstBit: Int = 0
  ) {
    self.format = format
    self.arrangement = arrangement
    self.holdsBitsAsBytes = holdsBitsAsBytes
    self.firstBit = firstBit
  }
}
