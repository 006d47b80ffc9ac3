import PhantomStudies

/// Small chests that are drawn quickly, centred and upright, so that a place in the body is easy to find in the image.
enum ChestPhantoms {
  static var plain: ChestParameters {
    var parameters = ChestParameters()
    parameters.projection.rows = 240
    parameters.projection.columns = 240
    parameters.projection.pixelSpacing = 1.7
    parameters.projection.centerY = 0
    parameters.projection.marker = nil
    return parameters
  }

  static func with(_ change: (inout ChestParameters) -> Void) -> ChestParameters {
    var parameters = plain
    change(&parameters)
    return parameters
  }
}

extension ChestParameters {
  /// The pixel over a place of the body, for an upright, centred, unmagnified projection.
  func pixel(x: Float, y: Float) -> (row: Int, column: Int) {
    let row = y / projection.pixelSpacing + Float(projection.rows) / 2
    let column = x / projection.pixelSpacing + Float(projection.columns) / 2
    return (Int(row), Int(column))
  }
}

extension Plane {
  /// The mean of the values where `mask` is at least a half; 0 where it is nowhere.
  func mean(where mask: Plane) -> Double {
    var (sum, count) = (0.0, 0)
    for index in values.indices where mask.values[index] >= 0.5 {
      sum += Double(values[index])
      count += 1
    }
    return count == 0 ? 0 : sum / Double(count)
  }

  /// The columns in which some value is at least a half.
  var occupiedColumns: ClosedRange<Int>? {
    let occupied = (0..<columns).filter { column in (0..<rows).contains { self[row: $0, column: column] >= 0.5 } }
    guard let first = occupied.first, let last = occupied.last else { return nil }
    return first...last
  }
}
