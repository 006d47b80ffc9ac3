package import DICOMCore

/// The way back from the model's square input to the frame it was made from, read off the processing record.
package struct FramePosition: Sendable {
  /// Side of the model's input in pixels.
  private let side: Int
  private let canvas: (rows: Int, columns: Int)
  private let origin: (top: Int, left: Int)
  /// Of the frame.
  package let rows: Int
  package let columns: Int

  /// - Returns: `nil` for a record without a resize to a square.
  package init?(_ steps: [ProcessingStep]) {
    guard let resize = steps.last(where: { $0.step == "resize" }),
      let from = resize.integers("from"), let to = resize.integers("to"), from.count == 2, to.count == 2,
      to[0] == to[1], to[0] > 0
    else { return nil }
    side = to[0]
    canvas = (from[0], from[1])
    guard let padding = steps.last(where: { $0.step == "pad-to-square" }) else {
      origin = (0, 0)
      (rows, columns) = (from[0], from[1])
      return
    }
    let edges = ["top", "left", "bottom", "right"].compactMap { padding.integer($0) }
    guard edges.count == 4 else { return nil }
    origin = (edges[0], edges[1])
    (rows, columns) = (from[0] - edges[0] - edges[2], from[1] - edges[1] - edges[3])
  }

  /// A place of the input as a place of the frame, both in pixels from the top left corner; it may lie outside the frame.
  package func place(x: Double, y: Double) -> (x: Double, y: Double) {
    (
      x * Double(canvas.columns) / Double(side) - Double(origin.left),
      y * Double(canvas.rows) / Double(side) - Double(origin.top)
    )
  }

  /// The pixel of the frame at a place of the input; `nil` in the padding.
  package func pixel(x: Double, y: Double) -> (row: Int, column: Int)? {
    let place = place(x: x, y: y)
    guard place.x >= 0, place.y >= 0, place.x < Double(columns), place.y < Double(rows) else { return nil }
    return (Int(place.y), Int(place.x))
  }
}

extension ProcessingStep {
  fileprivate func integer(_ name: String) -> Int? {
    if case .integer(let value)? = params[name] { value } else { nil }
  }

  fileprivate func integers(_ name: String) -> [Int]? {
    guard case .array(let values)? = params[name] else { return nil }
    return values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
  }
}
