internal import Foundation

/// Scores as people read them; report.json has them in full.
enum ScoreText {
  /// Three decimals, or two digits for small numbers.
  static func short(_ value: Double) -> String { text(value, decimals: 3) }

  /// Four decimals, or two digits for small numbers.
  static func long(_ value: Double) -> String { text(value, decimals: 4) }

  /// For sorting.
  static func exact(_ value: Double) -> String { "\(value)" }

  private static func text(_ value: Double, decimals: Int) -> String {
    abs(value) >= 0.001 || value == 0
      ? String(format: "%.\(decimals)f", value) : String(format: "%.1e", value)
  }
}
