internal import DICOMCore
internal import Foundation
internal import Reports

/// The page of a run's results, written beside them.
struct WorklistPageFile: Sendable {
  static let name = "worklist.html"
  /// The page without identifiers.
  static let researchName = "worklist-research.html"

  let folder: OutputFolder
  var name = Self.name
  var variant = WorklistPage.Variant.clinical
  var hasPictures = true

  /// Writes the page study by study, then puts it in its place.
  ///
  /// - Parameter report: The report of a row; asked for once each, in the order of the worklist.
  func publish(_ worklist: Reports.Worklist, report: (Reports.Worklist.Row) throws -> TriageReport?) throws {
    let temporary = try folder.temporaryPath(for: name)
    let file = try AppendingFile(creating: temporary)
    try WorklistPage(worklist, variant: variant).write(
      study: { row in
        guard let report = try report(row) else {
          throw BatchError.unexpected("study \(row.studyInstanceUID) is in the worklist and has no report")
        }
        return PageStudy(
          report: report, pictures: hasPictures ? StudyPictures.kept(of: report, in: folder.path) : [])
      }, to: { try file.append($0) })
    try file.flush()
    try folder.finish(temporary, as: name)
  }
}
