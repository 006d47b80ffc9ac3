/// Which VOI transformation a grey frame gets. Colour frames get none (PS3.3 C.11.2.1.2: grayscale only).
package enum WindowChoice: Sendable, Equatable {
  /// What the encoder was trained on: ``NamedWindow/ctMedSigLIP`` for CT in Hounsfield units, otherwise as ``file``.
  case automatic
  /// The instance's own VOI LUT Sequence, else its first window, else ``minMax``.
  case file
  /// A window from `Windowing/`, for the modalities it names.
  case named(NamedWindow)
  /// From the smallest to the greatest modality value of the frame, padding left out.
  case minMax
}
