import Drawing
import Testing

struct ContactSheetTests {
  private let sheet = ContactSheet(heading: ["Series 1.2.3", "CT, page 1 of 1"], footnote: "Research use only.")

  private func tile(_ gray: UInt8, side: Int = 448) -> ContactSheet.Tile {
    ContactSheet.Tile(
      picture: Canvas(width: side, height: side, background: RGBColor(gray: gray)), caption: ["1", "file C 40 W 400"])
  }

  @Test func `every tile is on the page, in rows from the left`() throws {
    let page = try sheet.page(of: (1...8).map { tile(UInt8(20 * $0)) })
    // Where each grey is found first: seven and eight stand in the second row.
    let places = (1...8).map { number -> (x: Int, y: Int)? in
      let gray = UInt8(20 * number)
      let pixel = stride(from: 0, to: page.samples.count, by: 3).first { start in
        // A flat run of the grey, which no edge of a letter makes.
        (0..<60).allSatisfy { start + $0 < page.samples.count && page.samples[start + $0] == gray }
      }
      return pixel.map { ($0 / 3 % page.width, $0 / 3 / page.width) }
    }
    let found = places.compactMap { $0 }
    try #require(found.count == 8)
    #expect(found[0].y == found[5].y && found[6].y > found[0].y + ContactSheet.tileSide)
    #expect(zip(found[0..<6], found[1..<6]).allSatisfy { $0.x < $1.x })
    #expect(found[6].x == found[0].x)
  }

  @Test func `a page grows with its rows, and is narrow for few pictures`() throws {
    let one = try sheet.page(of: (0..<ContactSheet.columns).map { _ in tile(9) })
    #expect(try sheet.page(of: [tile(9)]).width < one.width)
    let full = try sheet.page(of: (0..<ContactSheet.tilesPerPage).map { _ in tile(9, side: 10) })
    #expect(full.width == one.width)
    #expect(full.height > one.height + (ContactSheet.rows - 1) * ContactSheet.tileSide)
  }

  @Test func `the same tiles give the same page`() throws {
    #expect(try sheet.page(of: [tile(3), tile(200)]) == sheet.page(of: [tile(3), tile(200)]))
  }
}
