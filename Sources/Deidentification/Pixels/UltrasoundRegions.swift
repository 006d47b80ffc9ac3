internal import DICOMCore

/// The picture areas that an ultrasound device states, Sequence of Ultrasound Regions (PS3.3 C.8.5.5): what it writes
/// about patient and site stands outside them.
enum UltrasoundRegions {
  private static let sequence = Tag(0x0018, 0x6011)
  /// Region Location Min X0, Min Y0, Max X1, Max Y1.
  private static let corners = [0x6018, 0x601A, 0x601C, 0x601E].map { Tag(0x0018, $0) }

  /// The regions that lie in the frame; `nil` when there are none or one is no rectangle.
  static func regions(of dataSet: DataSet, rows: Int, columns: Int) -> [PixelRegion]? {
    let items = dataSet.items(sequence)
    guard !items.isEmpty else { return nil }
    var found: [PixelRegion] = []
    for item in items {
      let values = corners.compactMap { item.integer($0) }
      guard values.count == 4, values[0] >= 0, values[1] >= 0, values[2] > values[0], values[3] > values[1],
        values[0] < columns, values[1] < rows
      else { return nil }
      let (right, bottom) = (min(columns - 1, values[2]), min(rows - 1, values[3]))
      found.append(
        PixelRegion(column: values[0], row: values[1], width: right - values[0] + 1, height: bottom - values[1] + 1))
    }
    return found
  }

  /// Rectangles that cover everything outside `regions` and nothing of them, from top to bottom.
  static func complement(of regions: [PixelRegion], rows: Int, columns: Int) -> [PixelRegion] {
    let edges = Set(regions.flatMap { [$0.row, $0.row + $0.height] } + [0, rows]).sorted()
    var result: [PixelRegion] = []
    for (top, bottom) in zip(edges, edges.dropFirst()) {
      let covered = regions.filter { $0.row <= top && $0.row + $0.height >= bottom }.sorted { $0.column < $1.column }
      var left = 0
      for region in covered {
        if region.column > left {
          result.append(PixelRegion(column: left, row: top, width: region.column - left, height: bottom - top))
        }
        left = max(left, region.column + region.width)
      }
      if left < columns {
        result.append(PixelRegion(column: left, row: top, width: columns - left, height: bottom - top))
      }
    }
    return result
  }
}
