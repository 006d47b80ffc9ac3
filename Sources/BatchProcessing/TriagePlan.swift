internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PixelTransforms
internal import Reports

/// What a triage run would do, or is doing: studies with their selections, and the frames to score.
struct TriagePlan: Sendable {
  let studies: [StudyPlan]
  /// In the order of the studies.
  let tasks: [ImageTask]

  /// - Parameter decoder: What reads a file again for the rules that need more than its brief header.
  init(_ surveyed: [SurveyedStudy], rules: SelectionRules, decoder: FileDecoder) {
    var (studies, tasks): ([StudyPlan], [ImageTask]) = ([], [])
    for (index, study) in surveyed.enumerated() {
      let plan = StudyPlan(study, rules: rules, decoder: decoder)
      let frames = plan.selection.used.flatMap {
        study.instances[$0].tasks(study: index, frames: plan.selection.frames[$0])
      }
      tasks += frames
      studies.append(plan.with(taskCount: frames.count))
    }
    (self.studies, self.tasks) = (studies, tasks)
  }

  /// Has the disk read what task `index` will need, if there is one and it needs another file than the one before.
  func readAhead(of index: Int) {
    guard index < tasks.count, tasks[index].path != tasks[index - 1].path else { return }
    ReadAhead.begin(tasks[index].path)
  }

  /// The series whose percentiles the windows of the frames to score need.
  func series(needing pixels: PixelPipeline, decoder: FileDecoder) -> [SeriesImages] {
    studies.flatMap { plan -> [SeriesImages] in
      let selection = plan.selection
      let frames = Dictionary(
        uniqueKeysWithValues: selection.used.map { (plan.study.instances[$0].path, selection.frames[$0]) })
      return SeriesImages.needing(
        pixels, among: selection.accepted.map { plan.study.instances[$0] }, decoder: decoder,
        frames: { frames[$0.path] ?? [] })
    }
  }
}

/// One study with what the pipeline's rules say about its images and its refused files.
struct StudyPlan: Sendable {
  let study: SurveyedStudy
  let selection: StudySelection
  let refusals: [CoveredRefusal]
  /// Frames to score.
  private(set) var taskCount = 0

  init(_ study: SurveyedStudy, rules: SelectionRules, decoder: FileDecoder) {
    self.study = study
    selection = StudySelection(
      of: study.instances.map { $0.dataSet(for: rules, decoder) }, frameCounts: study.instances.map(\.frameCount),
      by: rules)
    // Whether a file that cannot be read would have been sampled depends on those that can; it was meant to be there.
    var whole = rules
    (whole.volume.sampling, whole.volume.sliceSpacing) = (.all, nil)
    let coverage = StudySelection(of: study.refused.map(\.header.dataSet), by: whole)
    refusals = zip(study.refused, coverage.decisions).map { CoveredRefusal($0, $1) }
  }

  func with(taskCount: Int) -> StudyPlan {
    var plan = self
    plan.taskCount = taskCount
    return plan
  }

  /// Why images are not used, before any is opened.
  var exclusions: [ImageExclusion] { selection.exclusions + refusals.map(\.exclusion) }
}

/// A refused file of a study, and whether the pipeline would have used it.
struct CoveredRefusal: Sendable {
  let instance: RefusedInstance
  /// Why it is not used: the rules, where they do not cover it; else what is wrong with the file.
  let exclusion: ImageExclusion
  /// A covered image that is refused makes the result of its study partial.
  let isCovered: Bool

  init(_ instance: RefusedInstance, _ decision: ImageDecision) {
    self.instance = instance
    switch decision {
    case .used: (exclusion, isCovered) = (instance.exclusion, true)
    case .excluded(let reason): (exclusion, isCovered) = (reason, false)
    }
  }

  var input: TriageReport.Input {
    TriageReport.Input(
      sopInstanceUID: instance.identity.sopInstanceUID, sopClassUID: instance.identity.sopClassUID,
      seriesInstanceUID: instance.identity.seriesInstanceUID, transferSyntaxUID: instance.header.transferSyntax,
      modality: instance.header.dataSet.string(.modality), used: false, skipReason: exclusion.rawValue)
  }
}

extension SurveyedInstance {
  /// The data set that selection works on: with functional groups where the rules ask for the place of each frame.
  fileprivate func dataSet(for rules: SelectionRules, _ decoder: FileDecoder) -> DataSet {
    guard !rules.volume.isEmpty, frameCount > 1 else { return header.dataSet }
    return (try? decoder.open(path).header.dataSet) ?? header.dataSet
  }

  /// The frames of this instance that are to be scored, from 1.
  fileprivate func tasks(study: Int, frames: [Int]) -> [ImageTask] {
    frames.map { frame in
      ImageTask(
        study: study, path: path, series: identity.seriesInstanceUID, instance: identity.sopInstanceUID,
        frame: frameCount > 1 ? frame : nil)
    }
  }
}
