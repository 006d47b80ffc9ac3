internal import CScanning

/// Finds what stands out of a plane, by two thresholds: above the noise around, and near the brightest around, which
/// keeps strokes apart that a lower threshold joins.
struct StrokeMap {
  /// How strokes are told from what is around them.
  enum Kind {
    case aboveNoise
    case nearPeak
    /// By their exact value, see ``PenValues``.
    case pen
  }

  private let response: StrokeResponse
  /// By block, from the block itself and its neighbours.
  private let aboveNoise: [UInt16]
  private let nearPeak: [UInt16]
  /// No sample is above its threshold.
  let isSilent: Bool

  /// - Parameter smallest: Less is no contrast.
  init(_ response: StrokeResponse, smallest: Int) {
    self.response = response
    var (above, near) = (
      [UInt16](repeating: 0, count: response.peaks.count), [UInt16](repeating: 0, count: response.peaks.count)
    )
    let found = unsafe response.values.withUnsafeBufferPointer { values in
      unsafe response.peaks.withUnsafeBufferPointer { peaks in
        unsafe above.withUnsafeMutableBufferPointer { above in
          unsafe near.withUnsafeMutableBufferPointer { near in
            unsafe ScanKernels.current.functions.thresholds(
              values.baseAddress, response.width, response.height, peaks.baseAddress, Int32(clamping: smallest),
              above.baseAddress, near.baseAddress)
          }
        }
      }
    }
    (aboveNoise, nearPeak, isSilent) = (above, near, found == 0)
  }

  /// - Parameters:
  ///   - plane: That the response is of, not inverted.
  ///   - sizes: Heights of letters that are looked for.
  func components(
    in plane: SamplePlane, _ kind: Kind, isDark: Bool, sizes: ClosedRange<Int>, _ workspace: ScanWorkspace
  ) -> ComponentList {
    ComponentList(workspace, sizes) { wanted, isComplete in
      unsafe plane.values.withUnsafeBufferPointer { values in
        unsafe response.values.withUnsafeBufferPointer { responses in
          unsafe (kind == .aboveNoise ? aboveNoise : nearPeak).withUnsafeBufferPointer { thresholds in
            unsafe ScanKernels.current.functions.strokes(
              workspace.raw, values.baseAddress, responses.baseAddress, thresholds.baseAddress, plane.width,
              plane.height, isDark, wanted, &isComplete)
          }
        }
      }
    }
  }
}
