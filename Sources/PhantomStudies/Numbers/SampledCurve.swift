/// A function of one length in millimetres, tabulated once and interpolated linearly; constant beyond its ends.
struct SampledCurve {
  private let start: Float
  private let inverseStep: Float
  private let values: [Float]

  init(from start: Float, to end: Float, step: Float = 0.5, _ function: (Float) -> Float) {
    self.start = start
    inverseStep = 1 / step
    let count = Int((end - start) / step) + 2
    values = (0..<count).map { function(start + Float($0) * step) }
  }

  @inline(__always)
  func callAsFunction(_ position: Float) -> Float {
    let scaled = min(max((position - start) * inverseStep, 0), Float(values.count - 2))
    let index = Int(scaled)
    let low = values[index]
    return low + (values[index + 1] - low) * (scaled - Float(index))
  }
}
