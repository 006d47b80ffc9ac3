internal import Findings
internal import PipelineDefinitions
internal import SigLIP

/// The prompt embeddings of a run's label set, made once.
enum PromptEmbedding {
  /// Embeds the prompts of the label set that are not in the cache, and sets up the scores.
  static func scorer(
    for configuration: TriageConfiguration, threads: Int, tally: EncodingTally, progress: ProgressReceiver
  ) async throws -> ZeroShotScorer {
    let (labelSet, model) = (configuration.pipeline.labelSet, configuration.model)
    let embeddings = try await embeddings(
      of: labelSet.prompts, model: model, cache: configuration.embeddings, threads: threads, tally: tally,
      progress: progress)
    do {
      return try ZeroShotScorer(
        labelSet: labelSet, prompts: try PromptEnsemble(labelSet, embeddings: embeddings),
        logitScale: model.logitFactor, logitBias: Double(model.logitBias))
    } catch {
      throw BatchError.configuration("label set \(labelSet.id): \(error)")
    }
  }

  /// The embedding of each of `prompts`, one thread a prompt.
  static func embeddings(
    of prompts: [String], model: SigLIPModel, cache: EmbeddingCache?, threads: Int, tally: EncodingTally,
    progress: ProgressReceiver
  ) async throws -> [String: [Float]] {
    var embeddings: [String: [Float]] = [:]
    var missing: [String] = []
    for prompt in prompts where embeddings[prompt] == nil {
      if let known = cache?.prompt(prompt) {
        embeddings[prompt] = known
        tally.countPrompt(isNew: false)
      } else if !missing.contains(prompt) {
        missing.append(prompt)
      }
    }
    let total = missing.count
    try await forEachConcurrently(
      missing, width: threads, transform: { prompt in Swift.Result { try model.textEmbedding(prompt) } },
      consume: { index, result in
        let embedding = try result.get()
        cache?.store(embedding, ofPrompt: missing[index])
        embeddings[missing[index]] = embedding
        tally.countPrompt(isNew: true)
        progress(BatchProgress(phase: .prompts, done: index + 1, total: total))
      })
    return embeddings
  }
}
