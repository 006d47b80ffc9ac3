/// A dense array of 32-bit floats in row-major order.
package struct Tensor: Sendable, Equatable {
  /// The extent of each dimension, outermost first, such as `[channels, rows, columns]`.
  package let shape: [Int]
  /// `shape.reduce(1, *)` values.
  package var values: [Float]

  /// - Precondition: `values` fills `shape`. Check data from a file before the call.
  package init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "the values do not fill the shape")
    self.shape = shape
    self.values = values
  }

  package init(zeros shape: [Int]) {
    self.init(shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
  }
}
