/// Why an image of a study is not used; raw values are the `skip_reason` of reports.
///
/// The cases stand in the order of the checks: the first that fails names the reason.
package enum ImageExclusion: String, Sendable, CaseIterable {
  case notAnImage = "not-an-image"
  case modalityNotCovered = "modality-not-covered"
  case sopClassNotCovered = "sop-class-not-covered"
  case qualityControlImage = "quality-control-image"
  case localizer
  case imageTypeNotCovered = "image-type-not-covered"
  case seriesDescriptionNotCovered = "series-description-not-covered"
  case bodyPartNotCovered = "body-part-not-covered"
  case bodyPartUnknown = "body-part-unknown"
  case viewNotCovered = "view-not-covered"
  case viewUnknown = "view-unknown"
  case lateralityNotCovered = "laterality-not-covered"
  case lateralityUnknown = "laterality-unknown"
  case belowMinimumAge = "below-minimum-age"
  case ageUnknown = "age-unknown"
  case burnedInAnnotation = "burned-in-annotation"
  case lateralView = "lateral-view"
  case forProcessing = "for-processing"
  case orientationUnknown = "orientation-unknown"
  case orientationNotCovered = "orientation-not-covered"
  case sliceThicknessUnknown = "slice-thickness-unknown"
  case sliceThicknessNotCovered = "slice-thickness-not-covered"
  case sliceSpacingUnknown = "slice-spacing-unknown"
  case sliceSpacingNotCovered = "slice-spacing-not-covered"
  case positionUnknown = "position-unknown"
  /// Another slice lies at the same place.
  case duplicatePosition = "duplicate-position"
  /// Sampling of the volume passed it over.
  case notSampled = "not-sampled"
  case beyondMaximum = "beyond-maximum-images"
  case unsupportedTransferSyntax = "unsupported-transfer-syntax"
  case unreadable
  case decodeError = "decode-error"
  /// It does not carry the window that the pipeline asks for, or the window is in another unit.
  case windowUnavailable = "window-unavailable"
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
    case .localizer, .imageTypeNotCovered, .seriesDescriptionNotCovered, .bodyPartNotCovered, .bodyPartUnknown,
      .viewNotCovered, .viewUnknown, .lateralityNotCovered, .lateralityUnknown, .forProcessing, .lateralView,
      .orientationUnknown, .orientationNotCovered, .sliceThicknessUnknown, .sliceThicknessNotCovered,
      .sliceSpacingUnknown, .sliceSpacingNotCovered, .positionUnknown, .duplicatePosition, .notSampled, .beyondMaximum:
      .noMatchingSeries
    case .belowMinimumAge, .ageUnknown, .burnedInAnnotation, .windowUnavailable: .policy
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
    case .imageTypeNotCovered: "No image is of an image type that the pipeline covers."
    case .seriesDescriptionNotCovered: "No series has a description that the pipeline asks for."
    case .bodyPartNotCovered: "No image shows a body part that the pipeline covers."
    case .bodyPartUnknown: "The images do not say which body part they show."
    case .viewNotCovered: "No image is of a view that the pipeline covers."
    case .viewUnknown: "The images do not say which view they are."
    case .lateralityNotCovered: "No image is of a side of the body that the pipeline covers."
    case .lateralityUnknown: "The images do not say which side of the body they show."
    case .belowMinimumAge: "The patient is younger than the pipeline covers."
    case .ageUnknown: "The age of the patient is unknown, and the pipeline asks for it."
    case .burnedInAnnotation: "The images are marked as carrying burned-in annotation."
    case .lateralView: "The images are lateral views, which the pipeline does not use."
    case .forProcessing: "The images are meant for processing, not for presentation."
    case .orientationUnknown: "The images do not say in which plane they lie."
    case .orientationNotCovered: "No image lies in a plane that the pipeline covers."
    case .sliceThicknessUnknown: "The images do not state their slice thickness."
    case .sliceThicknessNotCovered: "No image has a slice thickness that the pipeline covers."
    case .sliceSpacingUnknown: "The distance between the slices is unknown."
    case .sliceSpacingNotCovered: "No stack of slices has a spacing that the pipeline covers."
    case .positionUnknown: "The images do not state their position, which sampling needs."
    case .duplicatePosition, .notSampled: "Sampling left no slice."
    case .beyondMaximum: "The pipeline uses no image of this study."
    case .unsupportedTransferSyntax: "The images are in a transfer syntax that cannot be decoded."
    case .unreadable: "The images cannot be read."
    case .decodeError: "The images cannot be decoded."
    case .windowUnavailable: "The images do not carry the window that the pipeline asks for."
    case .notScorable: "The encoder gave no usable result for the images."
    }
  }
}

/// Something about a used image that a reader of the report should know.
package enum SelectionWarning: String, Sendable, CaseIterable, Comparable {
  case bodyPartUnknown = "body-part-unknown"
  case viewUnknown = "view-unknown"
  case ageUnknown = "age-unknown"
  case forProcessing = "for-processing"
  case lateralView = "lateral-view"
  case burnedInAnnotation = "burned-in-annotation"

  package var text: String {
    switch self {
    case .bodyPartUnknown: "The image does not say which body part it shows; the pipeline accepts that."
    case .viewUnknown: "The image does not say which view it is; the pipeline accepts that."
    case .ageUnknown: "The age of the patient is unknown; the pipeline accepts that."
    case .forProcessing: "The image is meant for processing, not for presentation."
    case .lateralView: "The image is a lateral view."
    case .burnedInAnnotation: "The image is marked as carrying burned-in annotation."
    }
  }

  package static func < (lhs: SelectionWarning, rhs: SelectionWarning) -> Bool { lhs.rawValue < rhs.rawValue }
}
