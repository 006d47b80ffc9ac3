internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PixelTransforms

/// Which frames of a survey are transformed under the selection rules of a pipeline.
struct FrameSelection: Sendable {
  private let frames: [String: [Int]]
  private let exclusions: [String: ImageExclusion]
  private let plan: TriagePlan

  init(_ survey: InputSurvey, rules: SelectionRules, decoder: FileDecoder) {
    plan = TriagePlan(survey.studies, rules: rules, decoder: decoder)
    var (frames, exclusions): ([String: [Int]], [String: ImageExclusion]) = ([:], [:])
    for plan in plan.studies {
      for (index, instance) in plan.study.instances.enumerated() {
        switch plan.selection.decisions[index] {
        case .used: frames[instance.path] = plan.selection.frames[index]
        case .excluded(let reason): exclusions[instance.path] = reason
        }
      }
    }
    (self.frames, self.exclusions) = (frames, exclusions)
  }

  /// From 1; `nil` for a path that is no image of a study.
  func frames(of path: String) -> [Int]? { frames[path] }

  func exclusion(of path: String) -> ImageExclusion? { exclusions[path] }

  func series(needing pixels: PixelPipeline, decoder: FileDecoder) -> [SeriesImages] {
    plan.series(needing: pixels, decoder: decoder)
  }
}

extension InputSurvey {
  /// The series whose percentiles the windows of `selection`, or of all images, need.
  func series(
    needing pixels: PixelPipeline, selection: FrameSelection?, decoder: FileDecoder
  ) -> [SeriesImages] {
    if let selection { return selection.series(needing: pixels, decoder: decoder) }
    return SeriesImages.needing(
      pixels, among: studies.flatMap(\.instances), decoder: decoder, frames: { Array(1...max(1, $0.frameCount)) })
  }
}
