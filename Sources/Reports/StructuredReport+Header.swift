internal import DICOMCore

extension StructuredReport {
  /// The attributes of the Comprehensive SR and Comprehensive 3D SR IODs (PS3.3 A.35.3, A.35.13) around the content tree.
  static func dataSet(
    _ object: ReportObject, content: ContentItem, references: ReferencedImages, form: Form, predecessor: IssuedReport?
  ) -> DataSet {
    let report = object.report
    var dataSet = object.dataSet(
      modality: "SR", series: ReportIdentity.seriesUID(study: object.study), number: Product.seriesNumber,
      description: Product.seriesDescription)
    dataSet.setEmpty(.referencedPerformedProcedureStepSequence, .sq)
    addDocument(of: report, references: references, to: &dataSet)
    if let predecessor {
      dataSet.set(.predecessorDocumentsSequence, items: [predecessor.predecessorItem(study: object.study)])
    }
    let root = content.dataSet
    for tag in root.tags { dataSet[tag] = root[tag] }
    object.finish(
      &dataSet, sopClass: form.sopClassUID, instance: report.reportID,
      instanceNumber: (predecessor?.instanceNumber ?? 0) + 1, concepts: content.concepts)
    return dataSet
  }

  /// SR Document General (PS3.3 C.17.2).
  private static func addDocument(
    of report: TriageReport, references: ReferencedImages, to dataSet: inout DataSet
  ) {
    switch report.status {
    case .complete, .noAssist: dataSet.set(.completionFlag, .cs, "COMPLETE")
    case .partial:
      dataSet.set(.completionFlag, .cs, "PARTIAL")
      dataSet.set(.completionFlagDescription, .lo, "Not every image could be scored")
    case .failed:
      dataSet.set(.completionFlag, .cs, "PARTIAL")
      dataSet.set(.completionFlagDescription, .lo, "No image could be scored")
    }
    dataSet.set(.verificationFlag, .cs, "UNVERIFIED")
    dataSet.set(.preliminaryFlag, .cs, "PRELIMINARY")
    dataSet.setEmpty(.performedProcedureCodeSequence, .sq)
    let evidence = references.evidence(study: report.subject.studyInstanceUID)
    if !evidence.isEmpty { dataSet.set(.currentRequestedProcedureEvidenceSequence, items: evidence) }
  }
}
