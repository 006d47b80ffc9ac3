/// Where an image drew the encoder towards one finding: a coarse grid over the picture as the model saw it.
package struct HeatmapPicture: Sendable, Equatable {
  /// The finding.
  package let label: String
  /// Cells across, from the left; at least one.
  package let width: Int
  /// Cells down, from the top; at least one.
  package let height: Int
  /// Relevance from 0 (none) to 255 (the most in this image), row by row. It cannot be compared between images.
  package let values: [UInt8]

  /// - Returns: `nil` unless `values` fills the grid.
  package init?(label: String, width: Int, height: Int, values: [UInt8]) {
    guard width > 0, height > 0, width <= 4096, height <= 4096, values.count == width * height else { return nil }
    (self.label, self.width, self.height, self.values) = (label, width, height, values)
  }

  /// What stands beside every heatmap.
  package static let caveat =
    "The overlay shows which parts of the image drew the encoder towards the words of a finding. It does not show where "
    + "a finding is, it has not been validated for localisation, and it cannot be compared between images."
}

/// An image of a study as the model saw it.
package struct PagePicture: Sendable {
  /// Which image.
  package let image: TriageReport.Evidence
  /// Its PNG, relative to the output directory.
  package let file: String
  /// Of the PNG.
  package let byteCount: Int
  package let heatmaps: [HeatmapPicture]
  /// The PNG's bytes; `nil` when they are gone.
  let load: @Sendable () -> [UInt8]?

  package init(
    image: TriageReport.Evidence, file: String, byteCount: Int, heatmaps: [HeatmapPicture] = [],
    load: @escaping @Sendable () -> [UInt8]?
  ) {
    self.image = image
    self.file = file
    self.byteCount = byteCount
    self.heatmaps = heatmaps
    self.load = load
  }
}

/// A study as the page shows it.
package struct PageStudy: Sendable {
  package let report: TriageReport
  /// Those that were kept; an image without one says so.
  package let pictures: [PagePicture]

  package init(report: TriageReport, pictures: [PagePicture] = []) {
    self.report = report
    self.pictures = pictures
  }
}
