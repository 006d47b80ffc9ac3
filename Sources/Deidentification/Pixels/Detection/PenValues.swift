/// Values that are far more frequent than their neighbours: what is drawn with one pen has one value, whatever the
/// noise around it, and anatomy has none such.
enum PenValues {
  /// More pens than this are no pens.
  static let maximum = 6
  /// Samples that a word of small letters has.
  private static let smallestCount = 24

  /// The pens of a plane, the most outstanding first.
  static func values(of plane: SamplePlane) -> [Int16] {
    var counts = [Int32](repeating: 0, count: 65536)
    unsafe plane.values.withUnsafeBufferPointer { values in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        for index in values.indices { unsafe counts[Int(values[index]) + 32768] &+= 1 }
      }
    }
    let present = counts.indices.filter { counts[$0] > 0 }
    var found: [(excess: Double, index: Int)] = []
    for (place, index) in present.enumerated() where Int(counts[index]) >= smallestCount {
      let around = max(0, place - 4)...min(present.count - 1, place + 4)
      let others = around.filter { $0 != place }.map { Double(counts[present[$0]]) }.sorted()
      let usual = others.isEmpty ? 0 : others[others.count / 2]
      let excess = Double(counts[index]) / (usual + 4)
      if excess > 4, Int(counts[index]) < plane.values.count / 4 { found.append((excess, index)) }
    }
    found.sort { ($0.excess, $1.index) > ($1.excess, $0.index) }
    return found.prefix(maximum).map { Int16($0.index - 32768) }
  }

  /// Connected samples that have exactly this value.
  static func components(
    of plane: SamplePlane, value: Int16, where isWanted: (StrokeComponent) -> Bool
  ) -> (components: [StrokeComponent], isComplete: Bool) {
    let width = plane.width
    var collector = ComponentCollector()
    unsafe plane.values.withUnsafeBufferPointer { values in
      for row in 0..<plane.height {
        if collector.isFull { return }
        collector.begin(row: row)
        let line = row * width
        var column = 0
        while column < width {
          guard unsafe values[line + column] == value else {
            column += 1
            continue
          }
          let start = column
          while column < width, unsafe values[line + column] == value { column += 1 }
          // Two samples away a soft edge has ended.
          let before = unsafe Double(values[line + max(0, start - 2)])
          let behind = unsafe Double(values[line + min(width - 1, column + 1)])
          let contrast = (abs(Double(value) - before) + abs(Double(value) - behind)) / 2
          collector.add(start: start, end: column, value: Double(value), response: contrast, steps: 2 * contrast)
        }
      }
    }
    return (collector.components(where: isWanted), !collector.isFull)
  }
}
