package import CacheStorage
internal import DICOMCore
package import DICOMFiles
internal import Findings
internal import Foundation
internal import Learning
internal import PipelineDefinitions
internal import PixelTransforms
internal import SigLIP
package import Tensors

/// Compares a precision with 32-bit floats on a user's own weights and images.
package struct ModelVerification: Sendable {
  /// Below this many images a rank correlation says little.
  package static let minimumImages = 50

  private let inputs: InputPaths
  private let limit: Int
  private let threads: Int
  private let decoder: FileDecoder
  private let reference: TriageConfiguration
  private let candidate: TriageConfiguration
  private let cache: CacheFolder

  /// Loads the model twice; every file of the checkpoint and of its packed layers is read and checked.
  ///
  /// - Parameters:
  ///   - pipeline: Selects the images, prepares them and names the findings; `nil` for the one that fits the model.
  ///   - limit: How many images are compared at most, spread evenly over those there are.
  ///   - cache: Keeps the verdict.
  package init(
    inputs: InputPaths, model: String?, precision: Precision, pipeline: String?, limit: Int, threads: Int,
    decoder: FileDecoder, cache: CacheFolder
  ) throws {
    self.inputs = inputs
    self.limit = limit
    self.threads = threads
    self.decoder = decoder
    self.cache = cache
    func configuration(_ precision: Precision, rereading: Bool) throws -> TriageConfiguration {
      try TriageSetup(
        model: model, pipeline: pipeline,
        loading: ModelLoading(unverified: precision, cache: cache, rereading: rereading)
      ).configuration
    }
    candidate = try configuration(precision, rereading: true)
    reference = try configuration(.fp32, rereading: false)
  }

  /// Embeds the images twice and stores the verdict.
  ///
  /// - Throws: ``BatchError/tooFewImages(found:needed:)``, and what reading and embedding throw.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> PrecisionVerdict {
    let survey = try await InputSurvey(inputs, excluding: [], threads: threads, decoder: decoder, progress: progress)
    let plan = TriagePlan(survey.studies, rules: reference.pipeline.selection, decoder: decoder)
    let tasks = Self.spread(plan.tasks, limit)
    let pixels = reference.pixelPipeline
    let series = try await SeriesMeasurement.percentiles(
      of: plan.series(needing: pixels, decoder: decoder), pixels: pixels, threads: threads, decoder: decoder,
      progress: progress)
    let frames = FrameLoader(capacity: threads, decoder: decoder)
    let tally = EncodingTally()
    let encoders = [reference, candidate].map {
      ImageEncoder($0.model, cache: $0.embeddings, threads: threads, count: 2 * tasks.count, tally: tally)
    }
    var embeddings: [[[Float]]] = []
    try await forEachConcurrently(
      tasks, width: threads,
      transform: { task -> [[Float]]? in
        let input = try? frames.encoderInput(
          path: task.path, frame: (task.frame ?? 1) - 1, pipeline: pixels, series: series[task.series])
        guard let input else { return nil }
        let pair = encoders.compactMap { try? $0.embedding(of: input) }
        return pair.count == 2 ? pair : nil
      },
      consume: { index, pair in
        if let pair { embeddings.append(pair) }
        progress(BatchProgress(phase: .images, done: index + 1, total: tasks.count))
      })
    guard embeddings.count >= Self.minimumImages else {
      throw BatchError.tooFewImages(found: embeddings.count, needed: Self.minimumImages)
    }
    let verdict = try await verdict(on: embeddings, tally, progress)
    try PrecisionVerdicts(cache).store(verdict, of: candidate.model.identity)
    reference.embeddings?.trim()
    return verdict
  }

  /// `limit` of the elements, evenly spread.
  private static func spread<Element>(_ elements: [Element], _ limit: Int) -> [Element] {
    guard elements.count > limit else { return elements }
    return (0..<limit).map { elements[$0 * elements.count / limit] }
  }

  private func verdict(
    on embeddings: [[[Float]]], _ tally: EncodingTally, _ progress: ProgressReceiver
  ) async throws -> PrecisionVerdict {
    var scores: [[[FindingScores]]] = []
    for (index, configuration) in [reference, candidate].enumerated() {
      let scorer = try await PromptEmbedding.scorer(
        for: configuration, threads: threads, tally: tally, progress: progress)
      configuration.model.releaseText()
      scores.append(try embeddings.map { try scorer.scores(for: $0[index]) })
    }
    let pipeline = candidate.pipeline
    return PrecisionVerdict(
      of: candidate.model, pipeline: pipeline.id,
      cosines: embeddings.map { pair in zip(pair[0], pair[1]).reduce(0) { $0 + Double($1.0) * Double($1.1) } },
      findings: pipeline.labelSet.findings.enumerated().map { place, finding in
        Self.comparison(finding, scores[0].map { $0[place] }, scores[1].map { $0[place] })
      }, date: Date().formatted(.iso8601))
  }

  private static func comparison(
    _ finding: LabelSet.Label, _ reference: [FindingScores], _ candidate: [FindingScores]
  ) -> PrecisionVerdict.Finding {
    let threshold = finding.threshold
    let first = reference.compactMap { $0.value(of: threshold.on) }
    let second = candidate.compactMap { $0.value(of: threshold.on) }
    let shifts = zip(first, second).map { abs($0 - $1) }.sorted()
    return PrecisionVerdict.Finding(
      label: finding.name, rankCorrelation: Spearman.correlation(first, second), largestShift: shifts.last ?? 0,
      medianShift: shifts.isEmpty ? 0 : shifts[shifts.count / 2],
      changedFlags: zip(first, second).count { ($0 >= threshold.value) != ($1 >= threshold.value) })
  }
}
