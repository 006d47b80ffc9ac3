internal import DICOMCore

/// The area that is resized: the frame itself, or the square around it.
///
/// In a square the frame is centred, with the smaller half of an odd difference before it. The area outside the frame has
/// display value 0 and is never stored.
struct FramePlacement: Sendable, Equatable {
  let rows: Int
  let columns: Int
  let top: Int
  let left: Int
  let frameRows: Int
  let frameColumns: Int

  init(rows: Int, columns: Int, squared: Bool) {
    let side = max(rows, columns)
    (frameRows, frameColumns) = (rows, columns)
    self.rows = squared ? side : rows
    self.columns = squared ? side : columns
    top = (self.rows - rows) / 2
    left = (self.columns - columns) / 2
  }

  /// The frame's row in this row; `nil` in the padding.
  func frameRow(_ row: Int) -> Int? {
    (0..<frameRows).contains(row - top) ? row - top : nil
  }

  var step: ProcessingStep {
    ProcessingStep(
      "pad-to-square",
      [
        "side": .integer(rows), "top": .integer(top), "left": .integer(left),
        "bottom": .integer(rows - frameRows - top), "right": .integer(columns - frameColumns - left), "value": 0,
      ])
  }
}
