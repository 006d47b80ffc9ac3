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

/// A window, or one window for each of the three channels, that `Windowing/` gives a name.
package struct NamedWindow: Sendable, Equatable {
  /// The name used on the command line and in pipelines, such as `ct-soft-tissue`.
  package let name: String
  /// The modalities it may be applied to, as Modality (0008,0060) spells them.
  package let modalities: [String]
  /// The unit that center and width are in, as Rescale Type (0028,1054) spells it: `HU`, `US` (unspecified), ….
  package let unit: String
  /// One window for a grey image in three equal channels, or three for red, green and blue.
  package let channels: [VOIWindow]
  /// Where the values come from: author, title, year.
  package let source: String

  package init(name: String, modalities: [String], unit: String, channels: [VOIWindow], source: String) {
    self.name = name
    self.modalities = modalities
    self.unit = unit
    self.channels = channels
    self.source = source
  }
}
