package import DICOMFiles
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
  let wantsContactSheets: Bool
  let threads: Int
  let decoder: FileDecoder

  /// The names of the resize presets, the default first.
  package static let presetNames = ResizePreset.allCases.map(\.rawValue)

  /// - Throws: ``BatchError/configuration(_:)`` that names the choices, for a window, preset or size that does not exist.
  package init(
    inputs: [String], output: String, window: String, preset: String, size: Int, format: OutputFormat,
    contactSheets: Bool = false, threads: Int, decoder: FileDecoder
  ) throws {
    guard let preset = ResizePreset(rawValue: preset) else {
      throw BatchError.configuration(
        "there is no preset \(preset); choose one of \(Self.presetNames.joined(separator: ", "))")
    }
    guard (1...PixelPipeline.largestSize).contains(size) else {
      throw BatchError.configuration("--size \(size): expected a number from 1 to \(PixelPipeline.largestSize)")
    }
    self.inputs = inputs
    self.output = output
    self.pipeline = PixelPipeline(window: try WindowChoice(named: window), preset: preset, size: size)
    self.windowName = window
    self.format = format
    self.wantsContactSheets = contactSheets
    self.threads = threads
    self.decoder = decoder
  }

  /// How the pictures are made, for people.
  var pictureDescription: String {
    pipeline.preset == .ownSize ? "own size" : "\(pipeline.preset.rawValue), \(pipeline.size) px"
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
