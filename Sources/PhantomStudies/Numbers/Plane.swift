/// One value a pixel, row by row.
package struct Plane: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  package var values: [Float]

  package init(rows: Int, columns: Int, filledWith value: Float = 0) {
    self.rows = rows
    self.columns = columns
    values = Array(repeating: value, count: rows * columns)
  }

  package subscript(row row: Int, column column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The value below which `fraction` of `sample` values lie; the sample is every `stride`-th pixel that `isIncluded`.
  func quantiles(_ fractions: [Float], stride step: Int = 7, where isIncluded: (Float) -> Bool) -> [Float] {
    var sample: [Float] = []
    for index in Swift.stride(from: 0, to: values.count, by: step) where isIncluded(values[index]) {
      sample.append(values[index])
    }
    guard !sample.isEmpty else { return fractions.map { _ in 0 } }
    sample.sort()
    return fractions.map { sample[min(sample.count - 1, Int(Float(sample.count) * $0))] }
  }
}

// MARK: - Smoothing

extension Plane {
  /// The plane after a running mean over `2 × radius + 1` pixels in both directions, edges repeated.
  func boxBlurred(radius: Int) -> Plane {
    guard radius > 0 else { return self }
    return runningMean(radius: radius, count: rows, length: columns, lineStride: columns, step: 1)
      .runningMean(radius: radius, count: columns, length: rows, lineStride: 1, step: columns)
  }

  private func runningMean(radius: Int, count: Int, length: Int, lineStride: Int, step: Int) -> Plane {
    var result = self
    let scale = 1 / Double(2 * radius + 1)
    for line in 0..<count {
      let start = line * lineStride
      func at(_ index: Int) -> Double { Double(values[start + min(max(index, 0), length - 1) * step]) }
      var sum = 0.0
      for index in -radius...radius { sum += at(index) }
      for index in 0..<length {
        result.values[start + index * step] = Float(sum * scale)
        sum += at(index + radius + 1) - at(index - radius)
      }
    }
    return result
  }

  /// Mixes every pixel with its four neighbours: a point spread of about one pixel. `weight` is the neighbours' share, 0...1.
  func softened(_ weight: Float) -> Plane {
    guard weight > 0, rows > 2, columns > 2 else { return self }
    var result = self
    let (own, other) = (1 - weight, weight / 4)
    for row in 1..<rows - 1 {
      let start = row * columns
      for index in start + 1..<start + columns - 1 {
        let neighbours = (values[index - 1] + values[index + 1]) + (values[index - columns] + values[index + columns])
        result.values[index] = own * values[index] + other * neighbours
      }
    }
    return result
  }
}
