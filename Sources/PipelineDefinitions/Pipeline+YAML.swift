internal import DICOMCore
internal import Findings
internal import Foundation
package import PixelTransforms

extension Pipeline {
  static let schema = "bucky-pipeline/1"

  /// Loads a pipeline and the label set it names.
  ///
  /// - Parameters:
  ///   - path: The pipeline file. Its label set lies beside it or in a folder below.
  ///   - windows: The named windows a pipeline may refer to.
  /// - Throws: Everything wrong in the pipeline or, when that is good, in its label set.
  package init(loading path: String, windows: [NamedWindow]) throws(DefinitionError) {
    let file = try DefinitionFile(reading: path)
    let root = try YAMLDocument(file).root
    let problems = ProblemList(file: path)
    let fields = PipelineFields(root, windows: windows, problems)
    let labelSet = fields?.labels.map { Self.labelSet(at: $0, beside: path) }
    if let fields, case .success(let labelSet)? = labelSet { fields.check(against: labelSet, problems) }
    try problems.throwIfAny()
    let deidentification = try fields?.deidentification?.loaded(beside: path)
    guard let pipeline = fields?.pipeline(file.digest, try labelSet?.get(), deidentification) else {
      // Every missing field has added a problem, so that the line above has thrown.
      throw .unreadable(path: path, reason: "incomplete")
    }
    self = pipeline
  }

  private static func labelSet(at relative: String, beside path: String) -> Result<LabelSet, DefinitionError> {
    let directory = URL(filePath: path).deletingLastPathComponent()
    do throws(DefinitionError) {
      return .success(try LabelSet(loading: directory.appending(path: relative).relativePath))
    } catch {
      return .failure(error)
    }
  }
}

/// What a pipeline file says, each field `nil` after a problem.
private struct PipelineFields {
  let id: String?
  let version: String?
  let title: String?
  let selection: SelectionRules?
  let preprocessing: Preprocessing?
  let labels: String?
  let aggregation: StudyAggregation?
  let aggregationPlace: YAMLPlace
  let levels: [(name: String, level: PriorityLevel, place: YAMLPlace)]?
  let waiting: WaitingLimits?
  let addition: String?
  let deidentification: DeidentificationPart?
  let reports: ReportOptions?

  init?(_ root: YAMLNode, windows: [NamedWindow], _ problems: ProblemList) {
    let keys = [
      "schema", "id", "version", "title", "deidentify", "select", "preprocess", "labels", "aggregation", "priority",
      "waiting", "reports", "disclaimer",
    ]
    guard let map = YAMLMapping(root, "a pipeline", keys: keys, problems) else { return nil }
    _ = map.required("schema", .exactly(Pipeline.schema))
    id = map.required("id", .name("a name"))
    version = map.required("version", .text("a version such as 1.0.0", upTo: 40))
    title = map.required("title", .text("a title of at most 100 characters", upTo: 100))
    selection = map.required("select", .selectionRules)
    preprocessing = map.optional("preprocess", .preprocessing(windows), default: Preprocessing())
    labels = map.required("labels", .relativePath)
    aggregation = map.optional("aggregation", .aggregation, default: .max)
    aggregationPlace = map.node("aggregation")?.place ?? map.place
    levels = map.optional("priority", .priorityLevels, default: [])
    waiting = map.node("waiting").flatMap { YAMLReader.waitingLimits.read($0, problems) }
    addition = map.optional("disclaimer", .text("a statement of at most 1000 characters", upTo: 1000), default: "")
    deidentification = map.node("deidentify").flatMap { YAMLReader.deidentification.read($0, problems) }
    reports = map.optional("reports", .reportOptions, default: ReportOptions())
    if let selection { preprocessing?.window.check(against: selection.modalities, problems) }
  }

  /// Reports what does not fit the label set.
  func check(against labelSet: LabelSet, _ problems: ProblemList) {
    let names = labelSet.findings.map(\.name)
    for (name, _, place) in levels ?? [] where !names.contains(name) {
      problems.add(
        place, "found the unknown finding \(YAMLNode.quoted(name))",
        expected: "a finding of the label set \(labelSet.id)", suggestion: Spelling.closest(to: name, among: names))
    }
    guard let aggregation else { return }
    for label in labelSet.findings where !aggregation.combines(label.threshold.on) {
      problems.add(
        aggregationPlace,
        "found \(aggregation.name), and \(label.name) has a threshold on \(label.threshold.on.rawValue)",
        expected: "an aggregation that combines this score: max, mean or top-k-mean")
    }
  }

  func pipeline(
    _ digest: ContentDigest, _ labelSet: LabelSet?, _ deidentification: InputDeidentification?
  ) -> Pipeline? {
    guard let id, let version, let title, let selection, let preprocessing, let labelSet, let aggregation,
      let levels, let addition, let reports
    else { return nil }
    return Pipeline(
      id: id, version: version, title: title, digest: digest, selection: selection, window: preprocessing.window.choice,
      preset: preprocessing.preset, labelSet: labelSet, aggregation: aggregation,
      priority: PriorityRule(levels: Dictionary(levels.map { ($0.name, $0.level) }) { first, _ in first }),
      waiting: waiting, disclaimerAddition: addition.isEmpty ? nil : addition, deidentification: deidentification,
      reports: reports)
  }
}
