/// VOI LUT Function (0028,1056), PS3.3 C.11.2.1.2.
package enum VOILUTFunction: String, Sendable, CaseIterable {
  case linear = "LINEAR"
  case linearExact = "LINEAR_EXACT"
  case sigmoid = "SIGMOID"
}

/// One VOI window: center, width and function, in Modality LUT output units.
package struct VOIWindow: Sendable, Equatable {
  package let center: Double
  package let width: Double
  package let function: VOILUTFunction

  package init(center: Double, width: Double, function: VOILUTFunction = .linear) {
    self.center = center
    self.width = width
    self.function = function
  }
}

/// What `Windowing/` gives a name: a window, one window for each of the three channels, or two percentiles.
package struct NamedWindow: Sendable, Equatable {
  package enum Values: Sendable, Equatable {
    /// One window for a grey image in three equal channels, or three for red, green and blue.
    case windows([VOIWindow])
    case percentiles(PercentileRange)
  }

  /// The name used on the command line and in pipelines, such as `ct-soft-tissue`.
  package let name: String
  /// The modalities it may be applied to, as Modality (0008,0060) spells them.
  package let modalities: [String]
  /// The unit that center and width are in, as Rescale Type (0028,1054) or Units (0054,1001) spells it: `HU`, `GML`, ….
  package let unit: String
  package let values: Values
  /// Where the values come from: author, title, year.
  package let source: String

  /// The unit of values that have none; nothing is checked then.
  package static let unspecifiedUnit = "US"

  package init(name: String, modalities: [String], unit: String, values: Values, source: String) {
    self.name = name
    self.modalities = modalities
    self.unit = unit
    self.values = values
    self.source = source
  }

  package init(name: String, modalities: [String], unit: String, channels: [VOIWindow], source: String) {
    self.init(name: name, modalities: modalities, unit: unit, values: .windows(channels), source: source)
  }

  /// The windows of the channels; none for percentiles.
  package var channels: [VOIWindow] {
    if case .windows(let channels) = values { channels } else { [] }
  }
}
