internal import DICOMCore

/// Concepts of the private coding scheme `99BUCKY`, for what no standard terminology has a code.
package enum PrivateCode {
  /// Coding Scheme Designator (0008,0102).
  package static let scheme = "99BUCKY"

  // MARK: Scores

  static let cosine = code("cosine", "Image-text cosine similarity")
  static let logit = code("logit", "Logit of image-text similarity")
  static let sigmoid = code("sigmoid", "Uncalibrated sigmoid score")
  static let softmax = code("softmax", "Softmax over positive and negative prompt")
  static let flag = code("flag", "Score exceeds flag threshold")

  /// The threshold on a score; each score has its own code, because a code has one meaning.
  static func threshold(on kind: TriageReport.ScoreKind) -> CodedConcept {
    switch kind {
    case .cosine: code("threshold-cos", "Flag threshold on cosine similarity")
    case .logit: code("threshold-logit", "Flag threshold on logit")
    case .sigmoid: code("threshold", "Flag threshold on sigmoid score")
    case .softmax: code("threshold-smax", "Flag threshold on softmax score")
    case .calibrated: code("threshold-cal", "Flag threshold on calibrated score")
    }
  }

  // MARK: Outcome of the study

  static let noAssistReason = code("no-assist", "No assist reason")
  static let noAssistExplanation = code("no-assist-text", "No assist explanation")
  static let priorityReason = code("priority-reason", "Reason of priority")
  static let readBy = code("read-by", "To be read by")

  /// The words of Scheduled Procedure Step Priority (0074,1200), and `NONE` for a study that keeps its place.
  static func priority(_ level: TriageReport.Priority.Level) -> CodedConcept {
    switch level {
    case .high: code("HIGH", "High priority")
    case .medium: code("MEDIUM", "Medium priority")
    case .low: code("LOW", "Low priority")
    case .none: code("NONE", "Not ranked")
    }
  }

  /// The JSON code where it fits into 16 characters, else a shorter form of it.
  static func noAssist(_ reason: TriageReport.NoAssist.Code) -> CodedConcept {
    switch reason {
    case .unsupportedSOPClass: code("unsupported-sop", "SOP class not supported")
    case .unsupportedTransferSyntax: code("unsupported-ts", "Transfer syntax not supported")
    case .unsupportedModality: code("unsupported-mod", "Modality not supported")
    case .noMatchingSeries: code("no-series", "No series matches the pipeline")
    case .decodeError: code("decode-error", "Pixel data cannot be decoded")
    case .qualityControlImage: code("qc-image", "Quality control image")
    case .inputQuality: code("input-quality", "Input not fit for the model")
    case .modelUnavailable: code("no-model", "Model not available")
    case .deadline: code("deadline", "Deadline passed")
    case .policy: code("policy", "Excluded by policy")
    }
  }

  private static func code(_ value: String, _ meaning: String) -> CodedConcept {
    CodedConcept(value, scheme, meaning)
  }
}
