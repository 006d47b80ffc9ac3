package import DICOMCore

/// A frame as it is shown: display values in the frame's own size.
package struct DisplayImage: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// 1 (grey) or 3 (red, green, blue).
  package let channels: Int
  /// `rows × columns × channels` values in `0...1`, row by row, channels interleaved; 0 is black.
  package let values: [Float]
  /// What was done, in order.
  package let steps: [ProcessingStep]

  package init(rows: Int, columns: Int, channels: Int, values: [Float], steps: [ProcessingStep]) {
    precondition(values.count == rows * columns * channels, "the values do not fill the image")
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.values = values
    self.steps = steps
  }
}
