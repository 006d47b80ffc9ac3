import DICOMCore
import Findings
import Foundation
import Testing

struct ZeroShotScorerTests {
  /// Present (1,0) and (0,1), whose average points to 45 degrees; absent (-1,0), given unnormalised.
  private let embeddings: [String: [Float]] = ["right": [1, 0], "up": [0, 2], "left": [-5, 0]]

  private func scorer(scale: Double = 10, bias: Double = -2) throws -> ZeroShotScorer {
    let set = labelSet([label("finding", present: ["right", "up"], absent: ["left"])])
    let prompts = try PromptEnsemble(set, embeddings: embeddings)
    return try ZeroShotScorer(labelSet: set, prompts: prompts, logitScale: scale, logitBias: bias)
  }

  @Test func `the four scores are those computed by hand`() throws {
    // Image (3,4)/5. Present (1,1)/√2: cosine 7/(5√2) = 0.989949…; absent (-1,0): cosine -0.6.
    let result = try #require(try scorer().scores(for: [3, 4]).first)
    let cosine = 7 / (5 * 2.0.squareRoot())
    #expect(isClose(result.cosine, cosine))
    #expect(isClose(result.logit, 10 * cosine - 2))
    #expect(isClose(result.sigmoid, 1 / (1 + exp(-(10 * cosine - 2)))))
    // exp(scale × p) / (exp(scale × p) + exp(scale × a)), written out.
    #expect(isClose(result.softmax, exp(10 * cosine) / (exp(10 * cosine) + exp(-6))))
  }

  @Test func `each prompt has the same weight, whatever the length of its embedding`() throws {
    let set = labelSet([label("finding", present: ["right", "up"], absent: [], on: .cosine)])
    for factor: Float in [0.001, 1, 1000] {
      let prompts = try PromptEnsemble(set, embeddings: ["right": [factor, 0], "up": [0, 1]])
      let scorer = try ZeroShotScorer(labelSet: set, prompts: prompts, logitScale: 1, logitBias: 0)
      let cosine = try #require(try scorer.scores(for: [1, 0]).first?.cosine)
      #expect(isClose(cosine, 0.5.squareRoot()))
    }
  }

  @Test func `without absent prompts there is no softmax`() throws {
    let set = labelSet([label("finding", present: ["right"], absent: [], on: .cosine)])
    let prompts = try PromptEnsemble(set, embeddings: embeddings)
    let scorer = try ZeroShotScorer(labelSet: set, prompts: prompts, logitScale: 1, logitBias: 0)
    #expect(try scorer.scores(for: [1, 0]).first?.softmax == nil)
  }

  @Test func `extreme logits give scores at the end of the range, not NaN`() throws {
    let scorer = try scorer(scale: 1e6, bias: 0)
    let high = try #require(try scorer.scores(for: [1, 1]).first)
    let low = try #require(try scorer.scores(for: [-1, -1]).first)
    #expect(high.sigmoid == 1 && high.softmax == 1)
    #expect(low.sigmoid == 0)
    #expect(low.softmax == 0)
  }

  @Test func `the length of the image embedding makes no difference`() throws {
    let scorer = try scorer()
    let one = try #require(try scorer.scores(for: [0.6, 0.8]).first)
    for factor: Float in [1e-30, 2, 1e30] {
      let other = try #require(try scorer.scores(for: [0.6 * factor, 0.8 * factor]).first)
      #expect(isClose(other.cosine, one.cosine, within: 1e-6))
    }
  }

  @Test(arguments: [
    ([Float.nan, 0], FindingsError.nonFiniteEmbedding), ([Float.infinity, 0], .nonFiniteEmbedding),
    ([0, -Float.infinity], .nonFiniteEmbedding), ([0, 0], .zeroEmbedding), ([1], .dimension(expected: 2, found: 1)),
    ([], .dimension(expected: 2, found: 0)), ([1, 2, 3], .dimension(expected: 2, found: 3)),
  ])
  func `an unusable image embedding is an error, never a score`(embedding: [Float], error: FindingsError) throws {
    let scorer = try scorer()
    #expect(throws: error) { try scorer.scores(for: embedding) }
  }

  @Test(arguments: [(0.0, 0.0), (-1, 0), (.nan, 0), (.infinity, 0), (1, .nan), (1, .infinity)])
  func `logit parameters that make no sense are refused`(scale: Double, bias: Double) {
    #expect(throws: FindingsError.logitParameters) { try scorer(scale: scale, bias: bias) }
  }

  @Test func `prompts of another label set are refused`() throws {
    let two = labelSet([label("a", present: ["up"], absent: ["left"]), label("b", present: ["up"], absent: ["left"])])
    let prompts = try PromptEnsemble(labelSet([label("a", present: ["up"], absent: [])]), embeddings: embeddings)
    #expect(throws: FindingsError.scoreCount(expected: 2, found: 1)) {
      try ZeroShotScorer(labelSet: two, prompts: prompts, logitScale: 1, logitBias: 0)
    }
  }
}

struct PromptEnsembleTests {
  @Test func `each prompt is embedded once, in sorted order`() throws {
    let set = labelSet([
      label("a", present: ["b", "a"], absent: ["c"]), label("b", present: ["a"], absent: ["c", "d"]),
    ])
    var asked: [String] = []
    let prompts = try PromptEnsemble(set) { prompt in
      asked.append(prompt)
      return [1, 0, 0]
    }
    #expect(asked == ["a", "b", "c", "d"])
    #expect(prompts.dimension == 3)
  }

  @Test(arguments: [
    (["p": [Float.nan, 1], "n": [1, 0]], FindingsError.nonFiniteEmbedding),
    (["p": [0, 0], "n": [1, 0]], .zeroEmbedding),
    (["p": [1, 0], "n": [1, 0, 0]], .dimension(expected: 2, found: 3)),
    (["p": [1, 0]], .promptNotEmbedded(prompt: "n")),
  ])
  func `an unusable prompt embedding is an error`(embeddings: [String: [Float]], error: FindingsError) {
    let set = labelSet([label("a", present: ["p"], absent: ["n"])])
    #expect(throws: error) { try PromptEnsemble(set, embeddings: embeddings) }
  }

  @Test func `opposite prompts have no average direction`() {
    let set = labelSet([label("a", present: ["p", "n"], absent: [], on: .cosine)])
    #expect(throws: FindingsError.zeroEmbedding) { try PromptEnsemble(set, embeddings: ["p": [1, 0], "n": [-1, 0]]) }
  }

  @Test func `a finding without prompts and a set without findings are refused`() {
    #expect(throws: FindingsError.noPresentPrompt(finding: "a")) {
      try PromptEnsemble(labelSet([label("a", present: [])]), embeddings: [:])
    }
    #expect(throws: FindingsError.nothingToScore) { try PromptEnsemble(labelSet([]), embeddings: [:]) }
  }
}
