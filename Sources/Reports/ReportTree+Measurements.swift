internal import DICOMCore

extension ReportTree {
  /// One finding as a measurement group: TID 1501 with the algorithm identification of TID 4019.
  func measurementGroup(_ finding: TriageReport.Finding) -> ContentItem {
    var children = [
      ContentItem.text(
        .hasObservationContext, StandardCode.trackingIdentifier,
        ReportIdentity.trackingIdentifier(label: finding.label)),
      ContentItem(.hasObservationContext, StandardCode.trackingUniqueIdentifier, .uid(trackingUID(of: finding))),
      ContentItem(.contains, StandardCode.finding, .code(finding.code)),
    ]
    if let site = finding.site {
      children.append(ContentItem(.hasConceptModifier, StandardCode.findingSite, .code(site)))
    }
    children += algorithm(for: finding)
    children += measurements(of: finding)
    children.append(ContentItem(.contains, PrivateCode.flag, .code(flagValue(finding.flag))))
    children += references.references(to: finding.evidence).map {
      ContentItem(.contains, StandardCode.sourceOfMeasurement, $0)
    }
    return .container(.contains, StandardCode.measurementGroup, template: "1501", children: children)
  }

  /// What the JSON says, or what it would say.
  private func trackingUID(of finding: TriageReport.Finding) -> UID {
    finding.trackingUID
      ?? ReportIdentity.trackingUID(
        study: report.subject.studyInstanceUID, label: finding.label,
        evidence: finding.level == .study ? nil : finding.evidence.first)
  }

  private func algorithm(for finding: TriageReport.Finding) -> [ContentItem] {
    [
      .text(.hasConceptModifier, StandardCode.algorithmName, Product.modelName),
      .text(.hasConceptModifier, StandardCode.algorithmVersion, device.version),
    ]
      + parameters.texts(for: finding).map {
        .text(.hasConceptModifier, StandardCode.algorithmParameters, $0)
      }
  }

  private func measurements(of finding: TriageReport.Finding) -> [ContentItem] {
    let scores = finding.scores
    var rows = [(PrivateCode.cosine, scores.cosine), (PrivateCode.sigmoid, scores.sigmoid)]
    if let softmax = scores.softmax { rows.append((PrivateCode.softmax, softmax)) }
    // The logit follows from the cosine and is told only where the flag rests on it.
    if finding.threshold.on == .logit { rows.append((PrivateCode.logit, scores.logit)) }
    var items = rows.map { number($0, $1) }
    // There only with a named calibration, see TriageReport.validate().
    if let calibrated = scores.calibrated {
      items.append(
        ContentItem(
          .contains, StandardCode.certaintyOfFinding, .number(calibrated * 100, unit: StandardCode.percent)))
    }
    items.append(number(PrivateCode.threshold(on: finding.threshold.on), finding.threshold.value))
    return items
  }

  private func number(_ name: CodedConcept, _ value: Double) -> ContentItem {
    ContentItem(.contains, name, .number(value, unit: StandardCode.noUnits))
  }

  /// CID 230.
  private func flagValue(_ flag: Bool?) -> CodedConcept {
    switch flag {
    case true?: StandardCode.yes
    case false?: StandardCode.no
    case nil: StandardCode.undetermined
    }
  }
}
