import Reports
import Testing

struct HeatmapOutlineTests {
  private func lines(_ width: Int, _ values: [UInt8]) throws -> [[[Int]]] {
    try #require(HeatmapPicture(label: "x", width: width, height: values.count / width, values: values))
      .outlines(atLeast: 128).map { $0.map { [$0.x, $0.y] } }
  }

  @Test func `one cell is a square, and cells side by side are one shape`() throws {
    #expect(try lines(2, [0, 0, 0, 200]) == [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]])
    #expect(try lines(3, [128, 255, 0]) == [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]])
    #expect(try lines(2, [0, 127, 0, 0]).isEmpty)
  }

  @Test func `a hole has a line of its own, the other way round`() throws {
    let ring = try lines(3, [255, 255, 255, 255, 0, 255, 255, 255, 255])
    #expect(ring.count == 2)
    #expect(ring[0] == [[0, 0], [3, 0], [3, 3], [0, 3], [0, 0]])
    #expect(Set(ring[1]) == [[1, 1], [2, 1], [2, 2], [1, 2]] && ring[1].first == ring[1].last)
    #expect(Self.area(ring[0]) == 9 && Self.area(ring[1]) == -1)
  }

  @Test func `lines are closed and enclose as many cells as there are, whatever the shape`() throws {
    for pattern in 0..<512 {
      let values = (0..<9).map { UInt8(pattern >> $0 & 1) * 255 }
      let found = try lines(3, values)
      #expect(found.allSatisfy { $0.first == $0.last && $0.count >= 5 })
      #expect(found.reduce(0) { $0 + Self.area($1) } == values.count { $0 > 0 })
    }
  }

  /// The signed area, positive where the line runs clockwise as seen with y downwards.
  private static func area(_ line: [[Int]]) -> Int {
    zip(line, line.dropFirst()).reduce(0) { $0 + $1.0[0] * $1.1[1] - $1.1[0] * $1.0[1] } / 2
  }
}
