/// Why a study gets no scores; raw values as in `triage_report.schema.json`.
package enum NoAssistReason: String, Sendable, CaseIterable {
  case unsupportedSOPClass = "unsupported-sop-class"
  case unsupportedTransferSyntax = "unsupported-transfer-syntax"
  case unsupportedModality = "unsupported-modality"
  case noMatchingSeries = "no-matching-series"
  case decodeError = "decode-error"
  case qualityControlImage = "quality-control-image"
  case inputQuality = "input-quality"
  case modelUnavailable = "model-unavailable"
  case deadline
  case policy
}

/// The result for a study that is not scored. It says nothing about disease, and the study keeps its place.
package struct NoAssist: Sendable, Equatable {
  package let code: NoAssistReason
  /// One sentence for people, without patient data.
  package let text: String

  package init(code: NoAssistReason, text: String) {
    self.code = code
    self.text = text
  }

  /// The result for a study none of whose images could be used.
  ///
  /// The reason of the image that came furthest counts: a chest radiograph that cannot be decoded says more about its
  /// study than the report that lies beside it.
  ///
  /// - Parameter exclusions: Why each image was not used, in any order; empty for a study without images.
  package init(summarising exclusions: [ImageExclusion]) {
    guard let furthest = exclusions.max(by: { $0.reach < $1.reach }) else {
      self.init(code: .noMatchingSeries, text: "The study holds no image.")
      return
    }
    self.init(code: furthest.noAssistReason, text: furthest.studyText)
  }
}
