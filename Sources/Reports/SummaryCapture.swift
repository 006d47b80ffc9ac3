package import DICOMCore

/// A picture of a report's summary as a Secondary Capture (PS3.3 A.8.1), for viewers that show nothing else. It has no
/// semantics, and is made on request alone.
package struct SummaryCapture: Sendable {
  /// Without pixel data and its module.
  package let dataSet: DataSet

  /// - Parameters:
  ///   - report: With its identity.
  ///   - header: Of the same study.
  ///   - pixels: Digest of the picture's samples; identity follows from it.
  ///   - instanceNumber: That of the SR.
  /// - Throws: As ``StructuredReport``.
  package init(
    of report: TriageReport, header: SourceHeader, pixels: ContentDigest, instanceNumber: Int
  ) throws(ReportError) {
    let object = try ReportObject(report, header: header)
    var dataSet = object.dataSet(
      modality: "OT", series: ReportIdentity.companionSeriesUID(.sc, study: object.study),
      number: Product.summarySeriesNumber, description: Product.summarySeriesDescription)
    // Drawn by a program (PS3.3 C.8.6.1), and its text is in the pixels (C.7.6.1).
    dataSet.set(.conversionType, .cs, "SYN")
    dataSet.set(.imageType, .cs, "DERIVED", "SECONDARY")
    dataSet.set(.burnedInAnnotation, .cs, "YES")
    dataSet.setEmpty(.patientOrientation, .cs)
    dataSet.setEmpty(.laterality, .cs)
    dataSet.set(.imageComments, .lt, report.disclaimer)
    let sources = report.inputs.filter(\.used).map { input in
      var item = DataSet()
      item.set(.referencedSOPClassUID, input.sopClassUID)
      item.set(.referencedSOPInstanceUID, input.sopInstanceUID)
      if let frame = input.frame { item.set(.referencedFrameNumber, .is, String(frame)) }
      return item
    }
    if !sources.isEmpty { dataSet.set(.sourceImageSequence, items: sources) }
    let content = ContentDigest(ofText: "\(dataSet.contentDigest)\n\(pixels)")
    object.finish(
      &dataSet, sopClass: .secondaryCaptureImageStorage,
      instance: ReportIdentity.companionUID(.sc, report: report.reportID, content: content),
      instanceNumber: instanceNumber, concepts: [])
    self.dataSet = dataSet
  }

  /// Whether an image is a picture of a report: what a run has written is no input of the next.
  package static func isReport(_ dataSet: DataSet) -> Bool {
    dataSet.string(.manufacturer) == Product.manufacturer
      && dataSet.string(.manufacturerModelName) == Product.modelName
  }
}
