/// A colour, 8 bits a channel.
package struct RGBColor: Sendable, Equatable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  package init(gray: UInt8) { self.init(red: gray, green: gray, blue: gray) }

  fileprivate var channels: [UInt8] { [red, green, blue] }
}

/// An RGB picture of 8 bits a channel, drawn on from the top left corner.
package struct Canvas: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// `height × width × 3` samples, row by row, red first.
  package private(set) var samples: [UInt8]

  /// - Precondition: Neither side is negative.
  package init(width: Int, height: Int, background: RGBColor = RGBColor(gray: 0)) {
    precondition(width >= 0 && height >= 0, "a canvas has no negative side")
    (self.width, self.height) = (width, height)
    samples = [UInt8](repeating: 0, count: width * height * 3)
    fill(x: 0, y: 0, width: width, height: height, with: background)
  }

  /// Fills a rectangle; what lies outside the canvas is cut off.
  package mutating func fill(x: Int, y: Int, width: Int, height: Int, with color: RGBColor) {
    let columns = max(0, x)..<max(max(0, x), min(self.width, x + width))
    for row in max(0, y)..<max(max(0, y), min(self.height, y + height)) {
      for column in columns { set(column, row, color.channels) }
    }
  }

  /// Puts another picture on top, its top left corner at (`x`, `y`); what lies outside is cut off.
  package mutating func place(_ picture: Canvas, x: Int, y: Int) {
    for row in 0..<picture.height where (0..<height).contains(y + row) {
      for column in 0..<picture.width where (0..<width).contains(x + column) {
        let start = (row * picture.width + column) * 3
        set(x + column, y + row, Array(picture.samples[start..<start + 3]))
      }
    }
  }

  /// Writes a line of text.
  ///
  /// - Parameters:
  ///   - x: Where the first letter starts.
  ///   - y: Top of the line; its height is that of the typeface.
  package mutating func write(_ text: String, x: Int, y: Int, _ typeface: borrowing Typeface, color: RGBColor) {
    let margin = typeface.lineHeight
    var plane = CoveragePlane(width: typeface.width(of: text) + 2 * margin, height: typeface.lineHeight + margin)
    typeface.draw(text, into: &plane, x: margin, baseline: typeface.ascent)
    for row in 0..<plane.height where (0..<height).contains(y + row) {
      for column in 0..<plane.width where (0..<width).contains(x + column - margin) {
        let coverage = Int(plane.values[row * plane.width + column])
        if coverage > 0 { blend(x + column - margin, y + row, color.channels, coverage: coverage) }
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ channels: [UInt8]) {
    let start = (y * width + x) * 3
    for channel in 0..<3 { samples[start + channel] = channels[channel] }
  }

  private mutating func blend(_ x: Int, _ y: Int, _ channels: [UInt8], coverage: Int) {
    let start = (y * width + x) * 3
    for channel in 0..<3 {
      let (below, above) = (Int(samples[start + channel]), Int(channels[channel]))
      samples[start + channel] = UInt8((below * (255 - coverage) + above * coverage + 127) / 255)
    }
  }
}

extension Canvas {
  /// A picture from samples of one (grey) or three channels.
  ///
  /// - Precondition: `samples` holds `width × height × channels` values and `channels` is 1 or 3.
  package init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 channels")
    precondition(samples.count == width * height * channels, "the samples do not fill the picture")
    self.init(width: width, height: height)
    self.samples = channels == 3 ? samples : samples.flatMap { [$0, $0, $0] }
  }

  /// The picture made smaller until neither side is longer than `side`, each new pixel the mean of the area it covers.
  ///
  /// A picture that is small enough stays as it is.
  package func fitted(into side: Int) -> Canvas {
    let longest = max(width, height)
    guard side > 0, longest > side else { return self }
    let columns = AreaWeights(from: width, to: max(1, (width * side + longest / 2) / longest))
    let rows = AreaWeights(from: height, to: max(1, (height * side + longest / 2) / longest))
    // First along the rows, then between them.
    var narrow = [Double](repeating: 0, count: height * columns.count * 3)
    for y in 0..<height {
      for x in 0..<columns.count {
        for (source, weight) in columns[x] {
          for channel in 0..<3 {
            narrow[(y * columns.count + x) * 3 + channel] +=
              weight * Double(samples[(y * width + source) * 3 + channel])
          }
        }
      }
    }
    var small = Canvas(width: columns.count, height: rows.count)
    for y in 0..<rows.count {
      for position in 0..<columns.count * 3 {
        let mean = rows[y].reduce(0) { $0 + $1.1 * narrow[$1.0 * columns.count * 3 + position] }
        small.samples[y * columns.count * 3 + position] = UInt8(min(255, max(0, mean.rounded())))
      }
    }
    return small
  }
}

/// Which source pixels a smaller row is made of, and with what share.
private struct AreaWeights {
  private let weights: [[(Int, Double)]]

  var count: Int { weights.count }

  subscript(index: Int) -> [(Int, Double)] { weights[index] }

  init(from source: Int, to target: Int) {
    let scale = Double(source) / Double(target)
    weights = (0..<target).map { index in
      let (start, end) = (Double(index) * scale, Double(index + 1) * scale)
      return (Int(start)..<min(source, Int(end.rounded(.up)))).map { pixel in
        (pixel, (min(end, Double(pixel + 1)) - max(start, Double(pixel))) / scale)
      }
    }
  }
}
