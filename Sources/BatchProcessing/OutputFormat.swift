/// What `bucky preprocess` writes for each frame.
package enum OutputFormat: String, Sendable, CaseIterable {
  case png, safetensors, both

  var writesPNG: Bool { self != .safetensors }
  var writesTensors: Bool { self != .png }
}
