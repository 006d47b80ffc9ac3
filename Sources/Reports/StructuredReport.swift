package import DICOMCore

/// A triage report as a Comprehensive 3D SR, or as a Comprehensive SR for archives that know no other, that follows TID 1500 of PS3.16.
///
/// The outcome is told by two summaries. `complete` is (111241/111242) with (111222, Succeeded), `partial` is
/// (111243/111244) with (111223, Partially Succeeded), "with findings" meaning that a score exceeded its threshold. A
/// no-assist study was left alone on purpose: (111245) with (111225, Not Attempted). A failed one was tried: (111245) with
/// (111224, Failed). Both carry the coded reason and have no Imaging Measurements.
package struct StructuredReport: Sendable {
  /// The report that is rendered; it has passed ``TriageReport/validate()``.
  package let report: TriageReport
  /// The document tree, root first.
  package let content: ContentItem
  /// The whole object without file meta information, for Explicit VR Little Endian.
  package let dataSet: DataSet

  /// The SOP class the tree is written in; it is the same tree in both.
  package enum Form: String, Sendable, CaseIterable {
    case comprehensive3D = "comprehensive-3d"
    case comprehensive

    package var sopClassUID: UID {
      switch self {
      case .comprehensive3D: .comprehensive3DSRStorage
      case .comprehensive: .comprehensiveSRStorage
      }
    }
  }

  /// Size of an image, as the image library lists it.
  package struct ImageSize: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    /// Number of Frames (0028,0008), 1 where the attribute is absent.
    package let frames: Int

    package init(rows: Int, columns: Int, frames: Int = 1) {
      self.rows = rows
      self.columns = columns
      self.frames = frames
    }

    /// The size an image's data set states; `nil` when it has no Rows and Columns and so is no image.
    package init?(of dataSet: DataSet) {
      guard let rows = dataSet.integer(.rows), let columns = dataSet.integer(.columns), rows > 0, columns > 0
      else { return nil }
      self.init(rows: rows, columns: columns, frames: max(1, dataSet.integer(.numberOfFrames) ?? 1))
    }
  }

  /// Builds content and header.
  ///
  /// - Parameters:
  ///   - report: With software name and version.
  ///   - header: Of the same study.
  ///   - images: By SOP Instance UID. An input that is neither used nor listed here is not referenced: it may be no image.
  ///   - procedures: What was reported (CID 100), at least one.
  ///   - form: The SOP class.
  ///   - predecessor: What ``TriageReport/supersedes`` names.
  /// - Throws: What ``TriageReport/validate()`` throws, a code that must not be written, a header of another study, or a
  ///   predecessor that is not the one of the report.
  package init(
    of report: TriageReport, header: SourceHeader, images: [UID: ImageSize],
    procedures: [CodedConcept] = [StandardCode.imagingProcedure], form: Form = .comprehensive3D,
    predecessor: IssuedReport? = nil
  ) throws(ReportError) {
    let object = try ReportObject(report, header: header)
    guard predecessor?.sopInstanceUID == report.supersedes else { throw ReportError.predecessorMismatch }
    let references = ReferencedImages(report.inputs, sizes: images)
    let tree = ReportTree(
      report: report, references: references, device: object.device, procedures: procedures,
      parameters: try AlgorithmParameters(of: report, json: report.json()))
    self.report = report
    content = tree.root
    for concept in content.concepts { try concept.validate() }
    dataSet = Self.dataSet(object, content: content, references: references, form: form, predecessor: predecessor)
  }

  /// What the report's identity follows from: a digest of everything that JSON and SR say. Made of a draft, whose identity is
  /// ``ReportIdentity/draftUID``.
  package func contentDigest() throws(ReportError) -> ContentDigest {
    ContentDigest(ofText: "\(ContentDigest(of: try report.json()))\n\(dataSet.contentDigest)")
  }
}
