internal import Foundation

/// The scores a threshold can be set on; raw values as in `triage_report.schema.json`.
package enum ScoreKind: String, Sendable, CaseIterable {
  case cosine, logit, sigmoid, softmax

  /// The values such a score can take; a threshold outside would flag everything or nothing.
  package var range: ClosedRange<Double> {
    switch self {
    case .cosine: -1...1
    case .logit: -1000...1000
    case .sigmoid, .softmax: 0...1
    }
  }
}

/// What the encoder says about one finding. None of these is a probability of disease.
package struct FindingScores: Sendable, Equatable {
  /// Cosine between the image and the averaged present prompt, in -1...1.
  package let cosine: Double
  /// `exp(logit_scale) × cosine + logit_bias`.
  package let logit: Double
  /// The logistic function of `logit`, uncalibrated, in 0...1.
  package let sigmoid: Double
  /// The share of present against absent, in 0...1; `nil` for a finding without absent prompts.
  package let softmax: Double?

  package init(cosine: Double, logit: Double, sigmoid: Double, softmax: Double?) {
    self.cosine = cosine
    self.logit = logit
    self.sigmoid = sigmoid
    self.softmax = softmax
  }

  /// The score of one kind; `nil` only for a softmax without absent prompts.
  package func value(of kind: ScoreKind) -> Double? {
    switch kind {
    case .cosine: cosine
    case .logit: logit
    case .sigmoid: sigmoid
    case .softmax: softmax
    }
  }
}

/// `1 / (1 + e^-x)` without overflow for any finite `x`.
func logistic(_ x: Double) -> Double {
  guard x < 0 else { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}
