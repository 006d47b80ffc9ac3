/// Small pictures in rows with a caption beneath each, a heading above and a footnote below: one page.
package struct ContactSheet: Sendable {
  /// A picture and what stands beneath it.
  package struct Tile: Sendable {
    package let picture: Canvas
    /// Lines beneath the picture; each is cut to the width of a tile.
    package let caption: [String]

    package init(picture: Canvas, caption: [String]) {
      self.picture = picture
      self.caption = caption
    }
  }

  package let heading: [String]
  package let footnote: String

  package init(heading: [String], footnote: String) {
    self.heading = heading
    self.footnote = footnote
  }

  /// Pictures beside each other, rows on a page, and so pictures on a page.
  package static let columns = 6
  package static let rows = 7
  package static let tilesPerPage = columns * rows

  /// The longer side of a picture on the sheet, in pixels.
  package static let tileSide = 224

  /// A heading needs this width even above a single picture.
  private static let fewestColumns = 3
  private static let margin = 16
  private static let gap = 12
  private static let paper = RGBColor(gray: 255)
  private static let ink = RGBColor(gray: 24)
  private static let fadedInk = RGBColor(gray: 96)
  /// Around pictures: their black must not run into the paper, nor their white.
  private static let frame = RGBColor(gray: 160)

  /// Draws a page.
  ///
  /// - Parameter tiles: At most ``tilesPerPage``; fewer make the page shorter.
  /// - Throws: ``DrawingError`` when the font is missing.
  package func page(of tiles: [Tile], font path: String = Typeface.defaultPath) throws(DrawingError) -> Canvas {
    let title = try Typeface(path: path, pixels: 17)
    let text = try Typeface(path: path, pixels: 12)
    let captionLines = tiles.map(\.caption.count).max() ?? 0
    let tileHeight = Self.tileSide + 2 + 4 + captionLines * text.lineHeight
    let columns = max(Self.fewestColumns, min(tiles.count, Self.columns))
    let rows = (min(tiles.count, Self.tilesPerPage) + columns - 1) / columns
    let top = Self.margin + title.lineHeight + max(0, heading.count - 1) * text.lineHeight + Self.gap
    let bottom = top + rows * (tileHeight + Self.gap)
    let width = 2 * Self.margin + columns * (Self.tileSide + 2) + (columns - 1) * Self.gap
    var canvas = Canvas(width: width, height: bottom + text.lineHeight + Self.margin, background: Self.paper)
    writeHeading(on: &canvas, title, text)
    for (index, tile) in tiles.prefix(Self.tilesPerPage).enumerated() {
      let x = Self.margin + index % columns * (Self.tileSide + 2 + Self.gap)
      draw(tile, on: &canvas, x: x, y: top + index / columns * (tileHeight + Self.gap), text)
    }
    canvas.write(
      text.fitting(footnote, width: width - 2 * Self.margin), x: Self.margin, y: bottom, text, color: Self.fadedInk)
    return canvas
  }

  private func writeHeading(on canvas: inout Canvas, _ title: borrowing Typeface, _ text: borrowing Typeface) {
    let width = canvas.width - 2 * Self.margin
    var y = Self.margin
    for (index, line) in heading.enumerated() {
      if index == 0 {
        canvas.write(title.fitting(line, width: width), x: Self.margin, y: y, title, color: Self.ink)
        y += title.lineHeight
      } else {
        canvas.write(text.fitting(line, width: width), x: Self.margin, y: y, text, color: Self.fadedInk)
        y += text.lineHeight
      }
    }
  }

  private func draw(_ tile: Tile, on canvas: inout Canvas, x: Int, y: Int, _ text: borrowing Typeface) {
    let picture = tile.picture.fitted(into: Self.tileSide)
    let (left, top) = (x + (Self.tileSide - picture.width) / 2, y + (Self.tileSide - picture.height) / 2)
    canvas.fill(x: left, y: top, width: picture.width + 2, height: picture.height + 2, with: Self.frame)
    canvas.place(picture, x: left + 1, y: top + 1)
    for (index, line) in tile.caption.enumerated() {
      canvas.write(
        text.fitting(line, width: Self.tileSide), x: x, y: y + Self.tileSide + 6 + index * text.lineHeight, text,
        color: index == 0 ? Self.ink : Self.fadedInk)
    }
  }
}
