import DICOMCore
import Deidentification
import Findings
import Foundation
import PipelineDefinitions
import PixelTransforms
import Testing

struct PipelineErrorTests {
  private let windows = [
    NamedWindow(
      name: "soft", modalities: ["CT"], unit: "HU", channels: [VOIWindow(center: 40, width: 350)], source: "-")
  ]

  private func messages(_ text: String, labels: String = goodLabelSet) throws -> [String] {
    let directory = try TemporaryDirectory()
    try directory.write("labels/small.yaml", labels)
    let path = try directory.write("pipeline.yaml", text)
    return directory.messages { _ = try Pipeline(loading: path, windows: windows) }
  }

  private func pipeline(_ change: (old: String, new: String)...) throws -> Pipeline {
    let directory = try TemporaryDirectory()
    try directory.write("labels/small.yaml", goodLabelSet)
    let text = change.reduce(goodPipeline) { $0.replacing($1.old, with: $1.new) }
    return try Pipeline(loading: try directory.write("pipeline.yaml", text), windows: windows)
  }

  @Test func `the unchanged pipeline is good`() throws {
    let pipeline = try pipeline()
    #expect(pipeline.selection.modalities == ["CR", "DX"])
    #expect(pipeline.selection.lateralViews == .skip)
    #expect(pipeline.priority.levels == ["nodule": .medium])
    #expect(pipeline.labelSet.id == "small")
  }

  @Test func `waiting limits are durations, and none is set unless asked for`() throws {
    #expect(try pipeline().waiting == nil)
    #expect(
      try pipeline(("priority:\n", "waiting: {limit: 4h}\npriority:\n")).waiting == WaitingLimits(limit: 4 * 3600))
    #expect(
      try pipeline(("priority:\n", "waiting: {limit: 2d, levels: {high: 90min, low: 1d}}\npriority:\n")).waiting
        == WaitingLimits(limit: 2 * 86_400, levels: [.high: 5400, .low: 86_400]))
  }

  @Test(arguments: [
    ("{limit: 4}", "found \"4\"; expected a duration from 1min to 365d, such as 90min, 4h or 2d"),
    ("{limit: 0h}", "expected a duration"), ("{limit: 366d}", "expected a duration"),
    ("{limit: -1h}", "expected a duration"), ("{limit: 99999999999999999999h}", "expected a duration"),
    ("{levels: {high: 1h}}", "the key limit is missing"),
    ("{limit: 1h, levels: {high: 2h}}", "found a longer limit for a higher priority"),
    ("{limit: 1h, levels: {urgent: 1h}}", "found the unknown key \"urgent\""),
    ("4h", "expected waiting limits, a mapping with the keys limit, levels"),
  ])
  func `waiting limits that make no sense are named`(text: String, message: String) throws {
    let found = try messages(goodPipeline.replacing("priority:\n", with: "waiting: \(text)\npriority:\n"))
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test func `heatmaps are made of flagged findings unless the pipeline says otherwise`() throws {
    #expect(try pipeline().reports.heatmaps == HeatmapOptions(scope: .flagged, writesPresentationStates: false))
    let all = try pipeline(("labels:", "reports: {heatmaps: all, presentation_states: true}\nlabels:"))
    #expect(all.reports.heatmaps == HeatmapOptions(scope: .all, writesPresentationStates: true))
    #expect(try pipeline(("labels:", "reports: {heatmaps: off}\nlabels:")).reports.heatmaps.scope == .off)
    let wrong = goodPipeline.replacing(
      "labels:", with: "reports: {heatmaps: flaged, presentation_state: true}\nlabels:")
    #expect(
      try messages(wrong) == [
        "pipeline.yaml:12:21: found \"flaged\"; expected one of flagged, all, off; did you mean flagged?",
        "pipeline.yaml:12:29: found the unknown key \"presentation_state\"; expected one of the keys sr, "
          + "key_objects, summary, heatmaps, presentation_states; did you mean presentation_states?",
      ])
  }

  @Test func `a pipeline that de-identifies brings its policy along`() throws {
    let policy = """
      schema: bucky-deidentification/1
      id: mine
      version: 1.0.0
      title: Mine
      profile: basic
      """
    func loaded(_ part: String, _ policy: String) throws -> (Pipeline?, [String]) {
      let directory = try TemporaryDirectory()
      try directory.write("labels/small.yaml", goodLabelSet)
      try directory.write("policies/mine.yaml", policy)
      let path = try directory.write("pipeline.yaml", goodPipeline + "\n" + part)
      var pipeline: Pipeline?
      let messages = directory.messages { pipeline = try Pipeline(loading: path, windows: windows) }
      return (pipeline, messages)
    }
    let (good, none) = try loaded("deidentify: {policy: policies/mine.yaml}", policy)
    #expect(none.isEmpty)
    #expect(good?.deidentification?.policy.id == "mine")
    #expect(good?.deidentification?.keepsObjects == false)
    #expect(
      try loaded("deidentify: {policy: policies/mine.yaml, objects: keep}", policy).0?.deidentification?.keepsObjects
        == true)
    for (part, text, piece) in [
      ("deidentify: {policy: policies/mine.yaml, object: keep}", policy, "pipeline.yaml:"),
      ("deidentify: {policy: policies/mine.yaml, objects: perhaps}", policy, "keep, discard"),
      ("deidentify: {policy: ../mine.yaml}", policy, "pipeline.yaml:"),
      ("deidentify: {policy: policies/other.yaml}", policy, "policies/other.yaml"),
      ("deidentify: {policy: policies/mine.yaml}", policy + "\nkey: x", "policies/mine.yaml:6"),
      ("deidentify: yes", policy, "a mapping with the keys policy, objects"),
    ] {
      let (pipeline, messages) = try loaded(part, text)
      #expect(pipeline == nil)
      #expect(messages.contains { $0.contains(piece) }, "\(messages)")
    }
  }

  @Test func `what is written about a study can be chosen, and a mistake there is placed`() throws {
    let plain = try pipeline().reports
    #expect(plain == ReportOptions(structuredReport: .comprehensive3D, keyObjects: true, summary: false))
    func reports(_ part: String) throws -> ReportOptions {
      try pipeline(("labels: labels/small.yaml", "labels: labels/small.yaml\nreports: \(part)")).reports
    }
    #expect(
      try reports("{sr: comprehensive, key_objects: false, summary: true}")
        == ReportOptions(structuredReport: .comprehensive, keyObjects: false, summary: true))
    #expect(try reports("{}") == plain)
    for (part, message) in [
      ("{summery: true}", #"pipeline.yaml:1:11: found the unknown key "summery""#),
      ("{summary: yes}", #"pipeline.yaml:1:20: found "yes"; expected true or false"#),
      ("{sr: 3d}", #"pipeline.yaml:1:15: found "3d"; expected one of comprehensive-3d, comprehensive"#),
      ("all", #"pipeline.yaml:1:10: found "all"; expected reports, a mapping"#),
    ] {
      let found = try messages("reports: \(part)\n" + goodPipeline)
      #expect(found.contains { $0.hasPrefix(message) }, "\(found)")
    }
  }

  @Test func `every setting is taken over`() throws {
    let pipeline = try pipeline(
      (
        "  minimum_age: 18",
        """
          sop_classes: [1.2.840.10008.5.1.4.1.1.1]
          anatomic_regions: [{value: T-D3000, scheme: SRT, meaning: Chest}]
          when_body_part_is_unknown: accept
          minimum_age: 0.5
          when_age_is_unknown: no-assist
          lateral_views: use-if-alone
          for_processing_images: skip
          burned_in_annotation: skip
          maximum_images_per_study: 3
          maximum_frames_per_image: 2
        """
      ), ("modalities: [CR, DX]", "modalities: [CT]"), ("window: automatic", "window: soft"),
      ("aggregation: max", "aggregation: {method: top-k-mean, k: 3}"),
      ("labels:\n", "labels:\n"), ("priority:\n", "disclaimer: Only\n  for  tests.\npriority:\n"))
    let selection = pipeline.selection
    #expect(selection.sopClasses.map(\.value) == ["1.2.840.10008.5.1.4.1.1.1"])
    #expect(selection.anatomicRegions.map(\.value) == ["T-D3000"])
    #expect(selection.whenBodyPartIsUnknown == .accept && selection.whenAgeIsUnknown == .noAssist)
    #expect(selection.minimumAge == 0.5)
    #expect(selection.lateralViews == .useIfAlone && selection.forProcessingImages == .skip)
    #expect(selection.burnedInAnnotation == .skip)
    #expect(selection.maximumImagesPerStudy == 3 && selection.maximumFramesPerImage == 2)
    #expect(selection.modalities == ["CT"])
    #expect(pipeline.window == .named(windows[0]))
    #expect(pipeline.aggregation == .topKMean(k: 3))
    #expect(pipeline.disclaimerAddition == "Only for tests.")
  }

  @Test func `what is left out has its default`() throws {
    let short = """
      schema: bucky-pipeline/1
      id: short
      version: 1
      title: Short
      select: {modalities: [DX]}
      labels: labels/small.yaml
      """
    let directory = try TemporaryDirectory()
    try directory.write("labels/small.yaml", goodLabelSet)
    let pipeline = try Pipeline(loading: try directory.write("pipeline.yaml", short), windows: [])
    #expect(pipeline.selection == SelectionRules(modalities: ["DX"]))
    #expect(pipeline.window == .automatic && pipeline.preset == .tfBilinearPadded)
    #expect(pipeline.aggregation == .max && pipeline.priority == PriorityRule())
    #expect(pipeline.disclaimerAddition == nil)
  }

  static let table: [(old: String, new: String, message: String)] = [
    (
      "modalities: [CR, DX]", "modalities: CR",
      #"pipeline.yaml:6:15: found "CR"; expected a list such as [CR, DX]"#
    ),
    (
      "modalities: [CR, DX]", "modalities: [CR, dx]",
      #"pipeline.yaml:6:20: found "dx"; expected a modality such as DX, in capitals"#
    ),
    (
      "modalities: [CR, DX]", "modalities: [CR, CR]",
      #"pipeline.yaml:6:20: found "CR" a second time; expected each element once"#
    ),
    (
      "  modalities: [CR, DX]\n", "",
      "pipeline.yaml:6:3: the key modalities is missing; expected a list such as [CR, DX]"
    ),
    (
      "minimum_age: 18", "minimum_age: eighteen",
      #"pipeline.yaml:8:16: found "eighteen"; expected a number from 0 to 120 years"#
    ),
    (
      "minimum_age: 18", "minimum_age: -1",
      #"pipeline.yaml:8:16: found "-1"; expected a number from 0 to 120 years"#
    ),
    (
      "minimum_age: 18", "maximum_images_per_study: 0",
      #"pipeline.yaml:8:29: found "0"; expected a whole number from 1 to 1000"#
    ),
    (
      "minimum_age: 18", "maximum_images_per_study: 2.5",
      #"pipeline.yaml:8:29: found "2.5"; expected a whole number from 1 to 1000"#
    ),
    (
      "minimum_age: 18", "lateral_views: yes",
      #"pipeline.yaml:8:18: found "yes"; expected one of use, skip, use-if-alone"#
    ),
    (
      "minimum_age: 18", "sop_classes: [1.2.840.10008.05]",
      #"pipeline.yaml:8:17: found "1.2.840.10008.05"; expected a UID such as 1.2.840.10008.5.1.4.1.1.1"#
    ),
    (
      "window: automatic", "window: sof",
      #"pipeline.yaml:10:11: found "sof"; expected "# + windowNames + "; did you mean soft?"
    ),
    (
      "window: automatic", "window: soft",
      "pipeline.yaml:10:11: found the window soft, which is for CT; expected a window for CR, DX too"
    ),
    (
      "window: automatic\n  preset: tf-bilinear-padded", "window: file\n  preset: google-container",
      "pipeline.yaml:10:11: found a window beside the preset google-container, which has its own; "
        + "expected automatic, or another preset"
    ),
    (
      "preset: tf-bilinear-padded", "preset: none",
      #"pipeline.yaml:11:11: found "none"; expected "# + presetNames
    ),
    (
      "labels: labels/small.yaml", "labels: ../small.yaml",
      #"pipeline.yaml:12:9: found "../small.yaml"; expected a path relative to this file, without .., such as "#
        + "labels/chexpert-13.yaml"
    ),
    (
      "labels: labels/small.yaml", "labels: /etc/passwd",
      #"pipeline.yaml:12:9: found "/etc/passwd"; expected a path relative to this file, without .., such as "#
        + "labels/chexpert-13.yaml"
    ),
    ("labels: labels/small.yaml", "labels: labels/smal.yaml", "labels/smal.yaml: no such file"),
    (
      "aggregation: max", "aggregation: maximum",
      #"pipeline.yaml:13:14: found "maximum"; expected max, mean, noisy-or or {method: top-k-mean, k: 3}"#
    ),
    (
      "aggregation: max", "aggregation: {method: top-k-mean}",
      "pipeline.yaml:13:14: the key k is missing; expected a whole number from 1 to 1000"
    ),
    (
      "aggregation: max", "aggregation: noisy-or",
      "pipeline.yaml:13:14: found noisy-or, and nodule has a threshold on cosine; "
        + "expected an aggregation that combines this score: max, mean or top-k-mean"
    ),
    (
      "nodule: medium", "nodul: medium",
      #"pipeline.yaml:16:5: found the unknown finding "nodul"; expected a finding of the label set small; "#
        + "did you mean nodule?"
    ),
    (
      "nodule: medium", "nodule: top",
      #"pipeline.yaml:16:13: found "top"; expected one of high, medium, low, none"#
    ),
    (
      "preprocess:", "preproces:",
      #"pipeline.yaml:9:1: found the unknown key "preproces"; expected one of the keys schema, id, version, title, "#
        + "deidentify, select, preprocess, labels, aggregation, priority, waiting, reports, disclaimer; did you mean "
        + "preprocess?"
    ),
    (
      "title: A small pipeline", "title: A small pipeline\ntitle: Another",
      #"pipeline.yaml:4:1: the key "title" appears more than once in this mapping; expected each key once"#
    ),
  ]

  static let windowNames =
    "automatic, file, file:2, file:EXPLANATION, file:lut:1, min-max, series-percentile or a window that Windowing/ names"

  /// All presets but the one that keeps the image's own size.
  static let presetNames: String = {
    let names = ResizePreset.allCases.filter { $0 != .ownSize }.map(\.rawValue)
    return names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
  }()

  @Test(arguments: table.indices)
  func `a mistake is reported where it stands`(index: Int) throws {
    let (old, new, message) = Self.table[index]
    try #require(goodPipeline.contains(old))
    let messages = try messages(goodPipeline.replacing(old, with: new, maxReplacements: 1))
    #expect(messages.contains(message), "\(messages)")
  }

  @Test func `a mistake in the label set names the label file`() throws {
    let messages = try messages(goodPipeline, labels: goodLabelSet.replacing("36118008", with: "1"))
    #expect(messages.count == 1)
    #expect(messages.first?.hasPrefix("labels/small.yaml:10:11: found the code 1 SCT:") == true)
  }

  @Test func `mistakes in the pipeline come before those in its label set`() throws {
    let pipeline = goodPipeline.replacing("minimum_age: 18", with: "minimum_age: old")
    let messages = try messages(pipeline, labels: goodLabelSet.replacing("36118008", with: "1"))
    #expect(messages == [#"pipeline.yaml:8:16: found "old"; expected a number from 0 to 120 years"#])
  }

  @Test func `a missing pipeline and a directory are named`() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.path + "/none.yaml"
    #expect(directory.messages { _ = try Pipeline(loading: missing, windows: []) } == ["none.yaml: no such file"])
    #expect(throws: DefinitionError.unreadable(path: directory.path, reason: "not a regular file")) {
      try Pipeline(loading: directory.path, windows: [])
    }
  }

  @Test func `a relative path finds the label set beside the pipeline`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("labels/small.yaml", goodLabelSet)
    let path = try directory.write("pipeline.yaml", goodPipeline)
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    let climbs = Array(repeating: "..", count: here.pathComponents.count - 1).joined(separator: "/")
    let pipeline = try Pipeline(loading: climbs + path, windows: [])
    #expect(pipeline.labelSet.id == "small")
  }
}
