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
  /// The frames to use of each image, from 1 and ascending; none of an image that is not used.
  package let frames: [[Int]]
  /// The images that the rules cover, before slices are sampled and the maximum is applied: what statistics of a series
  /// are about.
  package let accepted: [Int]

  /// Applies `rules` to the images of one study.
  ///
  /// Each decision depends on the study as a whole, not on the order of `images`: whether an image for processing or a
  /// lateral view is alone, where the slices of a volume lie, and which images are within the maximum.
  ///
  /// - Parameters:
  ///   - images: The data sets of the study's instances, without pixel data; where ``SelectionRules/volume`` has rules,
  ///     with functional groups.
  ///   - frameCounts: How many frames each has; by default, what Number of Frames (0028,0008) says.
  package init(of images: [DataSet], frameCounts: [Int]? = nil, by rules: SelectionRules) {
    let frameCounts = frameCounts ?? images.map { $0.integer(.numberOfFrames) ?? 1 }
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
    var frames = frameCounts.map { rules.frames(of: $0) }
    var accepted = decisions.indices.filter(isUsed)
    if !rules.volume.isEmpty {
      let volume = VolumeSelection(
        of: accepted.map { index in
          VolumeSelection.Candidate(
            index: index, dataSet: images[index], frameCount: frameCounts[index],
            order: (images[index].integer(.instanceNumber) ?? .max, images[index].uid(.sopInstanceUID)?.value ?? ""))
        }, by: rules.volume)
      for (index, reason) in volume.exclusions { decisions[index] = .excluded(reason) }
      for (index, left) in volume.frames {
        // Sampling has chosen; without it the maximum of frames holds for those that fit.
        frames[index] = rules.volume.sampling == .all ? rules.frames(of: left.count).map { left[$0 - 1] } : left
      }
      accepted = accepted.filter(volume.accepted.contains)
    }
    let order = decisions.indices.filter(isUsed).map { ImageOrder(images[$0], attributes[$0], index: $0) }.sorted()
    for image in order.dropFirst(max(1, rules.maximumImagesPerStudy)) {
      decisions[image.index] = .excluded(.beyondMaximum)
    }
    self.decisions = decisions
    self.accepted = accepted
    self.frames = decisions.indices.map { decisions[$0].isUsed ? frames[$0] : [] }
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
