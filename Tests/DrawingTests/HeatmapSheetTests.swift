import Drawing
import Testing

struct HeatmapSheetTests {
  private static let sheet = HeatmapSheet(
    heading: ["A finding", "An image"], caveat: "One caveat of several words that has to be broken into lines.",
    legend: (none: "nothing", most: "most"))

  private static let picture = Canvas(
    width: 64, height: 64, channels: 1, samples: (0..<64 * 64).map { UInt8($0 % 251) })

  @Test func `without relevance both pictures are the image itself`() throws {
    let page = try Self.sheet.page(of: Self.picture) { _, _ in 0 }
    let (left, right) = Self.pictures(on: page)
    #expect(left == right)
  }

  @Test func `relevance colours the second picture where it is, and only there`() throws {
    let page = try Self.sheet.page(of: Self.picture) { column, row in column < 32 && row < 32 ? 1 : 0 }
    let (left, right) = Self.pictures(on: page)
    let side = Self.side
    for row in stride(from: 0, to: side, by: 9) {
      for column in stride(from: 0, to: side, by: 9) {
        let place = row * side + column
        #expect((left[place] != right[place]) == (row < side / 2 && column < side / 2))
      }
    }
  }

  @Test func `text is broken between words`() throws {
    let face = try Typeface(pixels: 12)
    let lines = face.broken("several words that do not fit on one line", width: 90)
    #expect(lines.count > 2)
    #expect(lines.joined(separator: " ") == "several words that do not fit on one line")
    for line in lines { #expect(face.width(of: line) <= 90) }
  }

  private static let side = 7 * 64

  /// The two pictures as rows of colours: each is 448 pixels wide, 12 apart, and the page has margins of 16.
  private static func pictures(on page: Canvas) -> ([[UInt8]], [[UInt8]]) {
    // Below the pictures: a gap, the legend and the caveat. The pictures begin where the first row of the right one does.
    let top = firstRow(of: page)
    func pixels(_ left: Int) -> [[UInt8]] {
      (0..<side).flatMap { row in
        (0..<side).map { column in
          let start = ((top + row) * page.width + left + column) * 3
          return Array(page.samples[start..<start + 3])
        }
      }
    }
    return (pixels(16), pixels(16 + side + 12))
  }

  /// The first row whose left picture begins with the image's first value, 0.
  private static func firstRow(of page: Canvas) -> Int {
    (0..<page.height).first { row in
      (16..<23).allSatisfy { page.samples[(row * page.width + $0) * 3] == 0 }
    } ?? 0
  }
}
