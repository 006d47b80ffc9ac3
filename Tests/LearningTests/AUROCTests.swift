import Learning
import Testing

struct AUROCTests {
  @Test("The textbook example of scikit-learn's roc_auc_score is 0.75")
  func textbookExample() throws {
    let area = try #require(AUROC(scores: [0.1, 0.4, 0.35, 0.8], truth: [false, false, true, true]))
    #expect(area.value == 0.75)
    #expect(area.positives == 2)
    #expect(area.negatives == 2)
  }

  @Test(
    "Separated, reversed, tied and mixed scores have known areas",
    arguments: [
      ([1.0, 2, 3, 4], [false, false, true, true], 1.0),
      ([4.0, 3, 2, 1], [false, false, true, true], 0.0),
      ([5.0, 5, 5, 5], [false, true, false, true], 0.5),
      // Pairs (positive, negative): 2>1, 2=2, 3>1, 3>2, that is 3.5 of 4.
      ([1.0, 2, 2, 3], [false, false, true, true], 0.875),
      ([-Double.infinity, 0, .infinity], [false, true, true], 1.0),
    ])
  func knownAreas(scores: [Double], truth: [Bool], expected: Double) throws {
    #expect(try #require(AUROC(scores: scores, truth: truth)).value == expected)
  }

  @Test("The area equals the share of won comparisons, counted one by one")
  func agreesWithCounting() throws {
    var state: UInt64 = 42
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for _ in 0..<30 {
      let count = Int(next(40)) + 10
      let truth = (0..<count).map { _ in next(3) == 0 }
      // Few distinct values, so that there are many ties.
      let scores = (0..<count).map { _ in Double(next(8)) / 3 }
      guard let area = AUROC(scores: scores, truth: truth) else { continue }
      #expect(abs(area.value - Self.counted(scores, truth)) < 1e-12)
    }
  }

  @Test("DeLong's variance equals the placement variances, computed the slow way")
  func variance() throws {
    let scores = [0.2, 0.5, 0.5, 0.9, 0.1, 0.4, 0.5, 0.3]
    let truth = [true, true, true, true, false, false, false, false]
    let area = try #require(AUROC(scores: scores, truth: truth))
    let (positives, negatives) = (Array(scores[..<4]), Array(scores[4...]))
    func won(_ p: Double, _ n: Double) -> Double { p > n ? 1 : p == n ? 0.5 : 0 }
    func variance(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count - 1)
    }
    let byPositive = positives.map { p in negatives.map { won(p, $0) }.reduce(0, +) / 4 }
    let byNegative = negatives.map { n in positives.map { won($0, n) }.reduce(0, +) / 4 }
    let expected = variance(byPositive) / 4 + variance(byNegative) / 4
    #expect(abs(try #require(area.variance) - expected) < 1e-12)
    let interval = try #require(area.confidenceInterval)
    #expect(interval.contains(area.value))
    #expect(interval.upperBound <= 1)
  }

  @Test("Unusable input has no area")
  func unusableInput() {
    #expect(AUROC(scores: [1, 2], truth: [true, true]) == nil)
    #expect(AUROC(scores: [1, 2], truth: [false, false]) == nil)
    #expect(AUROC(scores: [], truth: []) == nil)
    #expect(AUROC(scores: [1, 2, 3], truth: [true, false]) == nil)
    #expect(AUROC(scores: [1, .nan], truth: [true, false]) == nil)
  }

  @Test("A single case of one kind has an area and no variance")
  func singleCase() throws {
    let area = try #require(AUROC(scores: [3, 1, 2], truth: [true, false, false]))
    #expect(area.value == 1)
    #expect(area.variance == nil)
    #expect(area.confidenceInterval == nil)
  }

  @Test("Tied values share the mean of their ranks")
  func midranks() {
    #expect(Midranks.of([10, 20, 20, 5, 20]) == [2, 4, 4, 1, 4])
    #expect(Midranks.of([]) == [])
  }

  private static func counted(_ scores: [Double], _ truth: [Bool]) -> Double {
    var (won, pairs) = (0.0, 0.0)
    for i in scores.indices where truth[i] {
      for j in scores.indices where !truth[j] {
        pairs += 1
        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
      }
    }
    return won / pairs
  }
}
