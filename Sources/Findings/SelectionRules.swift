package import DICOMCore

/// Which images of a study a pipeline uses.
package struct SelectionRules: Sendable, Equatable {
  /// What to do with an image that lacks an attribute the rules ask for.
  package enum WhenUnknown: String, Sendable, CaseIterable {
    /// Use it, with a warning.
    case accept
    case noAssist = "no-assist"
  }

  package enum LateralViews: String, Sendable, CaseIterable {
    case use, skip
    /// Used in a study without any other view, with a warning.
    case useIfAlone = "use-if-alone"
  }

  /// Images with Presentation Intent Type (0008,0068) FOR PROCESSING: raw detector data without the vendor's
  /// processing.
  package enum ForProcessingImages: String, Sendable, CaseIterable {
    case use, skip
    /// Used, with a warning, in a study without an image for presentation.
    case useIfAlone = "use-if-alone"
  }

  package enum BurnedInAnnotation: String, Sendable, CaseIterable {
    case accept, skip
  }

  /// Modality (0008,0060), such as `DX`; at least one.
  package var modalities: [String]
  /// SOP classes to accept; empty for all image SOP classes.
  package var sopClasses: [UID] = []
  /// Body Part Examined (0018,0015), compared without case, space, hyphen and underscore; with no anatomic regions
  /// either, every body part is accepted.
  package var bodyParts: [String] = []
  /// Codes of Anatomic Region Sequence (0008,2218); the meaning is not compared.
  package var anatomicRegions: [CodedConcept] = []
  package var whenBodyPartIsUnknown: WhenUnknown = .noAssist
  /// Values that Image Type (0008,0008) must all have, such as `ORIGINAL`.
  package var imageTypes: [String] = []
  /// Values of Image Type that an image must not have, such as `SECONDARY`.
  package var excludedImageTypes: [String] = []
  /// Series Description (0008,103E) must match one of these; with none it need not be there.
  package var seriesDescriptions: [TextPattern] = []
  /// Series Description must match none of these.
  package var excludedSeriesDescriptions: [TextPattern] = []
  /// View Position (0018,5101), such as `PA`; with no codes either, every view is accepted.
  package var viewPositions: [String] = []
  /// Codes of View Code Sequence (0054,0220); the meaning is not compared.
  package var viewCodes: [CodedConcept] = []
  package var whenViewIsUnknown: WhenUnknown = .noAssist
  /// Image Laterality (0020,0062), else Laterality (0020,0060): `L`, `R`, `U` or `B`; empty for every one and none.
  package var lateralities: [String] = []
  /// In years; 0 accepts every age and asks for none.
  package var minimumAge: Double = 18
  package var whenAgeIsUnknown: WhenUnknown = .accept
  package var lateralViews: LateralViews = .skip
  package var forProcessingImages: ForProcessingImages = .useIfAlone
  package var burnedInAnnotation: BurnedInAnnotation = .accept
  /// At most this many instances of a study, from 1.
  package var maximumImagesPerStudy = 8
  /// Orientation, spacing and sampling of volumes.
  package var volume = VolumeRules()
  /// At most this many frames of a multi-frame instance, from 1; without meaning where ``volume`` samples.
  package var maximumFramesPerImage = 1

  package init(modalities: [String]) {
    self.modalities = modalities
  }

  /// Whether the rules restrict the body part at all.
  package var asksForBodyPart: Bool { !bodyParts.isEmpty || !anatomicRegions.isEmpty }

  /// Whether the rules restrict the view at all.
  package var asksForView: Bool { !viewPositions.isEmpty || !viewCodes.isEmpty }

  /// The frames to use of an instance with `count` frames, spread evenly: each the middle of one equal part.
  ///
  /// - Parameter count: From 1.
  /// - Returns: Frame numbers from 1, ascending.
  package func frames(of count: Int) -> [Int] {
    guard count > 0 else { return [] }
    let parts = min(count, max(1, maximumFramesPerImage))
    // The middle of part i, ((2i + 1) × count) / (2 × parts), without overflow for any count.
    return (0..<parts).map { i in
      let (quotient, remainder) = count.quotientAndRemainder(dividingBy: 2 * parts)
      return (2 * i + 1) * quotient + (2 * i + 1) * remainder / (2 * parts) + 1
    }
  }
}
