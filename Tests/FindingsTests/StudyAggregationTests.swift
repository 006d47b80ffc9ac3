import DICOMCore
import Findings
import Testing

struct StudyAggregationTests {
  private let set = labelSet([label("finding")])

  private func finding(
    _ aggregation: StudyAggregation, _ values: [Double], label: LabelSet.Label? = nil
  ) throws -> StudyFinding {
    let images = try values.enumerated().map { ImageScores(image: try image($0.offset), scores: [scores($0.element)]) }
    let set = labelSet([label ?? set.findings[0]])
    return try #require(try aggregation.findings(of: set, images: images).first)
  }

  @Test func `max takes all scores of the best image, which is the evidence`() throws {
    let result = try finding(.max, [0.2, 0.75, 0.5])
    #expect(result.scores == scores(0.75))
    #expect(result.evidence == [try image(1)])
  }

  @Test func `max looks at the score that the threshold is set on`() throws {
    let images = [
      ImageScores(
        image: try image(1), scores: [FindingScores(cosine: 0.9, logit: 9, sigmoid: 0.9, softmax: 0.1)]),
      ImageScores(
        image: try image(2), scores: [FindingScores(cosine: 0.1, logit: 1, sigmoid: 0.1, softmax: 0.9)]),
    ]
    for (kind, best) in [(ScoreKind.softmax, 2), (.cosine, 1), (.logit, 1), (.sigmoid, 1)] {
      let set = labelSet([label("finding", on: kind)])
      let result = try StudyAggregation.max.findings(of: set, images: images)
      #expect(result.first?.evidence == [try image(best)])
    }
  }

  @Test func `of equal images the first by identifier is the evidence`() throws {
    #expect(try finding(.max, [0.5, 0.5, 0.5]).evidence == [try image(0)])
  }

  @Test func `mean averages each score, and every image is evidence`() throws {
    let result = try finding(.mean, [0.25, 0.75, 0.5])
    #expect(result.scores == scores(0.5))
    #expect(result.evidence == [try image(1), try image(2), try image(0)])
  }

  @Test func `noisy-or combines what lies in 0...1 and leaves the rest to the best image`() throws {
    // 1 - (1 - 0.5)(1 - 0.5)(1 - 0.75) = 0.9375
    let result = try finding(.noisyOr, [0.5, 0.5, 0.75])
    #expect(result.scores == FindingScores(cosine: 0.75, logit: 7.5, sigmoid: 0.9375, softmax: 0.9375))
    #expect(result.evidence.count == 3)
  }

  @Test func `top-k-mean averages the k best images, or all when there are fewer`() throws {
    let two = try finding(.topKMean(k: 2), [0.25, 0.75, 0.5])
    #expect(two.scores == scores(0.625))
    #expect(two.evidence == [try image(1), try image(2)])
    #expect(try finding(.topKMean(k: 9), [0.25, 0.75, 0.5]).scores == scores(0.5))
  }

  @Test func `one image gives its own scores, whatever the aggregation`() throws {
    for aggregation in [StudyAggregation.max, .mean, .noisyOr, .topKMean(k: 3)] {
      #expect(try finding(aggregation, [0.25]).scores == scores(0.25))
    }
  }

  @Test func `the order of the images makes no difference, to the last bit`() throws {
    var generator = SeededGenerator(seed: 7)
    let images = try (0..<9).map {
      ImageScores(image: try image($0 / 2, frame: $0), scores: [scores(.random(in: 0...1, using: &generator))])
    }
    for aggregation in [StudyAggregation.max, .mean, .noisyOr, .topKMean(k: 4)] {
      let expected = try aggregation.findings(of: set, images: images)
      for _ in 0..<20 {
        #expect(try aggregation.findings(of: set, images: images.shuffled(using: &generator)) == expected)
      }
    }
  }

  @Test func `a score at the threshold is a flag, one below is not`() throws {
    let label = label("finding", threshold: 0.5)
    #expect(try finding(.max, [0.5], label: label).flag == true)
    let below = 0.5 - 1e-15
    #expect(try finding(.max, [below], label: label).flag == false)
  }

  @Test func `exceedance is the share of the way from the threshold to the top`() throws {
    #expect(try finding(.max, [0.75], label: label("f", threshold: 0.5)).exceedance == 0.5)
    #expect(try finding(.max, [0.5], label: label("f", threshold: 0.5)).exceedance == 0)
    #expect(try finding(.max, [1], label: label("f", threshold: 1)).exceedance == 1)
    #expect(try finding(.max, [0.25], label: label("f", threshold: 0.5)).exceedance == nil)
    let logit = try finding(.max, [0.5], label: label("f", on: .logit, threshold: 5)).exceedance
    #expect(logit == 0)
  }

  @Test func `nothing to score and a wrong number of scores are errors`() throws {
    #expect(throws: FindingsError.nothingToScore) { try StudyAggregation.max.findings(of: set, images: []) }
    let bad = [ImageScores(image: try image(1), scores: [])]
    #expect(throws: FindingsError.scoreCount(expected: 1, found: 0)) {
      try StudyAggregation.max.findings(of: set, images: bad)
    }
  }
}
