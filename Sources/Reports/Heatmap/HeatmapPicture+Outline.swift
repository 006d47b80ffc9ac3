extension HeatmapPicture {
  /// A corner of the grid, in cells from the top left.
  package struct Corner: Sendable, Hashable, Comparable {
    package let x: Int
    package let y: Int

    package init(x: Int, y: Int) { (self.x, self.y) = (x, y) }

    package static func < (lhs: Corner, rhs: Corner) -> Bool { (lhs.y, lhs.x) < (rhs.y, rhs.x) }
  }

  /// The borders around the cells of at least `level`, as closed lines from corner to corner: first and last are the same.
  ///
  /// They follow the cells, since a smoother line would claim more than the grid knows. Lines around a hole run the other way
  /// round. The order is fixed.
  package func outlines(atLeast level: UInt8) -> [[Corner]] {
    func isInside(_ row: Int, _ column: Int) -> Bool {
      (0..<height).contains(row) && (0..<width).contains(column) && values[row * width + column] >= level
    }
    // Clockwise around each cell, where the neighbour on that side is outside.
    var next: [Corner: [Corner]] = [:]
    for row in 0..<height {
      for column in 0..<width where isInside(row, column) {
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map { Corner(x: column + $0.0, y: row + $0.1) }
        let neighbours = [(row - 1, column), (row, column + 1), (row + 1, column), (row, column - 1)]
        for side in 0..<4 where !isInside(neighbours[side].0, neighbours[side].1) {
          next[corners[side], default: []].append(corners[(side + 1) % 4])
        }
      }
    }
    var lines: [[Corner]] = []
    for start in next.keys.sorted() {
      while let first = next[start]?.popLast() {
        var line = [start, first]
        while let last = line.last, last != start, let following = next[last]?.popLast() { line.append(following) }
        lines.append(Self.straightened(line))
      }
    }
    return lines
  }

  /// Without the points between the ends of straight stretches.
  private static func straightened(_ line: [Corner]) -> [Corner] {
    guard line.count > 2 else { return line }
    var kept = [line[0]]
    for index in 1..<line.count - 1 {
      let (before, here, after) = (line[index - 1], line[index], line[index + 1])
      if (here.x - before.x, here.y - before.y) != (after.x - here.x, after.y - here.y) { kept.append(here) }
    }
    return kept + [line[line.count - 1]]
  }
}
