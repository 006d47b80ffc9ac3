/// Finds what stands out of a plane, by two thresholds: above the noise around, and near the brightest around, which
/// keeps strokes apart that a lower threshold joins.
enum StrokeMap {
  /// How strokes are told from what is around them.
  enum Kind {
    case aboveNoise
    case nearPeak
    /// By their exact value, see ``PenValues``.
    case pen
  }

  static func components(
    of response: StrokeResponse, in plane: SamplePlane, _ kind: Kind, where isWanted: (StrokeComponent) -> Bool
  ) -> (components: [StrokeComponent], isComplete: Bool) {
    let thresholds = self.thresholds(of: response, kind, smallest: plane.smallestContrast)
    let (width, side) = (response.width, StrokeResponse.blockSide)
    var collector = ComponentCollector()
    unsafe response.values.withUnsafeBufferPointer { responses in
      unsafe plane.values.withUnsafeBufferPointer { values in
        for row in 0..<response.height {
          if collector.isFull { return }
          collector.begin(row: row)
          let (line, blockLine) = (row * width, row / side * response.blockColumns)
          var start = -1
          func end(_ column: Int) {
            let last = column - 1
            let middle = (start + last) / 2
            let (outside, beyond) = (max(0, start - 1), min(width - 1, column))
            let value = unsafe Double(values[line + middle])
            let rise = unsafe Double(values[line + min(last, start + 1)]) - Double(values[line + outside])
            let fall = unsafe Double(values[line + max(start, last - 1)]) - Double(values[line + beyond])
            unsafe collector.add(
              start: start, end: column, value: value, response: Double(responses[line + middle]), steps: rise + fall)
            start = -1
          }
          for block in 0..<response.blockColumns {
            let threshold = thresholds[blockLine + block]
            let columns = block * side..<min(width, (block + 1) * side)
            if response.peak[blockLine + block] <= threshold {
              if start >= 0 { end(columns.lowerBound) }
              continue
            }
            for column in columns {
              if unsafe responses[line + column] > threshold {
                if start < 0 { start = column }
              } else if start >= 0 {
                end(column)
              }
            }
          }
          if start >= 0 { end(width) }
        }
      }
    }
    return (collector.components(where: isWanted), !collector.isFull)
  }

  /// By block, from the block itself and its neighbours.
  private static func thresholds(of response: StrokeResponse, _ kind: Kind, smallest: Int) -> [UInt16] {
    let (columns, rows) = (response.blockColumns, response.blockRows)
    var result = [UInt16](repeating: 0, count: columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        var (noise, peak, count) = (0, 0, 0)
        for y in max(0, row - 1)...min(rows - 1, row + 1) {
          for x in max(0, column - 1)...min(columns - 1, column + 1) {
            noise += Int(response.noise[y * columns + x])
            peak = max(peak, Int(response.peak[y * columns + x]))
            count += 1
          }
        }
        let own = Int(response.noise[row * columns + column])
        let aboveNoise = max(smallest, max(own, noise / count) * 3)
        let threshold = kind == .aboveNoise ? aboveNoise : max(aboveNoise, peak * 45 / 100)
        result[row * columns + column] = UInt16(min(threshold, 65535))
      }
    }
    return result
  }
}
