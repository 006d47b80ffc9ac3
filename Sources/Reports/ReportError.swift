package import DICOMCore

/// Why a report cannot be rendered: it would break its schema, its template or its own invariants.
package enum ReportError: Error, Sendable, Equatable {
  /// A complete or partial report has at least one finding.
  case findingsMissing(TriageReport.Status)
  /// A no-assist or failed report has none.
  case findingsUnexpected(TriageReport.Status, count: Int)
  /// A no-assist or failed report says why; no other does.
  case noAssistReason(TriageReport.Status, present: Bool)
  /// A no-assist or failed report keeps its place in the queue.
  case priorityUnexpected(TriageReport.Status, TriageReport.Priority.Level)
  /// A finding names the images it rests on.
  case evidenceMissing(label: String)
  /// An image is named as evidence and is not among the used inputs.
  case evidenceUnknown(label: String, sopInstanceUID: UID)
  /// The same instance and frame occur twice among the inputs.
  case inputRepeated(sopInstanceUID: UID, frame: Int?)
  /// One instance is listed with two series or two SOP classes.
  case inputContradictory(sopInstanceUID: UID)
  /// A frame number below 1.
  case frameOutOfRange(sopInstanceUID: UID, frame: Int)
  /// A number that is not finite or lies outside what the schema permits.
  case numberOutOfRange(name: String, label: String?)
  /// A label without a prompt.
  case promptsMissing(label: String)
  /// A coded concept that must not be written.
  case code(CodedConcept, CodeProblem)
  /// The header belongs to another study than the report.
  case studyMismatch(expected: UID, found: UID?)
  /// The predecessor that is given is not the one that the report names.
  case predecessorMismatch
  /// A calibrated score, or a threshold on one, without a named calibration, or a calibration without a score.
  case calibrationUnnamed(label: String)
  /// The SR names product and version; the report has none.
  case softwareMissing
  /// A statement shorter than the schema permits.
  case disclaimerTooShort
  /// The JSON encoder refused a value.
  case notEncodable(String)
}

extension ReportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .findingsMissing(let status): "a report with status \(status.rawValue) needs at least one finding"
    case .findingsUnexpected(let status, let count):
      "a report with status \(status.rawValue) has no findings, found \(count)"
    case .noAssistReason(let status, let present):
      present
        ? "a report with status \(status.rawValue) has no no-assist reason"
        : "a report with status \(status.rawValue) needs a no-assist reason"
    case .priorityUnexpected(let status, let level):
      "a report with status \(status.rawValue) has priority none, found \(level.rawValue)"
    case .evidenceMissing(let label): "finding \(label): no image is named as evidence"
    case .evidenceUnknown(let label, let uid): "finding \(label): evidence \(uid) is not among the used inputs"
    case .inputRepeated(let uid, let frame): "input \(uid)\(Self.frameText(frame)) is listed twice"
    case .inputContradictory(let uid): "input \(uid) is listed with two series or two SOP classes"
    case .frameOutOfRange(let uid, let frame): "input \(uid): frame \(frame), expected 1 or more"
    case .numberOutOfRange(let name, let label):
      "\(label.map { "finding \($0): " } ?? "")\(name) is not finite or out of range"
    case .promptsMissing(let label): "label \(label): no prompt for its presence"
    case .code(let concept, let problem): "code (\(concept.value), \(concept.scheme)): \(problem)"
    case .studyMismatch(let expected, let found):
      "the header is of study \(found.map(\.value) ?? "(none)"), expected \(expected)"
    case .predecessorMismatch: "the report names another predecessor than the one that is given"
    case .calibrationUnnamed(let label):
      "finding \(label): a calibrated score and its named calibration are there together"
    case .softwareMissing: "the report names no software, an SR needs its name and version"
    case .disclaimerTooShort: "the disclaimer has fewer than 20 characters"
    case .notEncodable(let reason): "not encodable as JSON: \(reason)"
    }
  }

  private static func frameText(_ frame: Int?) -> String { frame.map { " frame \($0)" } ?? "" }
}

extension CodedConcept {
  /// - Throws: ``ReportError/code(_:_:)`` for a code that must not be written.
  package func validate() throws(ReportError) {
    if let problem { throw .code(self, problem) }
  }
}
