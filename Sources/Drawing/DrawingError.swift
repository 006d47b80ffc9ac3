/// Why something could not be drawn.
package enum DrawingError: Error, Sendable, Equatable {
  /// The font file cannot be used, in FreeType's words.
  case font(path: String, reason: String)
}

extension DrawingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .font(let path, let reason):
      "the font \(path) cannot be used: \(reason); Debian's package fonts-dejavu-core holds it"
    }
  }
}
