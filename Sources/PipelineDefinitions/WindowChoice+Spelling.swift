package import PixelTransforms

extension WindowChoice {
  /// The spellings that need no file, as command lines and pipelines write them.
  package static let builtInNames = ["automatic", "file", "min-max", "series-percentile"]

  /// What a window is called, for a message.
  package static let expected =
    "automatic, file, file:2, file:EXPLANATION, file:lut:1, min-max, series-percentile or a window that Windowing/ names"

  /// Reads `automatic`, `file`, `min-max`, `series-percentile`, the name of one of `windows`, or a window of the instance:
  /// `file:2` by number, `file:LUNG` by explanation, `file:lut:1` for an item of VOI LUT Sequence.
  ///
  /// - Returns: `nil` for anything else.
  package init?(spelling: String, windows: [NamedWindow]) {
    switch spelling {
    case "automatic": self = .automatic
    case "file": self = .file
    case "min-max": self = .minMax
    case "series-percentile": self = .percentiles(.series)
    default:
      if let window = FileWindow(spelling: spelling) {
        self = .fileWindow(window)
      } else if let window = windows.first(where: { $0.name == spelling }) {
        self = .named(window)
      } else {
        return nil
      }
    }
  }
}
