/// A drawn and exposed chest: the log signal, the window that shows it, and the truth about it.
package struct ChestRadiograph: Sendable {
  package let parameters: ChestParameters
  package let drawing: ChestDrawing
  /// Bone bright, without unit.
  package let signal: Plane
  package let window: DisplayWindow

  package init(_ parameters: ChestParameters) {
    self.parameters = parameters
    drawing = ChestDrawing(parameters)
    signal = DetectorSignal.acquire(drawing, parameters)
    window = DisplayWindow(for: signal, drawing, parameters)
  }

  /// Display values 0 (black) to 1 (white) through the window.
  package var display: Plane {
    var result = signal
    let scale = 1 / (window.high - window.low)
    for index in result.values.indices {
      result.values[index] = min(max((result.values[index] - window.low) * scale, 0), 1)
    }
    return result
  }
}
