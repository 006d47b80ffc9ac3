/// How alike two scores rank the same cases: the correlation of their midranks (Spearman 1904), so that ties count half.
package enum Spearman {
  /// -1...1, where 1 is the same order; `nil` for fewer than two cases, lists of different length, NaN, or a score that is
  /// the same for all cases while the other is not.
  package static func correlation(_ first: [Double], _ second: [Double]) -> Double? {
    guard first.count == second.count, first.count > 1, !(first + second).contains(where: \.isNaN) else { return nil }
    let (left, right) = (Midranks.of(first), Midranks.of(second))
    let middle = Double(first.count + 1) / 2
    var (covariance, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) {
      covariance += (x - middle) * (y - middle)
      leftSquares += (x - middle) * (x - middle)
      rightSquares += (y - middle) * (y - middle)
    }
    // Nothing is ranked by either.
    if leftSquares == 0 && rightSquares == 0 { return 1 }
    guard leftSquares > 0, rightSquares > 0 else { return nil }
    return covariance / (leftSquares * rightSquares).squareRoot()
  }
}
