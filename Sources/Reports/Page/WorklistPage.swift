internal import DICOMCore
internal import Foundation

/// The worklist as one HTML file that needs nothing else: no network, no script from elsewhere, no framework.
///
/// The page is written study by study, so that one study is in memory at a time. Everything about a study but its row stands
/// in a `noscript` element: with scripts it is inert text until the study is opened, without them it is simply there.
package struct WorklistPage: Sendable {
  /// What the page says about whose studies they are.
  package enum Variant: Sendable {
    /// Study Instance UID, Accession Number and dates as in worklist.csv, so that a study can be found.
    case clinical
    /// Ranks, and pseudonyms where a function gives them; no identifier, date, digest or link. Pictures only of studies that
    /// are de-identified.
    case research(pseudonym: (@Sendable (_ studyInstanceUID: String) -> String)?)
  }

  /// Bytes of PNG that are put into the page; the pictures after them are referred to by name.
  package static let pictureBudget = 24 << 20

  let worklist: Worklist
  let variant: Variant
  let pictureBudget: Int
  /// Whether any study has a read-by time, which needs a column.
  let hasReadBy: Bool

  package init(_ worklist: Worklist, variant: Variant = .clinical, pictureBudget: Int = WorklistPage.pictureBudget) {
    self.worklist = worklist
    self.variant = variant
    self.pictureBudget = pictureBudget
    hasReadBy = !variant.isResearch && worklist.studies.contains { $0.readBy != nil }
  }

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - study: The report of a row and the pictures of its images.
  ///   - sink: Takes the bytes, piece by piece.
  package func write(
    study: (Worklist.Row) throws -> PageStudy, to sink: ([UInt8]) throws -> Void
  ) throws {
    var budget = PictureBudget(left: pictureBudget)
    var disclaimer = worklist.disclaimer
    for (index, row) in worklist.studies.enumerated() {
      let entry = try study(row)
      if index == 0 {
        disclaimer = entry.report.disclaimer
        try sink(head(disclaimer, about: entry.report).bytes)
      }
      try sink(StudyMarkup(row: row, study: entry, page: self).body(&budget).bytes)
    }
    if worklist.studies.isEmpty { try sink(head(disclaimer, about: nil).bytes) }
    try sink(foot(disclaimer).bytes)
  }
}

extension WorklistPage.Variant {
  var isResearch: Bool { if case .research = self { true } else { false } }
}

/// How many bytes of pictures may still be put into the page.
struct PictureBudget {
  var left: Int

  /// Takes the bytes of one picture, if there is room.
  mutating func take(_ count: Int) -> Bool {
    guard count <= left else { return false }
    left -= count
    return true
  }
}

extension HTML {
  var bytes: [UInt8] { Array(source.utf8) }
}
