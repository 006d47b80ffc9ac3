internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PixelTransforms
internal import Reports

extension StudyEvidence {
  /// Why images of the study are not used: by the rules, because their file was refused, or because they failed.
  var exclusions: [ImageExclusion] {
    plan.exclusions + failures.map(\.reason)
  }

  /// Whether every image that the pipeline covers was scored.
  var isWhole: Bool { failures.isEmpty && !plan.refusals.contains(where: \.isCovered) }

  /// Frames that were to be used and gave no score.
  var failures: [(task: ImageTask, reason: ImageExclusion)] {
    let failed = outcomes.compactMap { outcome -> (ImageTask, ImageExclusion)? in
      guard case .refused(let reason, _) = outcome.result else { return nil }
      return (outcome.task, reason)
    }
    return failed.map { (task: $0.0, reason: $0.1) }
  }

  /// Every image that was considered, sorted by series, instance and frame.
  var inputs: [TriageReport.Input] {
    var inputs: [TriageReport.Input] = []
    let outcomesOfInstance = Dictionary(grouping: outcomes, by: \.task.instance)
    for (index, instance) in study.instances.enumerated() {
      switch plan.selection.decisions[index] {
      case .excluded(let reason):
        inputs.append(instance.input(used: false, skipReason: reason.rawValue))
      case .used:
        for outcome in outcomesOfInstance[instance.identity.sopInstanceUID] ?? [] {
          inputs.append(instance.input(outcome))
        }
      }
    }
    inputs += plan.refusals.map(\.input)
    return inputs.sorted { lhs, rhs in
      (lhs.seriesInstanceUID, lhs.sopInstanceUID, lhs.frame ?? 0)
        < (rhs.seriesInstanceUID, rhs.sopInstanceUID, rhs.frame ?? 0)
    }
  }

  /// The digest of everything between file and tensor: that of the configuration, and where a window was measured, the
  /// values it came to. They depend on images of the series that are not inputs themselves.
  func preprocessingDigest(_ configuration: ContentDigest) -> ContentDigest {
    let windows = outcomes.flatMap(\.steps).filter { $0.step == "voi-percentiles" }.map { step in
      step.params.filter { $0.key != "channels" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: " ")
    }
    guard !windows.isEmpty else { return configuration }
    return ContentDigest(ofText: ([configuration.description] + windows.sorted()).joined(separator: "\n"))
  }

  /// What a reader should know: remarks of the selection and of the transformations, and images that failed.
  var warnings: [TriageReport.Warning] {
    var warnings: [TriageReport.Warning] = []
    for (index, instance) in study.instances.enumerated() {
      guard case .used(let remarks) = plan.selection.decisions[index] else { continue }
      warnings += remarks.sorted().map {
        TriageReport.Warning($0.rawValue, text: $0.text, sopInstanceUID: instance.identity.sopInstanceUID)
      }
    }
    for outcome in outcomes {
      guard case .refused(let reason, let detail) = outcome.result else { continue }
      warnings.append(
        TriageReport.Warning(reason.rawValue, text: detail, sopInstanceUID: outcome.task.instance))
    }
    for outcome in outcomes {
      // Frames of one instance often have the same to say.
      for warning in outcome.steps.flatMap(\.warnings) {
        let remark = TriageReport.Warning(
          warning.code.rawValue, text: warning.text, sopInstanceUID: outcome.task.instance)
        if !warnings.contains(remark) { warnings.append(remark) }
      }
    }
    for refusal in plan.refusals where refusal.isCovered {
      warnings.append(
        TriageReport.Warning(
          refusal.exclusion.rawValue, text: refusal.instance.detail,
          sopInstanceUID: refusal.instance.identity.sopInstanceUID))
    }
    return warnings.sorted {
      ($0.sopInstanceUID?.value ?? "", $0.code, $0.text) < ($1.sopInstanceUID?.value ?? "", $1.code, $1.text)
    }
  }
}

extension SurveyedInstance {
  func input(used: Bool, skipReason: String?) -> TriageReport.Input {
    TriageReport.Input(
      sopInstanceUID: identity.sopInstanceUID, sopClassUID: identity.sopClassUID,
      seriesInstanceUID: identity.seriesInstanceUID, transferSyntaxUID: header.transferSyntax,
      modality: header.dataSet.string(.modality), used: used, skipReason: skipReason)
  }

  func input(_ outcome: ImageOutcome) -> TriageReport.Input {
    var input = input(used: true, skipReason: nil)
    input.frame = outcome.task.frame
    input.pixelDigest = outcome.pixelDigest
    input.tensorDigest = outcome.tensorDigest
    input.preprocess = outcome.steps.isEmpty ? nil : outcome.steps
    if case .refused(let reason, _) = outcome.result {
      input.used = false
      input.skipReason = reason.rawValue
    }
    return input
  }
}
