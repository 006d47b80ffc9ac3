package import DICOMFiles
internal import Findings
internal import PipelineDefinitions
internal import PixelTransforms

/// What `bucky preprocess` was asked for, checked.
package struct PreprocessRequest: Sendable {
  let inputs: InputPaths
  let output: String
  let pipeline: PixelPipeline
  /// As it was named: recorded in the tensor file.
  let windowName: String
  let format: OutputFormat
  let wantsContactSheets: Bool
  let threads: Int
  let decoder: FileDecoder
  /// The rules of a pipeline; `nil` to transform every frame.
  let selection: SelectionRules?
  let deidentification: InputDeidentification?
  let key: DeidentificationKey?
  /// Paths below the only input, which is a folder, that are read; `nil` for all.
  let sources: Set<String>?

  /// The image size of MedSigLIP-448.
  package static let defaultSize = 448

  /// The names of the resize presets, the default first.
  package static let presetNames = ResizePreset.allCases.map(\.rawValue)

  /// - Parameters:
  ///   - window: A spelling of `WindowChoice`; `nil` for that of the pipeline, else `automatic`.
  ///   - preset: One of ``presetNames``; `nil` for that of the pipeline, else the first.
  ///   - pipeline: A pipeline file whose de-identification, selection rules, window and preset apply; `nil` to transform every
  ///     frame.
  ///   - key: A key file for a pipeline that de-identifies; `nil` for a key that is thrown away.
  ///   - sources: Paths below the only input, which is a folder, that are read; `nil` for all.
  /// - Throws: ``BatchError/configuration(_:)`` that names the choices, for a window, preset or size that does not exist,
  ///   and for a window beside a preset that has its own; or `DefinitionError` for a mistake in the pipeline.
  package init(
    inputs: InputPaths, output: String, window: String?, preset: String?, size: Int, format: OutputFormat,
    contactSheets: Bool = false, threads: Int, pipeline path: String? = nil, key: String? = nil,
    decoder: FileDecoder, sources: Set<String>? = nil
  ) throws {
    let pipeline = try path.map {
      try Pipeline(loading: $0, windows: WindowCatalog(loading: ShippedData().windowing).windows)
    }
    let presetName = preset ?? pipeline?.preset.rawValue ?? Self.presetNames[0]
    guard let preset = ResizePreset(rawValue: presetName) else {
      throw BatchError.configuration(
        "there is no preset \(presetName); choose one of \(Self.presetNames.joined(separator: ", "))")
    }
    guard (1...PixelPipeline.largestSize).contains(size) else {
      throw BatchError.configuration("--size \(size): expected a number from 1 to \(PixelPipeline.largestSize)")
    }
    let windowChoice = try window.map(WindowChoice.init(named:)) ?? pipeline?.window ?? .automatic
    guard !preset.hasOwnWindows || windowChoice == .automatic else {
      throw BatchError.configuration(
        "the preset \(preset.rawValue) has windows of its own: leave --window out, or choose another preset")
    }
    self.inputs = inputs
    self.sources = sources
    self.output = output
    self.pipeline = PixelPipeline(window: windowChoice, preset: preset, size: size)
    self.windowName = window ?? pipeline.map { "pipeline \($0.id) \($0.version)" } ?? "automatic"
    self.selection = pipeline?.selection
    self.deidentification = pipeline?.deidentification
    self.key = try DeidentificationKey(path: key, for: pipeline, output: output)
    self.format = format
    self.wantsContactSheets = contactSheets
    self.threads = threads
    self.decoder = decoder
  }

  /// Whether inputs are de-identified with a key that is thrown away.
  package var usesOneTimeKey: Bool { deidentification != nil && key == nil }

  /// How the pictures are made, for people.
  var pictureDescription: String {
    pipeline.preset == .ownSize ? "own size" : "\(pipeline.preset.rawValue), \(pipeline.size) px"
  }
}

extension WindowChoice {
  /// A built-in choice, a window of the instance, or a window of the shipped `Windowing/`.
  init(named name: String) throws {
    // The catalog is not needed, and need not be found, for what is built in.
    if let choice = Self(spelling: name, windows: []) {
      self = choice
      return
    }
    let catalog = try WindowCatalog(loading: ShippedData().windowing)
    guard let choice = Self(spelling: name, windows: catalog.windows) else {
      let names =
        Self.builtInNames + ["file:NUMBER", "file:EXPLANATION", "file:lut:NUMBER"] + catalog.windows.map(\.name)
      throw BatchError.configuration("there is no window \(name); choose one of \(names.joined(separator: ", "))")
    }
    self = choice
  }
}
