/// A direction in embedding space: finite, of length 1, in double precision.
struct UnitVector: Sendable, Equatable {
  let components: [Double]

  /// Scales `components` to length 1.
  init(_ components: [Double]) throws(FindingsError) {
    guard components.allSatisfy(\.isFinite) else { throw .nonFiniteEmbedding }
    // Scaled by the largest component first, so that the squares neither overflow nor vanish.
    let largest = components.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { throw .zeroEmbedding }
    let scaled = components.map { $0 / largest }
    let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    self.components = scaled.map { $0 / length }
  }

  /// The cosine of the angle to `other`, in -1...1.
  func cosine(to other: UnitVector) -> Double {
    let dot = zip(components, other.components).reduce(0) { $0 + $1.0 * $1.1 }
    return min(1, max(-1, dot))
  }
}

/// One prompt embedding for each side of each finding, averaged over its prompt list.
///
/// Each prompt embedding is normalised, the normalised embeddings are averaged, and the average is normalised again.
/// The evaluation of MedSigLIP averages the prompt embeddings of a class too, but does not say whether before or after
/// normalising; this order gives every prompt the same weight.
package struct PromptEnsemble: Sendable {
  /// What `triage_report.schema.json` calls this way of combining prompts.
  package static let name = "mean-embedding"

  let present: [UnitVector]
  let absent: [UnitVector?]

  /// The length of the embeddings.
  package let dimension: Int

  /// Averages the prompts of every finding of `labelSet`.
  ///
  /// - Parameters:
  ///   - labelSet: At least one finding, each with at least one present prompt.
  ///   - embeddings: An embedding for each of `labelSet.prompts`, all of one length, normalised or not.
  /// - Throws: A prompt without embedding, or one that is not finite, zero or of another length.
  package init(_ labelSet: LabelSet, embeddings: [String: [Float]]) throws(FindingsError) {
    var dimension: Int?
    func average(_ prompts: [String]) throws(FindingsError) -> UnitVector {
      var sum: [Double] = []
      for prompt in prompts {
        guard let embedding = embeddings[prompt] else { throw .promptNotEmbedded(prompt: prompt) }
        let expected = dimension ?? embedding.count
        guard embedding.count == expected else { throw .dimension(expected: expected, found: embedding.count) }
        dimension = expected
        let unit = try UnitVector(embedding.map(Double.init))
        sum = sum.isEmpty ? unit.components : zip(sum, unit.components).map { $0 + $1 }
      }
      return try UnitVector(sum)
    }
    var (present, absent): ([UnitVector], [UnitVector?]) = ([], [])
    for label in labelSet.findings {
      guard !label.present.isEmpty else { throw .noPresentPrompt(finding: label.name) }
      present.append(try average(label.present))
      absent.append(label.absent.isEmpty ? nil : try average(label.absent))
    }
    guard let dimension else { throw .nothingToScore }
    (self.present, self.absent, self.dimension) = (present, absent, dimension)
  }

  /// Embeds every prompt of `labelSet` once, in sorted order, and averages.
  ///
  /// `embed` is the text tower; what it throws is passed on.
  package init(_ labelSet: LabelSet, embed: (String) throws -> [Float]) throws {
    var embeddings: [String: [Float]] = [:]
    for prompt in labelSet.prompts { embeddings[prompt] = try embed(prompt) }
    try self.init(labelSet, embeddings: embeddings)
  }
}
