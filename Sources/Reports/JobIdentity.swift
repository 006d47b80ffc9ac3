package import DICOMCore

/// Everything that decides what a report says, known before the first image is scored.
///
/// Equal identities must lead to equal bytes; so the program's version and the copied header belong to it as well.
package struct JobIdentity: Sendable, Equatable {
  package var software: TriageReport.Software
  package var header: SourceHeader
  package var studyInstanceUID: UID
  /// Only identity, frame and pixel digest count; the order does not.
  package var inputs: [TriageReport.Input]
  package var model: TriageReport.Model
  package var labelSetDigest: ContentDigest
  /// Of window choice, resize preset and everything else between file and tensor.
  package var preprocessingDigest: ContentDigest
  package var thresholdsDigest: ContentDigest
  package var ruleDigest: ContentDigest
  package var calibrationDigest: ContentDigest?

  package init(
    software: TriageReport.Software, header: SourceHeader, studyInstanceUID: UID, inputs: [TriageReport.Input],
    model: TriageReport.Model, labelSetDigest: ContentDigest, preprocessingDigest: ContentDigest,
    thresholdsDigest: ContentDigest, ruleDigest: ContentDigest, calibrationDigest: ContentDigest? = nil
  ) {
    self.software = software
    self.header = header
    self.studyInstanceUID = studyInstanceUID
    self.inputs = inputs
    self.model = model
    self.labelSetDigest = labelSetDigest
    self.preprocessingDigest = preprocessingDigest
    self.thresholdsDigest = thresholdsDigest
    self.ruleDigest = ruleDigest
    self.calibrationDigest = calibrationDigest
  }

  /// The job key: SHA-256 over the canonical JSON of the identity.
  ///
  /// - Throws: ``ReportError/notEncodable(_:)`` for a logit scale or bias that is not finite.
  package func key() throws(ReportError) -> ContentDigest {
    let images = inputs.map {
      Canonical.Image(sopInstanceUID: $0.sopInstanceUID.value, frame: $0.frame, pixelDigest: $0.pixelDigest)
    }
    let canonical = Canonical(
      software: software, header: header.digest, study: studyInstanceUID, inputs: images.sorted(), model: model,
      labelSet: labelSetDigest, preprocessing: preprocessingDigest, calibration: calibrationDigest,
      thresholds: thresholdsDigest, rule: ruleDigest)
    return ContentDigest(of: try JSONText.compact(canonical))
  }

  private struct Canonical: Encodable {
    let software: TriageReport.Software
    let header: ContentDigest
    let study: UID
    let inputs: [Image]
    let model: TriageReport.Model
    let labelSet: ContentDigest
    let preprocessing: ContentDigest
    let calibration: ContentDigest?
    let thresholds: ContentDigest
    let rule: ContentDigest

    struct Image: Encodable, Comparable {
      let sopInstanceUID: String
      let frame: Int?
      let pixelDigest: ContentDigest?

      static func < (lhs: Image, rhs: Image) -> Bool { lhs.order < rhs.order }

      private var order: (String, Int, String) { (sopInstanceUID, frame ?? 0, pixelDigest?.description ?? "") }
    }
  }
}
