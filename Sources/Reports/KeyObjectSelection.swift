package import DICOMCore

/// The flagged images of a study as a Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010), for viewers that show no
/// structured report.
package struct KeyObjectSelection: Sendable {
  /// The document tree, root first.
  package let content: ContentItem
  /// The whole object without file meta information, for Explicit VR Little Endian.
  package let dataSet: DataSet

  /// - Parameters:
  ///   - report: With its identity.
  ///   - header: Of the same study.
  ///   - images: By SOP Instance UID.
  ///   - instanceNumber: That of the SR.
  /// - Returns: `nil` where nothing is flagged: the document must name an image.
  /// - Throws: As ``StructuredReport``.
  package init?(
    of report: TriageReport, header: SourceHeader, images: [UID: StructuredReport.ImageSize], instanceNumber: Int
  ) throws(ReportError) {
    let flagged = report.findings.filter { $0.flag == true }
    guard !flagged.isEmpty else { return nil }
    let object = try ReportObject(report, header: header)
    let evidence = flagged.flatMap(\.evidence).map(\.image)
    let references = ReferencedImages(Self.inputs(report.inputs, in: Set(evidence)), sizes: images)
    content = .container(
      nil, StandardCode.ofInterest, template: "2010",
      children: [
        ContentItem(.hasConceptModifier, StandardCode.language, .code(StandardCode.americanEnglish))
      ] + object.device.observerContext + [
        .text(.contains, StandardCode.keyObjectDescription, Self.description(of: flagged, report))
      ] + references.references(to: evidence).map { ContentItem(.contains, nil, $0) })
    for concept in content.concepts { try concept.validate() }
    var dataSet = object.dataSet(
      modality: "KO", series: ReportIdentity.companionSeriesUID(.kos, study: object.study),
      number: Product.keyObjectSeriesNumber, description: Product.keyObjectSeriesDescription)
    dataSet.setEmpty(.referencedPerformedProcedureStepSequence, .sq)
    dataSet.set(.currentRequestedProcedureEvidenceSequence, items: references.evidence(study: object.study))
    let root = content.dataSet
    for tag in root.tags { dataSet[tag] = root[tag] }
    let identity = ReportIdentity.companionUID(.kos, report: report.reportID, content: dataSet.contentDigest)
    object.finish(
      &dataSet, sopClass: .keyObjectSelectionDocumentStorage, instance: identity, instanceNumber: instanceNumber,
      concepts: content.concepts)
    self.dataSet = dataSet
  }

  /// The inputs that are named as evidence, by frame or as a whole.
  private static func inputs(
    _ inputs: [TriageReport.Input], in evidence: Set<TriageReport.Evidence>
  ) -> [TriageReport.Input] {
    inputs.filter {
      $0.used
        && (evidence.contains(.init($0.sopInstanceUID, frame: $0.frame)) || evidence.contains(.init($0.sopInstanceUID)))
    }
  }

  private static func description(of findings: [TriageReport.Finding], _ report: TriageReport) -> String {
    let labels = findings.map(\.label).joined(separator: ", ")
    return "Images whose score exceeded the flag threshold for: \(labels). \(report.disclaimer)"
  }
}
