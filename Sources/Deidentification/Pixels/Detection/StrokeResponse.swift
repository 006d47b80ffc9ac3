internal import CScanning

/// How far every sample stands out from what is wider than a stroke: the white top-hat, a plane less its opening by a
/// square of 7 x 7 (Serra, Image Analysis and Mathematical Morphology, 1982).
///
/// For dark strokes the black top-hat, which is the white one of the inverted plane.
struct StrokeResponse {
  /// Noise is judged in squares of this many samples.
  static let blockSide = Int(CS_BLOCK)

  let width: Int
  let height: Int
  /// 0...65535, row by row.
  let values: [UInt16]
  /// By block: the largest response.
  let peaks: [UInt16]

  var blockColumns: Int { (width + Self.blockSide - 1) / Self.blockSide }

  /// Both responses of a plane, in one pass.
  static func both(of plane: SamplePlane, _ workspace: ScanWorkspace) -> (light: StrokeResponse, dark: StrokeResponse) {
    let (width, height, count) = (plane.width, plane.height, plane.width * plane.height)
    let blocks = ((width + blockSide - 1) / blockSide) * ((height + blockSide - 1) / blockSide)
    var (lightPeaks, darkPeaks) = ([UInt16](repeating: 0, count: blocks), [UInt16](repeating: 0, count: blocks))
    var dark: [UInt16] = []
    let light = unsafe [UInt16](unsafeUninitializedCapacity: count) { light, lightCount in
      unsafe dark = [UInt16](unsafeUninitializedCapacity: count) { dark, darkCount in
        let isDone = unsafe plane.values.withUnsafeBufferPointer { values in
          unsafe lightPeaks.withUnsafeMutableBufferPointer { lightPeaks in
            unsafe darkPeaks.withUnsafeMutableBufferPointer { darkPeaks in
              unsafe ScanKernels.current.functions.respond(
                workspace.raw, values.baseAddress, width, height, light.baseAddress, dark.baseAddress,
                lightPeaks.baseAddress, darkPeaks.baseAddress)
            }
          }
        }
        precondition(isDone, "no memory for a few rows")
        darkCount = count
      }
      lightCount = count
    }
    return (
      StrokeResponse(width: width, height: height, values: light, peaks: lightPeaks),
      StrokeResponse(width: width, height: height, values: dark, peaks: darkPeaks)
    )
  }

  /// The response that six in ten samples of a block stay below.
  func noise(ofBlock block: Int) -> UInt16 {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe ScanKernels.current.functions.noise(values.baseAddress, width, height, block, peaks[block])
    }
  }
}
