/// Which VOI transformation a grey frame gets. Colour frames get none (PS3.3 C.11.2.1.2: grayscale only).
package indirect enum WindowChoice: Sendable, Equatable {
  /// What the encoder was trained on, or what fits the modality: ``NamedWindow/ctMedSigLIP`` for CT in Hounsfield units,
  /// otherwise the instance's own as ``file`` has it, and for MR without one ``PercentileRange/series``.
  case automatic
  /// The instance's own VOI LUT Sequence, else its first window, else ``minMax``.
  case file
  /// One particular window or VOI LUT of the instance; an instance without it is an error.
  case fileWindow(FileWindow)
  /// A window from `Windowing/`, for the modalities it names.
  case named(NamedWindow)
  /// From the smallest to the greatest modality value of the frame, padding left out.
  case minMax
  /// From one percentile of the modality values to another, of the frame or of its whole series, padding left out.
  case percentiles(PercentileRange)
  /// A choice of its own for each modality named, ``automatic`` for the others; see ``init(byModality:)``.
  case byModality([ModalityWindow])

  /// A choice for one value of Modality (0008,0060).
  package struct ModalityWindow: Sendable, Equatable {
    package let modality: String
    package let choice: WindowChoice
  }

  /// A choice for each modality, in an order that does not depend on how the dictionary was made.
  package init(byModality choices: [String: WindowChoice]) {
    self = .byModality(choices.sorted { $0.key < $1.key }.map { ModalityWindow(modality: $0.key, choice: $0.value) })
  }

  /// The choice for an image of `modality`; never ``byModality(_:)``.
  package func resolved(for modality: String?) -> WindowChoice {
    guard case .byModality(let choices) = self else { return self }
    return choices.first { $0.modality == modality }?.choice.resolved(for: modality) ?? .automatic
  }
}

/// One of several windows or VOI LUTs that an instance carries (PS3.3 C.11.2).
package enum FileWindow: Sendable, Equatable {
  /// A value of Window Center and Window Width, from 1.
  case window(Int)
  /// An item of VOI LUT Sequence, from 1.
  case lookup(Int)
  /// LUT Explanation (0028,3003) or Window Center & Width Explanation (0028,1055), compared without case and with runs of
  /// white space as one; VOI LUTs before windows, the first match counts.
  case explanation(String)

  /// As it is written on a command line: `file:2`, `file:lut:1`, `file:LUNG`.
  package var spelling: String {
    switch self {
    case .window(let number): "file:\(number)"
    case .lookup(let number): "file:lut:\(number)"
    case .explanation(let text): "file:\(text)"
    }
  }

  /// Reads ``spelling``; `nil` for a number below 1, an empty text or one that does not start with `file:`.
  package init?(spelling: String) {
    guard spelling.hasPrefix("file:") else { return nil }
    let text = spelling.dropFirst(5)
    if let number = Int(text) {
      guard number > 0 else { return nil }
      self = .window(number)
    } else if text.hasPrefix("lut:"), let number = Int(text.dropFirst(4)) {
      guard number > 0 else { return nil }
      self = .lookup(number)
    } else {
      guard !Self.comparable(String(text)).isEmpty else { return nil }
      self = .explanation(String(text))
    }
  }

  /// Explanations are LO, at most 64 characters of free text; devices differ in case and spacing.
  static func comparable(_ text: String) -> String {
    text.uppercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// Two percentiles of modality values, the window of images whose values have no unit.
package struct PercentileRange: Sendable, Equatable {
  /// Whose values are counted.
  package enum Scope: String, Sendable, CaseIterable {
    /// All frames of the series: one window for the whole volume, as a reader sees it.
    case series
    case frame
  }

  /// `0...100`, below ``upper``.
  package let lower: Double
  /// `0...100`.
  package let upper: Double
  package let scope: Scope

  package init(lower: Double, upper: Double, scope: Scope) {
    self.lower = lower
    self.upper = upper
    self.scope = scope
  }

  /// Half a percent cut off at either end: MR as in MedSAM (Ma et al., Nat Commun 2024;15:654).
  package static let series = PercentileRange(lower: 0.5, upper: 99.5, scope: .series)
}
