internal import DICOMCore
internal import DICOMFiles
internal import PixelTransforms
internal import Volumes

/// Volumes of CT and MR as NIfTI: a series, or an enhanced object, is one volume or has a reason why not.
struct VolumeExport: Sendable {
  let run: ExportRun
  let survey: InputSurvey
  /// By source, which is the path in the output folder.
  let released: [String: ReleasedObject]

  func write(_ manifest: ExportManifest, _ progress: @escaping ProgressReceiver) async throws {
    for file in survey.files {
      guard case .refused(let refusal) = file.outcome, let object = released[file.source] else { continue }
      try manifest.add(.notMade(.nifti, refusal.reason.rawValue, [object.reference]))
    }
    let (stacks, refusals) = stacks()
    for refusal in refusals { try manifest.add(refusal) }
    let maker = VolumeMaker(
      run: run, frames: FrameLoader(capacity: run.threads, decoder: run.decoder))
    try await forEachConcurrently(
      stacks, width: run.threads, transform: { stack in Swift.Result { try maker.make(stack) } },
      consume: { index, result in
        try manifest.add(try result.get())
        progress(BatchProgress(phase: .exports, done: index + 1, total: stacks.count))
      })
  }

  /// What may be volumes, by series; and what cannot, with its reason.
  private func stacks() -> (stacks: [VolumeStack], refusals: [ExportLine]) {
    var (stacks, refusals): ([VolumeStack], [ExportLine]) = ([], [])
    func refuse(_ reason: VolumeRefusal, _ images: [VolumeStack.Image]) {
      guard !images.isEmpty else { return }
      refusals.append(.notMade(.nifti, reason.rawValue, images.map(\.object.reference)))
    }
    let images = survey.images.compactMap { instance in
      released[instance.source].map { VolumeStack.Image(instance: instance, object: $0) }
    }
    for (_, series) in Dictionary(grouping: images, by: \.object.target.series).sorted(by: { $0.key < $1.key }) {
      refuse(.notCTOrMR, series.filter { !$0.isCTOrMR })
      let sectional = series.filter(\.isCTOrMR)
      refuse(.localizer, sectional.filter(\.isLocalizer))
      let slices = sectional.filter { !$0.isLocalizer }
      stacks += slices.filter(\.isEnhanced).map { VolumeStack(images: [$0], isEnhanced: true) }
      let classic = slices.filter { !$0.isEnhanced }
      if !classic.isEmpty { stacks.append(VolumeStack(images: classic, isEnhanced: false)) }
    }
    return (stacks, refusals)
  }
}

/// The images of a series, or one enhanced object.
struct VolumeStack: Sendable {
  struct Image: Sendable {
    let instance: SurveyedInstance
    let object: ReleasedObject

    var isCTOrMR: Bool { isEnhanced || Self.classic.contains(instance.identity.sopClassUID) }
    var isEnhanced: Bool { Self.enhanced.contains(instance.identity.sopClassUID) }

    /// Value 3 of Image Type (PS3.3 C.8.2.1.1.1); vendors have it further back too.
    var isLocalizer: Bool {
      instance.header.dataSet.strings(.imageType).dropFirst(2).contains { $0.uppercased() == "LOCALIZER" }
    }

    private static let classic: Set<UID> = [.ctImageStorage, .mrImageStorage]
    private static let enhanced: Set<UID> = [
      .enhancedCTImageStorage, .legacyConvertedEnhancedCTImageStorage, .enhancedMRImageStorage,
      .legacyConvertedEnhancedMRImageStorage,
    ]
  }

  let images: [Image]
  let isEnhanced: Bool

  func name(_ names: ExportNames) -> String {
    let target = images[0].object.target
    return names.volume(of: target, instance: isEnhanced ? target.instance : nil)
  }
}

extension UID {
  /// Legacy Converted Enhanced MR Image Storage (PS3.4 B.5).
  fileprivate static let legacyConvertedEnhancedMRImageStorage =
    UID("1.2.840.10008.5.1.4.1.1.4.4") ?? .enhancedMRImageStorage
}
