/// Why an input file is not used. The raw value is the `reason` in every log and report.
package enum RefusalReason: String, Sendable, Codable, CaseIterable {
  // MARK: Skipped: nothing is wrong with the file, it is no input of an image pipeline

  case notDICOM = "not-dicom"
  case dicomdir = "dicomdir"
  case nonImage = "non-image"
  case duplicateInstance = "duplicate-instance"
  /// A link that is not followed.
  case symbolicLink = "symbolic-link"
  /// A folder that is read under another name: it is mounted twice.
  case duplicateFolder = "duplicate-folder"
  case notARegularFile = "not-a-regular-file"

  // MARK: Quarantined: the file should have been usable, somebody ought to look

  case emptyFile = "empty-file"
  case truncated
  case unreadable
  case permissionDenied = "permission-denied"
  /// The pre-scan refused it; the detail names the rule and the place.
  case structureRule = "structure-rule"
  case malformedHeader = "malformed-header"
  case missingAttribute = "missing-attribute"
  case unsupportedTransferSyntax = "unsupported-transfer-syntax"
  case unsupportedPixelData = "unsupported-pixel-data"
  case decodeError = "decode-error"
  case conflictingInstance = "conflicting-instance"
  /// Reading it crashed a decoder child, or broke its limits, twice.
  case decoderLost = "decoder-lost"
  /// Decoded, but a lookup table, window or format that the pixel pipeline cannot follow.
  case pixelTransformError = "pixel-transform-error"

  package var outcome: RefusalOutcome {
    switch self {
    case .notDICOM, .dicomdir, .nonImage, .duplicateInstance, .symbolicLink, .duplicateFolder, .notARegularFile:
      .skipped
    default: .quarantined
    }
  }
}

/// What happens to a file that is not used. The raw value is the `outcome` in every log and report.
package enum RefusalOutcome: String, Sendable, Codable {
  case skipped, quarantined
}

/// An input file that is not used, with the one reason for it.
package struct InputRefusal: Sendable, Equatable {
  /// Relative to the input argument, as in ``InputFile``.
  package let source: String
  package let reason: RefusalReason
  /// More about the reason, without patient data.
  package let detail: String

  package var outcome: RefusalOutcome { reason.outcome }

  package init(source: String, reason: RefusalReason, detail: String) {
    self.source = source
    self.reason = reason
    self.detail = detail
  }

  /// The refusal that follows from an error.
  package init(source: String, error: DICOMFileError) {
    self.init(source: source, reason: error.refusalReason, detail: error.description)
  }
}

extension DICOMFileError {
  /// The reason to give when this error keeps a file from being used.
  package var refusalReason: RefusalReason {
    switch self {
    case .notDICOM: .notDICOM
    case .notARegularFile: .notARegularFile
    case .emptyFile: .emptyFile
    case .permissionDenied: .permissionDenied
    case .unreadable, .undecodableName: .unreadable
    case .truncated: .truncated
    case .structure(let finding): finding.rule == .valueBeyondEnd ? .truncated : .structureRule
    case .missingAttribute: .missingAttribute
    case .unsupportedTransferSyntax: .unsupportedTransferSyntax
    case .unsupportedAttribute, .frameTooLarge: .unsupportedPixelData
    case .decoderLost: .decoderLost
    case .outOfMemory, .memoryExceeded, .codeStreamMismatch, .undecodableFrame, .frameOutOfRange: .decodeError
    default: .malformedHeader
    }
  }
}
