extension DetectorSignal {
  /// A lead letter beside the shoulder of the side it names.
  static func addMarker(_ projection: ChestProjection, to plane: inout Plane) {
    guard let side = projection.marker else { return }
    let glyph = side == .left ? letterL : letterR
    let cell = max(1, plane.columns / 150)
    let edge = projection.collimation
    let offset = side == .left ? edge[1] : edge[0]
    let x = Int(Float(plane.columns) * (side == .left ? 0.955 - offset : 0.015 + offset))
    let y = Int(Float(plane.rows) * (0.40 + edge[2] / 2))
    for (line, bits) in glyph.enumerated() {
      for bit in 0..<5 where bits & (1 << (4 - bit)) != 0 {
        for row in y + line * cell..<min(plane.rows, y + (line + 1) * cell) {
          for column in x + bit * cell..<min(plane.columns, x + (bit + 1) * cell) {
            plane[row: row, column: column] = 5.4
          }
        }
      }
    }
  }

  private static var letterL: [Int] { [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111] }
  private static var letterR: [Int] { [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001] }
}
