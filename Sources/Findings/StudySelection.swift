package import DICOMCore

/// What becomes of one image of a study.
package enum ImageDecision: Sendable, Equatable {
  case used(warnings: [SelectionWarning])
  case excluded(ImageExclusion)
}

/// Which images of a study are used, and why the others are not.
package struct StudySelection: Sendable, Equatable {
  /// One decision an image, in the order the images were given in.
  package let decisions: [ImageDecision]
  /// The indices of the used images: views other than lateral first, then by Instance Number and SOP Instance UID.
  package let used: [Int]

  /// Applies `rules` to the images of one study.
  ///
  /// Each decision depends on the study as a whole, not on the order of `images`: whether an image for processing or a
  /// lateral view is alone, and which images are within the maximum. `images` are the data sets of the study's
  /// instances, without pixel data.
  package init(of images: [DataSet], by rules: SelectionRules) {
    let attributes = images.map(ImageAttributes.init)
    var decisions = attributes.map { rules.decision(for: $0) }
    func isUsed(_ index: Int) -> Bool { decisions[index].isUsed }
    func exclude(_ reason: ImageExclusion, where condition: (ImageAttributes) -> Bool) {
      for index in decisions.indices where isUsed(index) && condition(attributes[index]) {
        decisions[index] = .excluded(reason)
      }
    }
    func hasOther(_ condition: (ImageAttributes) -> Bool) -> Bool {
      decisions.indices.contains { isUsed($0) && !condition(attributes[$0]) }
    }
    // Views first: a lateral image for presentation must not push out the only frontal one.
    switch rules.lateralViews {
    case .use: break
    case .skip: exclude(.lateralView, where: \.isLateral)
    case .useIfAlone where hasOther(\.isLateral): exclude(.lateralView, where: \.isLateral)
    case .useIfAlone: break
    }
    switch rules.forProcessingImages {
    case .use: break
    case .skip: exclude(.forProcessing, where: \.isForProcessing)
    case .useIfAlone where hasOther(\.isForProcessing): exclude(.forProcessing, where: \.isForProcessing)
    case .useIfAlone: break
    }
    let order = decisions.indices.filter(isUsed).map { ImageOrder(images[$0], attributes[$0], index: $0) }.sorted()
    for image in order.dropFirst(max(1, rules.maximumImagesPerStudy)) {
      decisions[image.index] = .excluded(.beyondMaximum)
    }
    self.decisions = decisions
    self.used = order.prefix(max(1, rules.maximumImagesPerStudy)).map(\.index)
  }

  /// Why each unused image is not used.
  package var exclusions: [ImageExclusion] {
    decisions.compactMap { if case .excluded(let reason) = $0 { reason } else { nil } }
  }

  /// The result for a study without a used image; `nil` when there is one.
  package var noAssist: NoAssist? { used.isEmpty ? NoAssist(summarising: exclusions) : nil }
}

extension ImageDecision {
  var isUsed: Bool { if case .used = self { true } else { false } }
}

extension SelectionRules {
  /// The decision that needs nothing but the image itself.
  fileprivate func decision(for image: ImageAttributes) -> ImageDecision {
    var warnings: [SelectionWarning] = []
    if let reason = scopeExclusion(of: image) { return .excluded(reason) }
    switch bodyPartCoverage(of: image) {
    case false?: return .excluded(.bodyPartNotCovered)
    case nil where whenBodyPartIsUnknown == .noAssist: return .excluded(.bodyPartUnknown)
    case nil: warnings.append(.bodyPartUnknown)
    case true?: break
    }
    if minimumAge > 0 {
      switch image.ageInYears {
      case let age? where age < minimumAge: return .excluded(.belowMinimumAge)
      case nil where whenAgeIsUnknown == .noAssist: return .excluded(.ageUnknown)
      case nil: warnings.append(.ageUnknown)
      default: break
      }
    }
    if image.hasBurnedInAnnotation {
      guard burnedInAnnotation == .accept else { return .excluded(.burnedInAnnotation) }
      warnings.append(.burnedInAnnotation)
    }
    if image.isForProcessing { warnings.append(.forProcessing) }
    if image.isLateral { warnings.append(.lateralView) }
    return .used(warnings: warnings)
  }

  private func scopeExclusion(of image: ImageAttributes) -> ImageExclusion? {
    guard image.isImage else { return .notAnImage }
    guard let modality = image.modality, modalities.contains(modality) else { return .modalityNotCovered }
    guard sopClasses.isEmpty || image.sopClass.map(sopClasses.contains) == true else { return .sopClassNotCovered }
    guard !image.isQualityControl else { return .qualityControlImage }
    guard !image.isLocalizer else { return .localizer }
    return nil
  }

  /// Whether the body part is covered; `nil` when the image does not say. Either attribute suffices.
  private func bodyPartCoverage(of image: ImageAttributes) -> Bool? {
    guard asksForBodyPart else { return true }
    if let bodyPart = image.bodyPart, bodyParts.contains(where: { ImageAttributes.comparable($0) == bodyPart }) {
      return true
    }
    for region in image.anatomicRegions
    where anatomicRegions.contains(where: { $0.value == region.value && $0.scheme == region.scheme }) {
      return true
    }
    return image.bodyPart == nil && image.anatomicRegions.isEmpty ? nil : false
  }
}

/// The order in which images are taken until the maximum is reached.
private struct ImageOrder: Comparable {
  let index: Int
  private let key: (Int, Int, String)

  init(_ dataSet: DataSet, _ attributes: ImageAttributes, index: Int) {
    self.index = index
    let number = dataSet.integer(.instanceNumber) ?? .max
    self.key = (attributes.isLateral ? 1 : 0, number, dataSet.uid(.sopInstanceUID)?.value ?? "")
  }

  static func == (lhs: ImageOrder, rhs: ImageOrder) -> Bool { lhs.key == rhs.key }
  static func < (lhs: ImageOrder, rhs: ImageOrder) -> Bool { lhs.key < rhs.key }
}
