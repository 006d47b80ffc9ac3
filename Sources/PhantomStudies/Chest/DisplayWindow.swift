/// The window an acquisition station would send: what of the log signal goes from black to white.
package struct DisplayWindow: Sendable, Equatable {
  package var low: Float
  package var high: Float

  package init(low: Float, high: Float) {
    self.low = low
    self.high = high
  }

  /// The window that suits `signal`: from a little below the lungs to a little above the mediastinum, taken from the exposed body.
  package init(for signal: Plane, _ drawing: ChestDrawing, _ parameters: ChestParameters) {
    var random = PhantomRandom(seed: parameters.seed, stream: 31)
    let edges = parameters.projection.collimation
    var inside = signal
    for row in 0..<signal.rows {
      let v = Float(row) / Float(signal.rows)
      for column in 0..<signal.columns {
        let u = Float(column) / Float(signal.columns)
        let index = row * signal.columns + column
        let exposed = u > edges[0] + 0.01 && u < 0.99 - edges[1] && v > edges[2] + 0.01 && v < 0.99 - edges[3]
        if !exposed || drawing.attenuation.values[index] < 0.4 { inside.values[index] = -1000 }
      }
    }
    let bounds = inside.quantiles([0.01, 0.985]) { $0 > -900 }
    let width = max(bounds[1] - bounds[0], 0.5)
    low = bounds[0] - width * random.uniform(0.02...0.16)
    high = bounds[1] + width * random.uniform(-0.03...0.10)
  }
}
