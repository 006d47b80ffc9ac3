package import DICOMCore

extension BurnedInTextDetector.Line {
  /// What is blanked for a line: all of it with a margin, and room at both ends for an initial that stands apart.
  func area(in format: ImageFormat) -> PixelRegion {
    let margin = max(2, letterHeight * 2 / 5)
    let reach = letterHeight * 9 / 4 + 2
    let isWide = region.width >= region.height
    let (across, along) = isWide ? (reach, margin) : (margin, reach)
    let left = max(0, region.column - across)
    let top = max(0, region.row - along)
    let right = min(format.columns, region.column + region.width + across)
    let bottom = min(format.rows, region.row + region.height + along)
    return PixelRegion(column: left, row: top, width: max(0, right - left), height: max(0, bottom - top))
  }

  /// Whether another line of letters of about the same height stands no more than three lines away.
  func isNear(_ other: BurnedInTextDetector.Line) -> Bool {
    let (small, large) = (min(letterHeight, other.letterHeight), max(letterHeight, other.letterHeight))
    guard 2 * small >= large else { return false }
    let across =
      max(region.column, other.region.column)
      - min(region.column + region.width, other.region.column + other.region.width)
    let down =
      max(region.row, other.region.row)
      - min(region.row + region.height, other.region.row + other.region.height)
    return max(across, down) <= 3 * large
  }
}

extension PixelRegion {
  func overlaps(_ other: PixelRegion) -> Bool {
    column < other.column + other.width && other.column < column + width && row < other.row + other.height
      && other.row < row + height
  }

  private func contains(_ other: PixelRegion) -> Bool {
    column <= other.column && row <= other.row && column + width >= other.column + other.width
      && row + height >= other.row + other.height
  }

  /// Without regions that lie in others, from top to bottom and left to right.
  static func outermost(_ regions: [PixelRegion]) -> [PixelRegion] {
    let distinct = Set(regions)
    return distinct.filter { region in !distinct.contains { $0 != region && $0.contains(region) } }
      .sorted { ($0.row, $0.column, $0.height, $0.width) < ($1.row, $1.column, $1.height, $1.width) }
  }

  /// How many pixels regions cover together.
  static func coverage(_ regions: [PixelRegion], _ format: ImageFormat) -> Int {
    let edges = Set(regions.flatMap { [$0.row, $0.row + $0.height] }).sorted()
    return zip(edges, edges.dropFirst()).reduce(0) { sum, band in
      var (covered, end) = (0, 0)
      for region in regions.filter({ $0.row <= band.0 && $0.row + $0.height >= band.1 })
        .sorted(by: { $0.column < $1.column })
      {
        covered += max(0, region.column + region.width - max(end, region.column))
        end = max(end, region.column + region.width)
      }
      return sum + covered * (band.1 - band.0)
    }
  }
}

extension PaletteColors {
  /// The lookup tables of an object (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6); `nil` without whole tables. Segmented tables are
  /// not expanded: the indices are searched then.
  package init?(of attributes: DataSet) {
    let descriptors: [Tag] = [
      .redPaletteColorLookupTableDescriptor, .greenPaletteColorLookupTableDescriptor,
      .bluePaletteColorLookupTableDescriptor,
    ]
    let tables: [Tag] = [
      .redPaletteColorLookupTableData, .greenPaletteColorLookupTableData, .bluePaletteColorLookupTableData,
    ]
    guard attributes.string(.photometricInterpretation) == "PALETTE COLOR" else { return nil }
    var (channels, first): ([[UInt16]], Int?) = ([], nil)
    for (descriptor, table) in zip(descriptors, tables) {
      guard let numbers = attributes.integers(descriptor), numbers.count == 3, let bytes = attributes.bytes(table)
      else { return nil }
      let count = numbers[0] == 0 ? 65536 : numbers[0]
      first = first ?? numbers[1]
      if bytes.count >= 2 * count {
        channels.append((0..<count).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 })
      } else if bytes.count >= count {
        channels.append((0..<count).map { UInt16(bytes[$0]) * 257 })
      } else {
        return nil
      }
    }
    self.init(firstIndex: first ?? 0, channels: channels)
  }
}
