/// An image of a study as the model saw it.
package struct PagePicture: Sendable {
  /// Which image.
  package let image: TriageReport.Evidence
  /// Its PNG, relative to the output directory.
  package let file: String
  /// Of the PNG.
  package let byteCount: Int
  /// The PNG's bytes; `nil` when they are gone.
  let load: @Sendable () -> [UInt8]?

  package init(
    image: TriageReport.Evidence, file: String, byteCount: Int, load: @escaping @Sendable () -> [UInt8]?
  ) {
    self.image = image
    self.file = file
    self.byteCount = byteCount
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
