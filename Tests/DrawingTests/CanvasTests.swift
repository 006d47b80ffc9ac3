import Drawing
import Testing

struct CanvasTests {
  @Test func `a rectangle is cut off at the edges`() {
    var canvas = Canvas(width: 4, height: 3)
    canvas.fill(x: 2, y: -5, width: 10, height: 6, with: RGBColor(red: 1, green: 2, blue: 3))
    #expect(
      canvas.samples.chunked(3).map { $0 == [1, 2, 3] } == [false, false, true, true]
        + [Bool](repeating: false, count: 8))
  }

  @Test func `a picture that fits keeps its samples`() {
    let picture = Canvas(width: 2, height: 1, channels: 1, samples: [7, 9])
    #expect(picture.fitted(into: 2) == picture)
    #expect(picture.samples == [7, 7, 7, 9, 9, 9])
  }

  @Test func `a smaller picture has the means of the areas it covers`() {
    // 4 × 2 becomes 2 × 1: each new pixel is the mean of four.
    let picture = Canvas(width: 4, height: 2, channels: 1, samples: [0, 10, 100, 200, 20, 30, 60, 40])
    #expect(picture.fitted(into: 2) == Canvas(width: 2, height: 1, channels: 1, samples: [15, 100]))
  }

  @Test func `areas that cut through pixels count them in part`() {
    // 3 become 2: the middle pixel belongs half to each.
    let picture = Canvas(width: 3, height: 1, channels: 1, samples: [30, 60, 90])
    #expect(picture.fitted(into: 2).samples == [40, 40, 40, 80, 80, 80])
  }

  @Test(arguments: [(3000, 2000), (1, 5000), (449, 448)]) func `the longer side becomes the side asked for`(
    width: Int, height: Int
  ) {
    let small = Canvas(width: width, height: height, background: RGBColor(gray: 77)).fitted(into: 448)
    #expect(max(small.width, small.height) == 448)
    #expect(min(small.width, small.height) >= 1)
    #expect(Set(small.samples) == [77])
  }

  @Test func `a picture placed over an edge loses what lies outside`() {
    var canvas = Canvas(width: 2, height: 2)
    canvas.place(Canvas(width: 2, height: 2, channels: 1, samples: [1, 2, 3, 4]), x: 1, y: -1)
    #expect(canvas.samples == [0, 0, 0, 3, 3, 3, 0, 0, 0, 0, 0, 0])
  }
}

extension Array {
  fileprivate func chunked(_ size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min(count, $0 + size)]) }
  }
}
