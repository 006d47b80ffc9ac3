/// Why an image of a study is not used; raw values are the `skip_reason` of reports.
///
/// The cases stand in the order of the checks: the first that fails names the reason.
package enum ImageExclusion: String, Sendable, CaseIterable {
  case notAnImage = "not-an-image"
  case modalityNotCovered = "modality-not-covered"
  case sopClassNotCovered = "sop-class-not-covered"
  case qualityControlImage = "quality-control-image"
  case localizer
  case bodyPartNotCovered = "body-part-not-covered"
  case bodyPartUnknown = "body-part-unknown"
  case belowMinimumAge = "below-minimum-age"
  case ageUnknown = "age-unknown"
  case burnedInAnnotation = "burned-in-annotation"
  case lateralView = "lateral-view"
  case forProcessing = "for-processing"
  case beyondMaximum = "beyond-maximum-images"
  case unsupportedTransferSyntax = "unsupported-transfer-syntax"
  case unreadable
  case decodeError = "decode-error"
  /// The encoder gave no usable embedding for it.
  case notScorable = "not-scorable"

  /// How far through the checks the image came.
  var reach: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// What it means for a study that this is the best its images could do.
  package var noAssistReason: NoAssistReason {
    switch self {
    case .notAnImage, .sopClassNotCovered: .unsupportedSOPClass
    case .modalityNotCovered: .unsupportedModality
    case .qualityControlImage: .qualityControlImage
    case .localizer, .bodyPartNotCovered, .bodyPartUnknown, .forProcessing, .lateralView, .beyondMaximum:
      .noMatchingSeries
    case .belowMinimumAge, .ageUnknown, .burnedInAnnotation: .policy
    case .unsupportedTransferSyntax: .unsupportedTransferSyntax
    case .unreadable, .decodeError: .decodeError
    case .notScorable: .inputQuality
    }
  }

  var studyText: String {
    switch self {
    case .notAnImage: "The study holds no image."
    case .modalityNotCovered: "No image is of a modality that the pipeline covers."
    case .sopClassNotCovered: "No image is of a SOP class that the pipeline covers."
    case .qualityControlImage: "The images are marked as quality control images."
    case .localizer: "The images are localizers."
    case .bodyPartNotCovered: "No image shows a body part that the pipeline covers."
    case .bodyPartUnknown: "The images do not say which body part they show."
    case .belowMinimumAge: "The patient is younger than the pipeline covers."
    case .ageUnknown: "The age of the patient is unknown, and the pipeline asks for it."
    case .burnedInAnnotation: "The images are marked as carrying burned-in annotation."
    case .lateralView: "The images are lateral views, which the pipeline does not use."
    case .forProcessing: "The images are meant for processing, not for presentation."
    case .beyondMaximum: "The pipeline uses no image of this study."
    case .unsupportedTransferSyntax: "The images are in a transfer syntax that cannot be decoded."
    case .unreadable: "The images cannot be read."
    case .decodeError: "The images cannot be decoded."
    case .notScorable: "The encoder gave no usable result for the images."
    }
  }
}

/// Something about a used image that a reader of the report should know.
package enum SelectionWarning: String, Sendable, CaseIterable, Comparable {
  case bodyPartUnknown = "body-part-unknown"
  case ageUnknown = "age-unknown"
  case forProcessing = "for-processing"
  case lateralView = "lateral-view"
  case burnedInAnnotation = "burned-in-annotation"

  package var text: String {
    switch self {
    case .bodyPartUnknown: "The image does not say which body part it shows; the pipeline accepts that."
    case .ageUnknown: "The age of the patient is unknown; the pipeline accepts that."
    case .forProcessing: "The image is meant for processing, not for presentation."
    case .lateralView: "The image is a lateral view."
    case .burnedInAnnotation: "The image is marked as carrying burned-in annotation."
    }
  }

  package static func < (lhs: SelectionWarning, rhs: SelectionWarning) -> Bool { lhs.rawValue < rhs.rawValue }
}
