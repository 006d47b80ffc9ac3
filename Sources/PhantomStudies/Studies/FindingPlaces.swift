/// Where the findings of a phantom lie in its image: what the drawing knows.
package struct FindingPlaces: Sendable {
  private let drawing: ChestDrawing

  package init(_ parameters: ChestParameters) {
    drawing = ChestDrawing(parameters)
  }

  /// Whether the finding covers any pixel of a rectangle of the stored image, from 0 at the top left; what lies outside is cut
  /// off. `false` for a finding that is not drawn.
  package func covers(_ kind: FindingKind, rows: Range<Int>, columns: Range<Int>) -> Bool {
    guard let mask = drawing.masks[kind] else { return false }
    let columns = columns.clamped(to: 0..<mask.columns)
    return rows.clamped(to: 0..<mask.rows).contains { row in
      columns.contains { mask[row: row, column: $0] > 0 }
    }
  }

  /// Whether the finding covers a pixel.
  package func covers(_ kind: FindingKind, row: Int, column: Int) -> Bool {
    covers(kind, rows: row..<row + 1, columns: column..<column + 1)
  }

  /// The share of the image that the finding covers, 0...1.
  package func share(of kind: FindingKind) -> Double {
    guard let mask = drawing.masks[kind] else { return 0 }
    return Double(mask.values.count { $0 > 0 }) / Double(max(1, mask.values.count))
  }
}

extension PhantomSet {
  /// Where the findings of one phantom lie, counted from 0.
  package func places(_ index: Int) -> FindingPlaces {
    FindingPlaces(.random(seed: firstSeed &+ UInt64(index)))
  }
}
