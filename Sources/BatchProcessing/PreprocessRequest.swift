internal import PipelineDefinitions
internal import PixelTransforms

/// What `bucky preprocess` was asked for, checked.
package struct PreprocessRequest: Sendable {
  let inputs: [String]
  let output: String
  let pipeline: PixelPipeline
  /// As it was named: recorded in the tensor file.
  let windowName: String
  let format: OutputFormat
  let threads: Int

  /// The names of the resize presets, the default first.
  package static let presetNames = ResizePreset.allCases.map(\.rawValue)

  /// - Throws: ``BatchError/configuration(_:)`` that names the choices, for a window, preset or size that does not exist,
  ///   and for a window beside a preset that has its own.
  package init(
    inputs: [String], output: String, window: String, preset: String, size: Int, format: OutputFormat, threads: Int
  ) throws {
    guard let preset = ResizePreset(rawValue: preset) else {
      throw BatchError.configuration(
        "there is no preset \(preset); choose one of \(Self.presetNames.joined(separator: ", "))")
    }
    guard (1...PixelPipeline.largestSize).contains(size) else {
      throw BatchError.configuration("--size \(size): expected a number from 1 to \(PixelPipeline.largestSize)")
    }
    let windowChoice = try WindowChoice(named: window)
    guard !preset.hasOwnWindows || windowChoice == .automatic else {
      throw BatchError.configuration(
        "the preset \(preset.rawValue) has windows of its own: leave --window out, or choose another preset")
    }
    self.inputs = inputs
    self.output = output
    self.pipeline = PixelPipeline(window: windowChoice, preset: preset, size: size)
    self.windowName = window
    self.format = format
    self.threads = threads
  }
}

extension WindowChoice {
  /// A built-in choice, or a window of the shipped `Windowing/`.
  init(named name: String) throws {
    switch name {
    case "automatic": self = .automatic
    case "file": self = .file
    case "min-max": self = .minMax
    default:
      let catalog = try WindowCatalog(loading: ShippedData().windowing)
      guard let window = catalog.window(named: name) else {
        let names = ["automatic", "file", "min-max"] + catalog.windows.map(\.name)
        throw BatchError.configuration("there is no window \(name); choose one of \(names.joined(separator: ", "))")
      }
      self = .named(window)
    }
  }
}
