/// What the kernels of `CScanning` compute, in the slowest and most obvious way.
struct ScanReference {
  let width: Int
  let height: Int
  let values: [Int16]

  init(width: Int, height: Int, values: [Int16]) {
    (self.width, self.height, self.values) = (width, height, values)
  }

  /// Samples of the square of 7 x 7 around a place, as far as they lie inside.
  private func square(_ plane: [Int], _ column: Int, _ row: Int) -> [Int] {
    (max(0, row - 3)...min(height - 1, row + 3)).flatMap { y in
      (max(0, column - 3)...min(width - 1, column + 3)).map { plane[y * width + $0] }
    }
  }

  private func filtered(_ plane: [Int], _ extreme: ([Int]) -> Int) -> [Int] {
    (0..<height * width).map { extreme(square(plane, $0 % width, $0 / width)) }
  }

  func response(isDark: Bool) -> [UInt16] {
    let plane = values.map { isDark ? -1 - Int($0) : Int($0) }
    let opened = filtered(filtered(plane) { $0.min() ?? 0 }) { $0.max() ?? 0 }
    return zip(plane, opened).map { UInt16($0 - $1) }
  }

  var blockColumns: Int { (width + 31) / 32 }
  var blockRows: Int { (height + 31) / 32 }

  private func places(ofBlock block: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (top, left) = (block / blockColumns * 32, block % blockColumns * 32)
    return (top..<min(height, top + 32), left..<min(width, left + 32))
  }

  func peaks(_ response: [UInt16]) -> [UInt16] {
    (0..<blockColumns * blockRows).map { block in
      let (rows, columns) = places(ofBlock: block)
      return rows.flatMap { row in columns.map { response[row * width + $0] } }.max() ?? 0
    }
  }

  func noise(_ response: [UInt16], block: Int) -> UInt16 {
    let (rows, columns) = places(ofBlock: block)
    let sample = rows.filter { ($0 - rows.lowerBound) % 4 == 1 }.flatMap { row in
      columns.filter { ($0 - columns.lowerBound) % 2 == row / 4 % 2 }.map { response[row * width + $0] }
    }.sorted()
    return sample.isEmpty ? 0 : sample[sample.count * 6 / 10]
  }

  /// By block; `nil` where no sample is above the threshold.
  func thresholds(_ response: [UInt16], smallest: Int) -> [(aboveNoise: Int, nearPeak: Int)?] {
    let (peaks, noise) = (peaks(response), (0..<blockColumns * blockRows).map { Int(self.noise(response, block: $0)) })
    return peaks.indices.map { block in
      let (row, column) = (block / blockColumns, block % blockColumns)
      let around = (max(0, row - 1)...min(blockRows - 1, row + 1)).flatMap { y in
        (max(0, column - 1)...min(blockColumns - 1, column + 1)).map { y * blockColumns + $0 }
      }
      let mean = around.reduce(0) { $0 + noise[$1] } / around.count
      let aboveNoise = max(smallest, max(noise[block], mean) * 3)
      let nearPeak = max(aboveNoise, (around.map { Int(peaks[$0]) }.max() ?? 0) * 45 / 100)
      return Int(peaks[block]) > aboveNoise ? (aboveNoise, nearPeak) : nil
    }
  }

  /// What is measured of a component, as a line that compares.
  struct Component: Equatable {
    var area = 0
    var box = [Int.max, 0, Int.max, 0]
    var runs = 0
    var contacts = 0
    var valueSum = 0
    var squareSum = 0
    var responseSum = 0
    var stepSum = 0
  }

  /// Connected samples by flooding, in the order of their first samples.
  ///
  /// - Parameter measure: Value, response and steps of the run `start...last` of a row.
  func components(_ isSet: [Bool], _ measure: (_ row: Int, _ start: Int, _ last: Int) -> (Int, Int, Int)) -> [Component]
  {
    var label = [Int](repeating: -1, count: width * height)
    var result: [Component] = []
    for seed in isSet.indices where isSet[seed] && label[seed] < 0 {
      var open = [seed]
      label[seed] = result.count
      while let place = open.popLast() {
        for y in max(0, place / width - 1)...min(height - 1, place / width + 1) {
          for x in max(0, place % width - 1)...min(width - 1, place % width + 1)
          where isSet[y * width + x] && label[y * width + x] < 0 {
            label[y * width + x] = result.count
            open.append(y * width + x)
          }
        }
      }
      result.append(Component())
    }
    for place in isSet.indices where isSet[place] {
      let (row, column) = (place / width, place % width)
      result[label[place]].area += 1
      let box = result[label[place]].box
      result[label[place]].box = [min(box[0], column), max(box[1], column), min(box[2], row), max(box[3], row)]
      if row > 0, isSet[place - width] { result[label[place]].contacts += 1 }
      guard column == 0 || !isSet[place - 1] else { continue }
      let end = (column..<width).first { !isSet[row * width + $0] } ?? width
      let (value, response, steps) = measure(row, column, end - 1)
      result[label[place]].runs += 1
      result[label[place]].valueSum += value
      result[label[place]].squareSum += value * value
      result[label[place]].responseSum += response
      result[label[place]].stepSum += steps
    }
    return result
  }

  func strokes(_ response: [UInt16], above bounds: [Int?], isDark: Bool) -> [Component] {
    let isSet = (0..<width * height).map { place in
      bounds[place / width / 32 * blockColumns + place % width / 32].map { Int(response[place]) > $0 } ?? false
    }
    return components(isSet) { row, start, last in
      func value(_ column: Int) -> Int {
        let value = Int(values[row * width + column])
        return isDark ? -1 - value : value
      }
      let rise = value(min(last, start + 1)) - value(max(0, start - 1))
      let fall = value(max(start, last - 1)) - value(min(width - 1, last + 1))
      return (value((start + last) / 2), Int(response[row * width + (start + last) / 2]), rise + fall)
    }
  }

  func pens(_ pen: Int16) -> [Component] {
    components(values.map { $0 == pen }) { row, start, last in
      let before = abs(Int(pen) - Int(values[row * width + max(0, start - 2)]))
      let behind = abs(Int(pen) - Int(values[row * width + min(width - 1, last + 2)]))
      return (Int(pen), before + behind, before + behind)
    }
  }
}
