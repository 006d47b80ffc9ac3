internal import DICOMCore

extension SelectionRules {
  /// The decision that needs nothing but the image itself.
  func decision(for image: ImageAttributes) -> ImageDecision {
    var warnings: [SelectionWarning] = []
    if let reason = scopeExclusion(of: image) { return .excluded(reason) }
    switch bodyPartCoverage(of: image) {
    case false?: return .excluded(.bodyPartNotCovered)
    case nil where whenBodyPartIsUnknown == .noAssist: return .excluded(.bodyPartUnknown)
    case nil: warnings.append(.bodyPartUnknown)
    case true?: break
    }
    switch viewCoverage(of: image) {
    case false?: return .excluded(.viewNotCovered)
    case nil where whenViewIsUnknown == .noAssist: return .excluded(.viewUnknown)
    case nil: warnings.append(.viewUnknown)
    case true?: break
    }
    if !lateralities.isEmpty {
      guard let laterality = image.laterality else { return .excluded(.lateralityUnknown) }
      guard lateralities.contains(laterality) else { return .excluded(.lateralityNotCovered) }
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
    guard imageTypes.allSatisfy(image.imageType.contains), !excludedImageTypes.contains(where: image.imageType.contains)
    else { return .imageTypeNotCovered }
    guard coversSeriesDescription(of: image) else { return .seriesDescriptionNotCovered }
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

  /// A series without description matches no pattern, be it for inclusion or exclusion.
  private func coversSeriesDescription(of image: ImageAttributes) -> Bool {
    func matches(_ pattern: TextPattern) -> Bool { image.seriesDescription.map(pattern.matches) ?? false }
    guard !excludedSeriesDescriptions.contains(where: matches) else { return false }
    return seriesDescriptions.isEmpty || seriesDescriptions.contains(where: matches)
  }

  /// Whether the view is covered; `nil` when the image does not say. Either attribute suffices.
  private func viewCoverage(of image: ImageAttributes) -> Bool? {
    guard asksForView else { return true }
    if let position = image.viewPosition, viewPositions.contains(position) { return true }
    let isCovered = image.viewCodes.contains { code in
      viewCodes.contains { $0.value == code.value && $0.scheme == code.scheme }
    }
    if isCovered { return true }
    return image.viewPosition == nil && image.viewCodes.isEmpty ? nil : false
  }
}
