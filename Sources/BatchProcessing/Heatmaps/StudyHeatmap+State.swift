internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import Reports

extension StudyHeatmap {
  /// Adds the presentation state with the outline; nothing for a colour image, which such a state cannot be about, and for a map
  /// whose place in the frame is not known.
  mutating func addState(
    of report: TriageReport, _ study: SurveyedStudy, _ header: SourceHeader
  ) throws(ReportError) {
    guard let position,
      let instance = study.instances.first(where: { $0.identity.sopInstanceUID == image.sopInstanceUID }),
      [.monochrome1, .monochrome2].contains(instance.format.photometricInterpretation)
    else { return }
    let source = HeatmapPresentationState.Source(
      dataSet: instance.header.dataSet, sopClassUID: instance.identity.sopClassUID,
      seriesInstanceUID: instance.identity.seriesInstanceUID,
      evidence: TriageReport.Evidence(image.sopInstanceUID, frame: image.frame), rows: position.rows,
      columns: position.columns, isMonochrome1: instance.format.photometricInterpretation == .monochrome1)
    let patch = Double(patchSize)
    state = try HeatmapPresentationState(
      of: picture, title: finding.label.title, in: source, report: report, header: header
    ) { x, y in position.place(x: x * patch, y: y * patch) }.dataSet
    self.report.presentationState = state?.uid(.sopInstanceUID)
  }
}
