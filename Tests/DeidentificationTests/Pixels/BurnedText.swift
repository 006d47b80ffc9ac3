import DICOMCore
import Drawing
import PhantomStudies
import Testing

/// Frames to burn text into, and the text: all drawn here.
enum Ground: String, CaseIterable, CustomTestStringConvertible {
  case radiograph
  case tomogram
  case ultrasound
  case noise

  var testDescription: String { rawValue }

  /// A frame without text; the same seed gives the same frame.
  func frame(seed: UInt64) -> StoredFrame {
    var random = PhantomRandom(seed: seed)
    switch self {
    case .radiograph: return Self.radiograph(&random)
    case .tomogram: return Self.tomogram(&random)
    case .ultrasound: return Self.ultrasound(&random)
    case .noise: return Self.noise(&random)
    }
  }

  private static func radiograph(_ random: inout PhantomRandom) -> StoredFrame {
    let phantom = PhantomSet(count: 1, firstSeed: random.next() >> 8, variant: .mixed).phantom(0)
    return phantom.image.frame
  }

  private static func tomogram(_ random: inout PhantomRandom) -> StoredFrame {
    let identity = PhantomIdentity(number: random.integer(1...900))
    return random.pick(ThoraxCT.slices(identity: identity, count: 3, transferSyntax: .explicitVRLittleEndian)).frame
  }

  /// Speckle in a fan, with ticks at its side and a wedge of greys.
  private static func ultrasound(_ random: inout PhantomRandom) -> StoredFrame {
    let (rows, columns) = (360, 480)
    var speckle = (0..<rows * columns).map { _ in Double(random.normal()) }
    for step in [1, columns, 1] {
      for index in stride(from: rows * columns - 1, through: step, by: -1) { speckle[index] += speckle[index - step] }
    }
    let bytes = (0..<rows * columns).map { index -> UInt8 in
      let (x, y) = (Double(index % columns) - 240, Double(index / columns) + 40)
      let depth = (x * x + y * y).squareRoot()
      if index % columns > 466, index % columns < 473, index / columns % 18 == 9 { return 190 }
      if (8..<14).contains(index % columns), (100..<228).contains(index / columns) {
        return UInt8(2 * (index / columns - 100))
      }
      guard depth > 90, depth < 380, abs(x) < 0.75 * y else { return 0 }
      return UInt8(max(0, min(220, 60 + 14 * abs(speckle[index]) * (1 + 0.5 * (x / 120 + y / 200)) - 20)))
    }
    return grey(rows, columns, bytes)
  }

  private static func noise(_ random: inout PhantomRandom) -> StoredFrame {
    let deviation = random.uniform(2...10)
    return grey(300, 300, (0..<90_000).map { _ in UInt8(max(0, min(255, 110 + deviation * random.normal()))) })
  }

  private static func grey(_ rows: Int, _ columns: Int, _ bytes: [UInt8]) -> StoredFrame {
    StoredFrame(
      format: ImageFormat(
        rows: rows, columns: columns, photometricInterpretation: .monochrome2, bitsAllocated: 8, bitsStored: 8),
      bytes: bytes)
  }
}

/// One string and how it is drawn.
struct BurnedText {
  enum Style: String, CaseIterable {
    /// The largest value of the frame.
    case white
    /// The smallest.
    case black
    /// Above the brightest sample around by a quarter of the frame's range.
    case faint
    /// White with a black rim.
    case outlined
    /// Black in a white box.
    case boxed
  }

  var text: String
  var font = Typeface.defaultPath
  /// Height of the em square.
  var pixels: Int
  /// Quarter turns to the right.
  var turns = 0
  /// Columns that the text leans over for each row, or rows that it rises for each column: 0 is upright and level.
  var slant = 0.0
  var style = Style.white
  var isSmooth = true

  static let fonts = [
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSansMono-Bold",
  ].map { "/usr/share/fonts/truetype/dejavu/\($0).ttf" }

  /// How much each pixel is covered, 0...1.
  func coverage() throws -> (rows: Int, columns: Int, values: [Double]) {
    let typeface = try Typeface(path: font, pixels: pixels)
    let (width, height) = (typeface.width(of: text) + 4, typeface.lineHeight + 2)
    var canvas = Canvas(width: width, height: height)
    canvas.write(text, x: 2, y: 1, typeface, color: RGBColor(gray: 255))
    let rise = Int(abs(slant) * Double(width)) + 1
    var plain = [Double](repeating: 0, count: (height + rise) * width)
    for row in 0..<height {
      for column in 0..<width {
        let lift = slant >= 0 ? slant * Double(column) : Double(rise) + slant * Double(column)
        let value = Double(canvas.samples[(row * width + column) * 3]) / 255
        let (whole, part) = (Int(lift), lift - Double(Int(lift)))
        let target = (row + whole) * width + column
        plain[target] = min(1, plain[target] + value * (1 - part))
        if target + width < plain.count { plain[target + width] = min(1, plain[target + width] + value * part) }
      }
    }
    if !isSmooth { plain = plain.map { $0 >= 0.5 ? 1 : 0 } }
    var turned = (rows: height + rise, columns: width, values: plain)
    for _ in 0..<turns {
      let old = turned
      turned = (old.columns, old.rows, old.values)
      for row in 0..<turned.rows {
        for column in 0..<turned.columns {
          turned.values[row * turned.columns + column] = old.values[(old.rows - 1 - column) * old.columns + row]
        }
      }
    }
    return turned
  }

  /// Draws the text with its top left corner at a place.
  ///
  /// - Returns: The frame, and which of its pixels belong to strokes; `nil` where it does not fit or cannot be read: the
  ///   pen differs too little from what lies under it.
  func burned(
    into frame: StoredFrame, column: Int, row: Int, value forced: Int32? = nil
  ) throws -> (frame: StoredFrame, strokes: [Bool])? {
    let mask = try coverage()
    let format = frame.format
    guard row >= 0, column >= 0, row + mask.rows <= format.rows, column + mask.columns <= format.columns else {
      return nil
    }
    var values = frame.storedValues()
    let sorted = values.sorted()
    let (low, high) = (sorted[sorted.count / 100], sorted[sorted.count * 99 / 100])
    var under: [Int32] = []
    for y in 0..<mask.rows {
      under += values[(row + y) * format.columns + column..<(row + y) * format.columns + column + mask.columns]
    }
    under.sort()
    let (dark, light) = (under[under.count / 50], under[under.count * 49 / 50])
    let range = max(64, high - low)
    let limit =
      format.isSigned ? Int32(1) << (Int32(format.bitsStored) - 1) - 1 : Int32(1) << Int32(format.bitsStored) - 1
    let pen =
      switch style {
      case .white, .outlined: max(high, low + range)
      case .black, .boxed: low
      case .faint: min(limit, light + range / 4)
      }
    let needed = range / 5
    let isReadable = style == .outlined || style == .boxed || pen - light >= needed || dark - pen >= needed
    guard isReadable, forced != nil || pen <= limit else { return nil }
    var strokes = [Bool](repeating: false, count: values.count)
    for y in 0..<mask.rows {
      for x in 0..<mask.columns {
        let place = (row + y) * format.columns + column + x
        var ground = Double(values[place])
        if style == .boxed { ground = Double(max(high, low + range)) }
        if style == .outlined, greatest(mask.values, mask.rows, mask.columns, x, y) > 0.4 { ground = Double(low) }
        let share = mask.values[y * mask.columns + x]
        values[place] = Int32((ground * (1 - share) + Double(forced ?? pen) * share).rounded())
        strokes[place] = share > 0.5
      }
    }
    let width = format.bytesPerSample
    let bytes = values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> Int32(8 * $0)) } }
    return (StoredFrame(format: format, bytes: bytes), strokes)
  }
}

/// The greatest coverage at a place and its eight neighbours.
private func greatest(_ values: [Double], _ rows: Int, _ columns: Int, _ x: Int, _ y: Int) -> Double {
  var result = 0.0
  for row in max(0, y - 1)...min(rows - 1, y + 1) {
    for column in max(0, x - 1)...min(columns - 1, x + 1) { result = max(result, values[row * columns + column]) }
  }
  return result
}
