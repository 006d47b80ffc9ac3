internal import Drawing

/// A grey picture of something like a body, with text on it.
struct TextPicture {
  static let columns = 320
  static let rows = 256

  /// 0 to 1, row by row.
  private(set) var values: [Double]

  /// - Parameter seed: Of the noise.
  init(seed: Int) {
    var state = UInt64(seed * 2 + 1)
    values = (0..<Self.rows * Self.columns).map { place in
      let (x, y) = (Double(place % Self.columns) / 320 - 0.5, Double(place / Self.columns) / 256 - 0.5)
      let body = max(0, 1 - (x * x / 0.16 + y * y / 0.2))
      let organ = max(0, 1 - ((x - 0.1) * (x - 0.1) / 0.02 + (y + 0.05) * (y + 0.05) / 0.03))
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 0.08 + 0.35 * body.squareRoot() + 0.2 * organ + 0.02 * Double(state >> 40) / Double(1 << 24)
    }
  }

  /// Writes a line.
  ///
  /// - Parameters:
  ///   - column: Of the centre of the line.
  ///   - height: Of the letters' em square, in pixels.
  ///   - contrast: Added where a stroke is; negative for dark letters.
  ///   - degrees: Turned to the right by so much.
  /// - Returns: Column, row, width and height of what changed.
  mutating func write(
    _ text: String, column: Int, row: Int, height: Int, contrast: Double = 0.5, degrees: Double = 0
  ) throws -> [Int] {
    let typeface = try Typeface(pixels: height)
    let (width, depth) = (typeface.width(of: text) + 4, typeface.lineHeight + 4)
    var line = Canvas(width: width, height: depth)
    line.write(text, x: 2, y: 2, typeface, color: RGBColor(gray: 255))
    let angle = degrees * .pi / 180
    // Exact for a quarter turn.
    let (cosine, sine) = degrees == 90 ? (0, 1) : (Self.cosine(angle), Self.sine(angle))
    var box: [Int]?
    for y in 0..<Self.rows {
      for x in 0..<Self.columns {
        let (dx, dy) = (Double(x - column), Double(y - row))
        let (u, v) = (dx * cosine + dy * sine + Double(width) / 2, dy * cosine - dx * sine + Double(depth) / 2)
        let (left, top) = (Int(u.rounded(.down)), Int(v.rounded(.down)))
        guard (0..<width).contains(left), (0..<depth).contains(top) else { continue }
        let coverage = Double(line.samples[(top * width + left) * 3]) / 255
        guard coverage > 0.1 else { continue }
        let place = y * Self.columns + x
        values[place] = min(1, max(0, values[place] + contrast * coverage))
        let old = box ?? [x, y, x, y]
        box = [min(old[0], x), min(old[1], y), max(old[2], x), max(old[3], y)]
      }
    }
    let edges = box ?? [0, 0, 0, 0]
    return [edges[0], edges[1], edges[2] - edges[0] + 1, edges[3] - edges[1] + 1]
  }

  // Series, so that every machine draws the same.
  private static func sine(_ x: Double) -> Double { x - x * x * x / 6 + x * x * x * x * x / 120 }
  private static func cosine(_ x: Double) -> Double { 1 - x * x / 2 + x * x * x * x / 24 }

  /// Little endian samples of 8 or 16 bits.
  func samples(bits: Int, isInverted: Bool = false) -> [UInt8] {
    let white = Double(1 << bits - 1)
    return values.flatMap { value -> [UInt8] in
      let sample = Int(((isInverted ? 1 - value : value) * white).rounded())
      return bits > 8 ? [UInt8(sample & 0xFF), UInt8(sample >> 8)] : [UInt8(sample)]
    }
  }
}
