internal import Findings
internal import PipelineDefinitions
internal import SigLIP

/// The prompt embeddings of a run's label set, made once.
enum PromptEmbedding {
  /// How many prompts go through the text tower together: some seconds of So400m, which is how long Ctrl-C waits.
  private static let batchSize = 16

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

  /// The embedding of the prompt of no words, where heatmaps need it.
  static func emptyPrompt(
    for configuration: TriageConfiguration, threads: Int, tally: EncodingTally
  ) async throws -> [Float]? {
    let pipeline = configuration.pipeline
    guard pipeline.reports.heatmaps.scope != .off, pipeline.labelSet.needsEmptyPrompt else { return nil }
    let prompt = LabelSet.emptyPrompt
    return try await embeddings(
      of: [prompt], model: configuration.model, cache: configuration.embeddings, threads: threads, tally: tally,
      progress: { _ in })[prompt]
  }

  /// The embedding of each of `prompts`, one thread a prompt, a batch after the other.
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
    let batches = stride(from: 0, to: total, by: batchSize).map { Array(missing[$0..<min($0 + batchSize, total)]) }
    var done = 0
    try await forEachConcurrently(
      batches, width: 1,
      transform: { batch in
        Swift.Result { try model.textEmbeddings(batch.map { try model.tokenizer.tokenize($0) }, threads: threads) }
      },
      consume: { index, result in
        for (prompt, embedding) in zip(batches[index], try result.get()) {
          cache?.store(embedding, ofPrompt: prompt)
          embeddings[prompt] = embedding
          tally.countPrompt(isNew: true)
        }
        done += batches[index].count
        progress(BatchProgress(phase: .prompts, done: done, total: total))
      })
    return embeddings
  }
}
