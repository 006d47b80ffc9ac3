internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PixelTransforms
internal import SigLIP

/// One frame that a pipeline uses: what to open and which frame of it.
struct ImageTask: Sendable {
  /// Index of the study in the run, for collecting its results.
  let study: Int
  let path: String
  let series: UID
  let instance: UID
  /// From 1; `nil` for a single-frame instance.
  let frame: Int?

  var reference: ImageReference { ImageReference(sopInstanceUID: instance, frame: frame) }
}

/// What became of one frame.
struct ImageOutcome: Sendable {
  enum Result: Sendable {
    case scored([FindingScores])
    /// Decoded or not, no score came of it.
    case refused(ImageExclusion, detail: String)
  }

  let task: ImageTask
  let result: Result
  /// Present once the frame was decoded and transformed.
  let pixelDigest: ContentDigest?
  let tensorDigest: ContentDigest?
  let steps: [ProcessingStep]
  /// What the encoder was given, as a PNG; `nil` where none is kept or there was nothing to give.
  var picture: [UInt8]?
  /// Present where a score may have to be explained.
  var explanation: ImageExplanation?
}

/// Decodes, transforms, embeds and scores frames; a value that may be used on several tasks at once.
struct ImageScoring: Sendable {
  let frames: FrameLoader
  let pixels: PixelPipeline
  let encoder: ImageEncoder
  let scorer: ZeroShotScorer
  /// `nil` where nothing is explained.
  let heatmaps: HeatmapPlan?
  /// Of the series whose windows need them.
  let series: [UID: SeriesPercentiles]
  /// Whether a picture of each encoder input is made.
  var keepsPictures = false

  /// Never throws: whatever goes wrong with one image is that image's outcome.
  func outcome(of task: ImageTask) -> ImageOutcome {
    let input: EncoderInput
    do {
      input = try frames.encoderInput(
        path: task.path, frame: (task.frame ?? 1) - 1, pipeline: pixels, series: series[task.series])
    } catch {
      encoder.skip()
      return ImageOutcome(
        task: task, result: .refused(error.exclusion, detail: error.description), pixelDigest: nil, tensorDigest: nil,
        steps: [])
    }
    let (result, maps) = score(input)
    let picture = keepsPictures || !maps.isEmpty ? PNGImage(encoderInput: input.tensor) : nil
    return ImageOutcome(
      task: task, result: result, pixelDigest: input.pixelDigest, tensorDigest: input.tensorDigest, steps: input.steps,
      picture: keepsPictures ? try? picture?.encoded() : nil,
      explanation: maps.isEmpty ? nil : picture.map { ImageExplanation(maps: maps, picture: ModelPicture($0)) })
  }

  /// The scores, and the maps of those that may have to be explained by index of the finding.
  private func score(_ input: EncoderInput) -> (ImageOutcome.Result, [Int: HeatmapGrid]) {
    do {
      guard let heatmaps else { return (.scored(try scorer.scores(for: encoder.embedding(of: input))), [:]) }
      let (embedding, maps) = try encoder.explained(input, by: heatmaps) { embedding in
        heatmaps.wanted(try scorer.scores(for: embedding))
      }
      return (.scored(try scorer.scores(for: embedding)), maps)
    } catch {
      return (.refused(.notScorable, detail: "\(error)"), [:])
    }
  }
}
