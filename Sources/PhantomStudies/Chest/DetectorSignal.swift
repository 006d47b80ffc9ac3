/// What the detector makes of the attenuation: exposure, scatter, noise, the logarithm and the station's processing.
package enum DetectorSignal {
  /// Log signal with bone bright: 0 in the direct beam, about 5 behind the spine, as CR and DX store it.
  ///
  /// Scatter and quanta follow `parameters.projection`; the noise follows `parameters.seed`.
  package static func acquire(_ drawing: ChestDrawing, _ parameters: ChestParameters) -> Plane {
    let projection = parameters.projection
    let spread = 1.2 / max(projection.pixelSpacing, 0.05)
    var transmission = drawing.attenuation
    for index in transmission.values.indices {
      transmission.values[index] = PortableMath.exp(-transmission.values[index])
    }
    applyCollimator(projection, to: &transmission)
    transmission = transmission.softened(min(0.6, 0.35 * spread))
    let scatter = transmission.boxBlurred(radius: projection.rows / 9)
    var random = PhantomRandom(seed: parameters.seed, stream: 21)
    let noise: Float = 0.0042 / projection.exposure.squareRoot()
    for index in transmission.values.indices {
      let quanta = transmission.values[index] + 0.035 * scatter.values[index] + 0.0012
      let noisy = quanta + noise * quanta.squareRoot() * random.normal()
      transmission.values[index] = -PortableMath.log(max(noisy, 0.0004))
    }
    addMarker(projection, to: &transmission)
    return enhance(transmission.softened(0.25), projection.enhancement)
  }

  private static func applyCollimator(_ projection: ChestProjection, to plane: inout Plane) {
    let (rows, columns) = (Float(plane.rows), Float(plane.columns))
    let edges = projection.collimation
    guard edges.contains(where: { $0 > 0 }) else { return }
    for row in 0..<plane.rows {
      for column in 0..<plane.columns {
        let (u, v) = (Float(column) / columns, Float(row) / rows)
        if u < edges[0] || u > 1 - edges[1] || v < edges[2] || v > 1 - edges[3] {
          plane[row: row, column: column] *= 0.008
        }
      }
    }
  }

  /// Adds local contrast and gives it less weight in the bright end, as every station does before it sends.
  private static func enhance(_ plane: Plane, _ strength: Float) -> Plane {
    guard strength > 0 else { return plane }
    let coarse = plane.boxBlurred(radius: plane.rows / 14)
    let fine = plane.boxBlurred(radius: max(1, plane.rows / 120))
    var result = plane
    for index in plane.values.indices {
      let (value, mean, near) = (plane.values[index], coarse.values[index], fine.values[index])
      result.values[index] = value - 0.42 * strength * (mean - 2.6) + 0.5 * strength * (value - near)
    }
    return result
  }
}
