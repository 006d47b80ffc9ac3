/// A picture beside itself with a heatmap over it, a legend, and what must be known to read it: one page.
package struct HeatmapSheet: Sendable {
  /// What stands above the pictures; the first line is larger. Each is cut to the width of the page.
  package let heading: [String]
  /// What stands beneath, broken into lines.
  package let caveat: String
  /// What the two ends of the legend mean.
  package let legend: (none: String, most: String)

  package init(heading: [String], caveat: String, legend: (none: String, most: String)) {
    (self.heading, self.caveat, self.legend) = (heading, caveat, legend)
  }

  /// The longer side of a picture on the page is at least this, in pixels; small pictures are enlarged by whole factors.
  package static let pictureSide = 448
  private static let margin = 16
  private static let gap = 12
  private static let legendHeight = 12
  private static let paper = RGBColor(gray: 255)
  private static let ink = RGBColor(gray: 24)
  private static let fadedInk = RGBColor(gray: 96)

  /// Draws the page.
  ///
  /// - Parameters:
  ///   - picture: As the model saw it.
  ///   - relevance: 0...1 at a pixel of `picture`, by column and row.
  /// - Throws: ``DrawingError`` when the font is missing.
  package func page(
    of picture: Canvas, font path: String = Typeface.defaultPath, relevance: (Int, Int) -> Double
  ) throws(DrawingError) -> Canvas {
    let title = try Typeface(path: path, pixels: 17)
    let text = try Typeface(path: path, pixels: 12)
    let longest = max(1, picture.width, picture.height)
    let factor = (Self.pictureSide + longest - 1) / longest
    let (width, height) = (picture.width * factor, picture.height * factor)
    let pageWidth = 2 * Self.margin + 2 * width + Self.gap
    let lines = text.broken(caveat, width: pageWidth - 2 * Self.margin)
    let top = Self.margin + title.lineHeight + max(0, heading.count - 1) * text.lineHeight + Self.gap
    let below = top + height + Self.gap
    let bottom = below + Self.legendHeight + 4 + text.lineHeight + Self.gap
    var page = Canvas(
      width: pageWidth, height: bottom + lines.count * text.lineHeight + Self.margin, background: Self.paper)
    var y = Self.margin
    for (index, line) in heading.enumerated() {
      if index == 0 {
        page.write(
          title.fitting(line, width: pageWidth - 2 * Self.margin), x: Self.margin, y: y, title, color: Self.ink)
        y += title.lineHeight
      } else {
        page.write(
          text.fitting(line, width: pageWidth - 2 * Self.margin), x: Self.margin, y: y, text, color: Self.fadedInk)
        y += text.lineHeight
      }
    }
    page.place(picture.enlarged(by: factor), x: Self.margin, y: top)
    page.place(overlay(of: picture, relevance).enlarged(by: factor), x: Self.margin + width + Self.gap, y: top)
    drawLegend(on: &page, y: below, text)
    for (index, line) in lines.enumerated() {
      page.write(line, x: Self.margin, y: bottom + index * text.lineHeight, text, color: Self.ink)
    }
    return page
  }

  private func overlay(of picture: Canvas, _ relevance: (Int, Int) -> Double) -> Canvas {
    var samples = picture.samples
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        let value = relevance(column, row)
        let (color, cover) = (HeatColor.channels(at: value), HeatColor.cover(at: value))
        for channel in 0..<3 {
          let index = (row * picture.width + column) * 3 + channel
          let mixed = Double(samples[index]) * (1 - cover) + color[channel] * cover
          samples[index] = UInt8(min(255, max(0, mixed.rounded())))
        }
      }
    }
    return Canvas(width: picture.width, height: picture.height, channels: 3, samples: samples)
  }

  private func drawLegend(on page: inout Canvas, y: Int, _ text: borrowing Typeface) {
    let width = page.width - 2 * Self.margin
    for column in 0..<width {
      let value = Double(column) / Double(max(1, width - 1))
      let (color, cover) = (HeatColor.channels(at: value), HeatColor.cover(at: value))
      let mixed = color.map { UInt8(min(255, max(0, (200 * (1 - cover) + $0 * cover).rounded()))) }
      page.fill(
        x: Self.margin + column, y: y, width: 1, height: Self.legendHeight,
        with: RGBColor(red: mixed[0], green: mixed[1], blue: mixed[2]))
    }
    let below = y + Self.legendHeight + 4
    page.write(legend.none, x: Self.margin, y: below, text, color: Self.fadedInk)
    page.write(
      legend.most, x: Self.margin + width - text.width(of: legend.most), y: below, text, color: Self.fadedInk)
  }
}

/// The colours of relevance: from nothing through violet and red to yellow, ever lighter, so that they keep their order
/// without colour vision.
enum HeatColor {
  private static let stops: [[Double]] = [
    [60, 10, 110], [150, 30, 110], [220, 70, 50], [250, 160, 20], [255, 240, 110],
  ]

  /// Red, green and blue, 0...255, at a relevance of 0...1.
  static func channels(at value: Double) -> [Double] {
    let place = min(1, max(0, value)) * Double(stops.count - 1)
    let low = min(stops.count - 2, Int(place))
    let share = place - Double(low)
    return zip(stops[low], stops[low + 1]).map { $0 * (1 - share) + $1 * share }
  }

  /// How much of the picture the colour covers: nothing where there is no relevance.
  static func cover(at value: Double) -> Double { 0.7 * min(1, max(0, value)).squareRoot() }
}

extension Canvas {
  /// Every pixel as a square of `factor` pixels.
  func enlarged(by factor: Int) -> Canvas {
    guard factor > 1 else { return self }
    var larger: [UInt8] = []
    larger.reserveCapacity(samples.count * factor * factor)
    for row in 0..<height {
      let line = (0..<width).flatMap { column -> [UInt8] in
        let pixel = samples[(row * width + column) * 3..<(row * width + column + 1) * 3]
        return (0..<factor).flatMap { _ in pixel }
      }
      for _ in 0..<factor { larger += line }
    }
    return Canvas(width: width * factor, height: height * factor, channels: 3, samples: larger)
  }
}

extension Typeface {
  /// The text in lines of at most `limit` pixels, broken between words; a longer word is cut.
  package func broken(_ text: String, width limit: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, width(of: "\(last) \(word)") <= limit {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(fitting(String(word), width: limit))
      }
    }
    return lines
  }
}
