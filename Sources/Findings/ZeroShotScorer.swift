/// Scores image embeddings against the prompts of a label set, in double precision.
package struct ZeroShotScorer: Sendable {
  package let labelSet: LabelSet
  /// After `exp()`: what a cosine is multiplied by.
  package let logitScale: Double
  package let logitBias: Double
  let prompts: PromptEnsemble

  /// - Parameters:
  ///   - labelSet: The findings to score.
  ///   - prompts: The ensemble made from this very `labelSet`.
  ///   - logitScale: After `exp()`, positive and finite.
  ///   - logitBias: Finite.
  /// - Throws: Logit parameters out of range, or prompts of another label set.
  package init(
    labelSet: LabelSet, prompts: PromptEnsemble, logitScale: Double, logitBias: Double
  ) throws(FindingsError) {
    guard logitScale.isFinite, logitScale > 0, logitBias.isFinite else { throw .logitParameters }
    guard prompts.present.count == labelSet.findings.count else {
      throw .scoreCount(expected: labelSet.findings.count, found: prompts.present.count)
    }
    self.labelSet = labelSet
    self.prompts = prompts
    self.logitScale = logitScale
    self.logitBias = logitBias
  }

  /// The scores of one image, one a finding in the order of the label set.
  ///
  /// The softmax is over the logits of the two averaged embeddings of a finding. The bias cancels, so that it equals
  /// `logistic(logitScale × (cosine to present - cosine to absent))`.
  ///
  /// - Parameter imageEmbedding: As long as the prompt embeddings, normalised or not.
  /// - Returns: As many scores as there are findings.
  /// - Throws: An embedding of another length, with NaN or infinity, or zero. Such an image is never scored; its study
  ///   ends in "no assist" when no other image is left.
  package func scores(for imageEmbedding: [Float]) throws(FindingsError) -> [FindingScores] {
    guard imageEmbedding.count == prompts.dimension else {
      throw .dimension(expected: prompts.dimension, found: imageEmbedding.count)
    }
    let image = try UnitVector(imageEmbedding.map(Double.init))
    return zip(prompts.present, prompts.absent).map { present, absent in
      let cosine = image.cosine(to: present)
      let logit = logitScale * cosine + logitBias
      let softmax = absent.map { logistic(logitScale * (cosine - image.cosine(to: $0))) }
      return FindingScores(cosine: cosine, logit: logit, sigmoid: logistic(logit), softmax: softmax)
    }
  }
}
