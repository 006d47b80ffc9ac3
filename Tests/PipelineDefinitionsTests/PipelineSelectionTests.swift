import DICOMCore
import Findings
import PipelineDefinitions
import PixelTransforms
import Testing

/// Windows by modality and rules about views, series and volumes.
struct PipelineSelectionTests {
  private static let soft = NamedWindow(
    name: "soft", modalities: ["CT"], unit: "HU", channels: [VOIWindow(center: 40, width: 350)], source: "-")

  private func pipeline(_ change: (old: String, new: String)...) throws -> Pipeline {
    let directory = try TemporaryDirectory()
    try directory.write("labels/small.yaml", goodLabelSet)
    let text = change.reduce(goodPipeline) { $0.replacing($1.old, with: $1.new) }
    return try Pipeline(loading: try directory.write("pipeline.yaml", text), windows: [Self.soft])
  }

  @Test func `windows and rules for volumes are taken over`() throws {
    let pipeline = try pipeline(
      (
        "  minimum_age: 18",
        """
          image_types: [ORIGINAL, PRIMARY]
          excluded_image_types: [SECONDARY]
          series_descriptions: ["*lung*", chest]
          excluded_series_descriptions: [scout]
          view_positions: [PA, AP]
          view_codes: [{value: 399348003, scheme: SCT, meaning: antero-posterior}]
          when_view_is_unknown: accept
          lateralities: [L, U]
          orientations: [axial, coronal]
          slice_thickness: {maximum: 5}
          slice_spacing: {minimum: 0.5, maximum: 7.5}
          sampling: {count: 8}
        """
      ), ("modalities: [CR, DX]", "modalities: [CT, MR]"),
      ("window: automatic", "window: {MR: series-percentile, CT: soft}"))
    let selection = pipeline.selection
    #expect(selection.imageTypes == ["ORIGINAL", "PRIMARY"] && selection.excludedImageTypes == ["SECONDARY"])
    #expect(selection.seriesDescriptions.map(\.text) == ["*lung*", "chest"])
    #expect(selection.excludedSeriesDescriptions.map(\.text) == ["scout"])
    #expect(selection.viewPositions == ["PA", "AP"] && selection.viewCodes.map(\.value) == ["399348003"])
    #expect(selection.whenViewIsUnknown == .accept && selection.lateralities == ["L", "U"])
    #expect(selection.volume.orientations == [.axial, .coronal])
    #expect(selection.volume.sliceThickness == 0...5 && selection.volume.sliceSpacing == 0.5...7.5)
    #expect(selection.volume.sampling == .count(8))
    #expect(pipeline.window == WindowChoice(byModality: ["CT": .named(Self.soft), "MR": .percentiles(.series)]))
  }

  @Test(arguments: [
    ("file", WindowChoice.file), ("file:2", .fileWindow(.window(2))), ("file:lut:1", .fileWindow(.lookup(1))),
    ("\"file:LUNG PARENCHYMA\"", .fileWindow(.explanation("LUNG PARENCHYMA"))), ("min-max", .minMax),
    ("series-percentile", .percentiles(.series)),
  ])
  func `every spelling of a window is understood`(spelling: String, choice: WindowChoice) throws {
    #expect(try pipeline(("window: automatic", "window: \(spelling)")).window == choice)
  }

  static let table: [(old: String, new: String, message: String)] = [
    (
      "window: automatic", "window: {CR: file, DX: sof}",
      #"pipeline.yaml:10:26: found "sof"; expected "# + PipelineErrorTests.windowNames + "; did you mean soft?"
    ),
    (
      "window: automatic", "window: {CR: file, MR: min-max}",
      "pipeline.yaml:10:22: found a window for MR; expected one of the modalities selected: CR, DX"
    ),
    (
      "window: automatic", "window: {DX: soft}",
      "pipeline.yaml:10:16: found the window soft, which is for CT; expected a window for DX too"
    ),
    (
      "minimum_age: 18", "view_positions: [pa]",
      #"pipeline.yaml:8:20: found "pa"; expected a value such as ORIGINAL, in capitals"#
    ),
    (
      "minimum_age: 18", "lateralities: [left]",
      #"pipeline.yaml:8:18: found "left"; expected L, R, U (unpaired) or B (both)"#
    ),
    (
      "minimum_age: 18", "orientations: [axal]",
      #"pipeline.yaml:8:18: found "axal"; expected one of axial, coronal, sagittal; did you mean axial?"#
    ),
    (
      "minimum_age: 18", "slice_thickness: {minimum: 5, maximum: 1}",
      "pipeline.yaml:8:20: found a minimum above the maximum; expected a range in mm such as {minimum: 0.5, maximum: 5}"
    ),
    (
      "minimum_age: 18", "slice_spacing: {from: 5}",
      #"pipeline.yaml:8:19: found the unknown key "from"; expected one of the keys minimum, maximum"#
    ),
    (
      "minimum_age: 18", "sampling: some",
      #"pipeline.yaml:8:13: found "some"; expected all, {every: 3} or {count: 16}"#
    ),
    (
      "minimum_age: 18", "sampling: {every: 1}",
      #"pipeline.yaml:8:21: found "1"; expected a whole number from 2 to 1000"#
    ),
    (
      "minimum_age: 18", "sampling: {count: 9}",
      "pipeline.yaml:8:13: found a count above maximum_images_per_study; "
        + "expected at most 8, or a greater maximum_images_per_study"
    ),
    (
      "minimum_age: 18", "sampling: {every: 2}\n  maximum_frames_per_image: 3",
      "pipeline.yaml:9:29: found maximum_frames_per_image beside sampling, which chooses the frames; "
        + "expected one of the two"
    ),
    (
      "minimum_age: 18", "series_descriptions: ['  ']",
      #"pipeline.yaml:8:25: found "  "; expected text of at most 64 characters; * stands for any characters, ? for one"#
    ),
  ]

  @Test(arguments: table.indices)
  func `a mistake is reported where it stands`(index: Int) throws {
    let (old, new, message) = Self.table[index]
    try #require(goodPipeline.contains(old))
    let directory = try TemporaryDirectory()
    try directory.write("labels/small.yaml", goodLabelSet)
    let path = try directory.write("pipeline.yaml", goodPipeline.replacing(old, with: new, maxReplacements: 1))
    let messages = directory.messages { _ = try Pipeline(loading: path, windows: [Self.soft]) }
    #expect(messages == [message])
  }
}
