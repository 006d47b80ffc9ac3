internal import DICOMCore

/// Builds the content tree: TID 1500 with the image library of TID 1600 and a TID 1501 group for every finding.
struct ReportTree {
  let report: TriageReport
  let references: ReferencedImages
  let device: ReportingDevice
  let procedures: [CodedConcept]
  let parameters: AlgorithmParameters

  var root: ContentItem {
    var children = [
      ContentItem(
        .hasConceptModifier, StandardCode.language, .code(StandardCode.americanEnglish))
    ]
    children += observer
    children += procedures.map { ContentItem(.hasConceptModifier, StandardCode.procedureReported, .code($0)) }
    if !references.images.isEmpty { children.append(imageLibrary) }
    if !report.findings.isEmpty {
      children.append(
        .container(.contains, StandardCode.imagingMeasurements, children: report.findings.map(measurementGroup)))
    }
    children.append(.container(.contains, StandardCode.qualitativeEvaluations, children: evaluations))
    return .container(nil, StandardCode.imagingMeasurementReport, template: "1500", children: children)
  }

  private var observer: [ContentItem] { device.observerContext }

  // MARK: Image library

  /// TID 1600 with one group; the descriptors are those of TID 1602.
  private var imageLibrary: ContentItem {
    let group = ContentItem.container(
      .contains, StandardCode.imageLibraryGroup, children: references.images.map(libraryEntry))
    return .container(.contains, StandardCode.imageLibrary, children: [group])
  }

  private func libraryEntry(_ image: ReferencedImages.Image) -> ContentItem {
    var descriptors: [ContentItem] = []
    if let modality = image.modality.flatMap(StandardCode.modality) {
      descriptors.append(ContentItem(.hasAcquisitionContext, StandardCode.modality, .code(modality)))
    }
    if let size = image.size {
      let sides = [(StandardCode.pixelDataRows, size.rows), (StandardCode.pixelDataColumns, size.columns)]
      descriptors += sides.map { name, count in
        ContentItem(.hasAcquisitionContext, name, .number(Double(count), unit: StandardCode.pixels))
      }
    }
    return ContentItem(
      .contains, nil,
      .image(sopClass: image.sopClassUID, sopInstance: image.sopInstanceUID, frames: image.frames),
      children: descriptors)
  }

  // MARK: Study-level evaluations

  /// TID 1500 rows 13 and 14.
  private var evaluations: [ContentItem] {
    let (findings, detections) = summaries
    var items = [
      ContentItem(.contains, StandardCode.findingsSummary, .code(findings)),
      ContentItem(.contains, StandardCode.summaryOfDetections, .code(detections)),
      ContentItem(.contains, StandardCode.priority, .code(PrivateCode.priority(report.priority.level))),
    ]
    if let reason = report.noAssist {
      items.append(ContentItem(.contains, PrivateCode.noAssistReason, .code(PrivateCode.noAssist(reason.code))))
    }
    items += report.quality.compactMap(\.code).map {
      ContentItem(.contains, StandardCode.imageQuality, .code($0))
    }
    items += report.priority.because.filter { !$0.isEmpty }.map {
      .text(.contains, PrivateCode.priorityReason, $0)
    }
    if let moment = report.priority.readBy { items.append(.text(.contains, PrivateCode.readBy, moment.description)) }
    if let reason = report.noAssist, !reason.text.isEmpty {
      items.append(.text(.contains, PrivateCode.noAssistExplanation, reason.text))
    }
    items.append(.text(.contains, StandardCode.comment, report.disclaimer))
    return items
  }

  /// The values of CID 6047 and CID 6042, see ``StructuredReport``.
  private var summaries: (findings: CodedConcept, detections: CodedConcept) {
    switch report.status {
    case .complete:
      (report.isFlagged ? StandardCode.allWithFindings : StandardCode.allWithoutFindings, StandardCode.succeeded)
    case .partial:
      (
        report.isFlagged ? StandardCode.someWithFindings : StandardCode.someWithoutFindings,
        StandardCode.partiallySucceeded
      )
    case .noAssist: (StandardCode.noneWithoutFindings, StandardCode.notAttempted)
    case .failed: (StandardCode.noneWithoutFindings, StandardCode.failed)
    }
  }
}

extension ContentItem {
  static func container(
    _ relationship: Relationship?, _ name: CodedConcept, template: String? = nil, children: [ContentItem]
  ) -> ContentItem {
    ContentItem(relationship, name, .container(template: template), children: children)
  }

  /// A text item; control characters that UT does not permit become spaces, and readers drop spaces at the ends anyway
  /// (PS3.5 6.1.3, 6.2).
  static func text(_ relationship: Relationship, _ name: CodedConcept, _ text: String) -> ContentItem {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      kept.append(scalar.isControl && !["\n", "\r", "\t", "\u{0C}"].contains(scalar) ? " " : scalar)
    }
    return ContentItem(relationship, name, .text(String(kept).trimmingPadding()))
  }
}
