internal import DICOMCore

extension TriageReport {
  /// Checks what the types do not already guarantee of `triage_report.schema.json`, and the codes.
  ///
  /// - Throws: The first rule that is broken.
  package func validate() throws(ReportError) {
    try validateStatus()
    try validateInputs()
    try validateNumber("logit_scale", model.logitScale)
    try validateNumber("logit_bias", model.logitBias)
    if let score = priority.rankScore { try validateNumber("rank_score", score) }
    for label in labelSet.labels where label.positive.isEmpty {
      throw ReportError.promptsMissing(label: label.label)
    }
    let used = Set(inputs.filter(\.used).map { Evidence($0.sopInstanceUID, frame: $0.frame) })
    let usedInstances = Set(used.map(\.sopInstanceUID))
    for finding in findings {
      try finding.validate()
      for evidence in finding.evidence {
        let image = evidence.image
        let known = evidence.frame == nil ? usedInstances.contains(evidence.sopInstanceUID) : used.contains(image)
        guard known else {
          throw ReportError.evidenceUnknown(label: finding.label, sopInstanceUID: evidence.sopInstanceUID)
        }
      }
    }
    for code in quality.compactMap(\.code) { try code.validate() }
    guard disclaimer.unicodeScalars.count >= 20 else { throw ReportError.disclaimerTooShort }
  }

  private func validateStatus() throws(ReportError) {
    if status.hasFindings {
      guard !findings.isEmpty else { throw ReportError.findingsMissing(status) }
      guard noAssist == nil else { throw ReportError.noAssistReason(status, present: true) }
    } else {
      guard findings.isEmpty else { throw ReportError.findingsUnexpected(status, count: findings.count) }
      guard noAssist != nil else { throw ReportError.noAssistReason(status, present: false) }
      guard priority.level == .none else { throw ReportError.priorityUnexpected(status, priority.level) }
    }
  }

  private func validateInputs() throws(ReportError) {
    var seen: Set<Evidence> = []
    var owners: [UID: (series: UID, sopClass: UID)] = [:]
    for input in inputs {
      let uid = input.sopInstanceUID
      if let frame = input.frame, frame < 1 { throw ReportError.frameOutOfRange(sopInstanceUID: uid, frame: frame) }
      guard seen.insert(Evidence(uid, frame: input.frame)).inserted else {
        throw ReportError.inputRepeated(sopInstanceUID: uid, frame: input.frame)
      }
      let owner = owners[uid, default: (input.seriesInstanceUID, input.sopClassUID)]
      guard owner == (input.seriesInstanceUID, input.sopClassUID) else {
        throw ReportError.inputContradictory(sopInstanceUID: uid)
      }
      owners[uid] = owner
    }
  }
}

extension TriageReport.Finding {
  func validate() throws(ReportError) {
    guard !evidence.isEmpty else { throw ReportError.evidenceMissing(label: label) }
    try code.validate()
    try site?.validate()
    try validateNumber("cosine", scores.cosine, in: -1.0001...1.0001, label: label)
    try validateNumber("logit", scores.logit, label: label)
    try validateNumber("sigmoid", scores.sigmoid, in: 0...1, label: label)
    if let softmax = scores.softmax { try validateNumber("softmax", softmax, in: 0...1, label: label) }
    if let calibrated = scores.calibrated { try validateNumber("calibrated", calibrated, in: 0...1, label: label) }
    try validateNumber("threshold", threshold.value, label: label)
    // Only a named calibration makes a score a certainty.
    let isCalibrated = scores.calibrated != nil
    guard isCalibrated == (calibration != nil), isCalibrated || threshold.on != .calibrated else {
      throw ReportError.calibrationUnnamed(label: label)
    }
  }
}

/// Refuses NaN, the infinities, which JSON cannot hold, and what lies outside `range`.
private func validateNumber(
  _ name: String, _ value: Double,
  in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
  label: String? = nil
) throws(ReportError) {
  guard range.contains(value) else { throw ReportError.numberOutOfRange(name: name, label: label) }
}
