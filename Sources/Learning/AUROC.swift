/// The area under the ROC curve of a score, with the variance of DeLong, DeLong and Clarke-Pearson (1988).
///
/// The area is the chance that a positive case scores above a negative one, ties counting half. It is computed from
/// midranks (Sun and Xu, 2014), in O(n log n).
package struct AUROC: Sendable, Equatable {
  /// 0...1; 0.5 for a score that says nothing.
  package let value: Double
  /// Of `value`, by DeLong; `nil` with a single positive or a single negative case.
  package let variance: Double?
  package let positives: Int
  package let negatives: Int

  /// Fails when the two differ in length, a score is NaN, or one of the two kinds of case is missing.
  ///
  /// - Parameters:
  ///   - scores: Higher means more likely positive.
  ///   - truth: Whether each case is positive.
  package init?(scores: [Double], truth: [Bool]) {
    guard scores.count == truth.count, !scores.contains(where: \.isNaN) else { return nil }
    let positive = scores.indices.filter { truth[$0] }
    let negative = scores.indices.filter { !truth[$0] }
    guard !positive.isEmpty, !negative.isEmpty else { return nil }
    let (m, n) = (Double(positive.count), Double(negative.count))

    let ranks = Midranks.of(scores)
    let ranksAmongPositives = Midranks.of(positive.map { scores[$0] })
    let ranksAmongNegatives = Midranks.of(negative.map { scores[$0] })
    // The share of negatives below each positive case, and of positives above each negative case.
    let below = zip(positive, ranksAmongPositives).map { (ranks[$0] - $1) / n }
    let above = zip(negative, ranksAmongNegatives).map { 1 - (ranks[$0] - $1) / m }
    value = below.reduce(0, +) / m
    positives = positive.count
    negatives = negative.count
    if positive.count > 1, negative.count > 1 {
      variance = Self.sampleVariance(below) / m + Self.sampleVariance(above) / n
    } else {
      variance = nil
    }
  }

  /// The 95 % confidence interval by the normal approximation, cut at 0 and 1; `nil` without a variance.
  package var confidenceInterval: ClosedRange<Double>? {
    guard let variance else { return nil }
    let reach = 1.959_963_984_540_054 * variance.squareRoot()
    return max(0, value - reach)...min(1, value + reach)
  }

  private static func sampleVariance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}

/// Ranks in which tied values share the mean of the places they take.
package enum Midranks {
  /// The midrank of each value, from 1, in the order of `values`, none of which is NaN.
  package static func of(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = Array(repeating: 0.0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
