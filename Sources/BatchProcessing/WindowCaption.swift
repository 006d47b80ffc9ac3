package import DICOMCore

/// What was done to the values of a frame, in short lines for people: where the window comes from, then its numbers.
package enum WindowCaption {
  /// - Parameter steps: The record of a frame.
  package static func lines(of steps: [ProcessingStep]) -> [String] {
    guard let voi = steps.first(where: { $0.step.hasPrefix("voi-") }) else { return ["colour, no window"] }
    let isInverted = steps.first { $0.step == "polarity" }?.params["inverted"] == true
    return [source(of: voi) + (isInverted ? ", inverted" : ""), numbers(of: voi)]
  }

  private static func numbers(of step: ProcessingStep) -> String {
    switch step.step {
    case "voi-window":
      let windows = (step.params["channels"]?.elements ?? []).map(window)
      return windows.count == 3 ? channels(windows) : windows.joined()
    case "voi-lut": return "VOI LUT, \(step.params["entries"]?.text ?? "?") entries"
    case "voi-container": return "rule \(step.params["rule"]?.text ?? "?")"
    default: return [step.params["min"], step.params["max"]].map { $0?.text ?? "?" }.joined(separator: " to ")
    }
  }

  private static func source(of step: ProcessingStep) -> String {
    switch step.params["source"]?.text {
    case "dicom"?: "file"
    case "named"?: step.params["name"]?.text ?? "named"
    case let source?: source
    case nil: step.step
    }
  }

  private static func window(_ channel: ParameterValue) -> String {
    guard case .object(let params) = channel else { return "?" }
    let function = params["function"]?.text.flatMap { $0 == "LINEAR" ? nil : $0 }
    let text = "C \(params["center"]?.text ?? "?")  W \(params["width"]?.text ?? "?")"
    return text + (function.map { "  " + $0 } ?? "")
  }

  /// Three windows share their function, and a tile is narrow: `R -100/2250  G 40/350  B 40/80`.
  private static func channels(_ windows: [String]) -> String {
    zip(["R", "G", "B"], windows).map { name, window in
      let words = window.split(separator: " ")
      return words.count >= 4 ? "\(name) \(words[1])/\(words[3])" : name
    }.joined(separator: "  ")
  }
}

extension ParameterValue {
  fileprivate var elements: [ParameterValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// A string as it is, a number with as many decimals as it needs, at most two.
  fileprivate var text: String? {
    switch self {
    case .string(let text): return text
    case .integer(let value): return "\(value)"
    case .number(let value):
      guard abs(value) < 1e9 else { return "\(value)" }
      let rounded = (value * 100).rounded() / 100
      return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    default: return nil
    }
  }
}
