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
}

/// Decodes, transforms, embeds and scores frames; a value that may be used on several tasks at once.
struct ImageScoring: Sendable {
  let decoder: FileDecoder
  let pixels: PixelPipeline
  let model: SigLIPModel
  let scorer: ZeroShotScorer

  /// Never throws: whatever goes wrong with one image is that image's outcome.
  func outcome(of task: ImageTask) -> ImageOutcome {
    let input: EncoderInput
    do {
      input = try FrameLoader.encoderInput(
        path: task.path, frame: (task.frame ?? 1) - 1, pipeline: pixels, decoder: decoder)
    } catch {
      return ImageOutcome(
        task: task, result: .refused(error.exclusion, detail: error.description), pixelDigest: nil, tensorDigest: nil,
        steps: [])
    }
    return ImageOutcome(
      task: task, result: score(input), pixelDigest: input.pixelDigest, tensorDigest: input.tensorDigest,
      steps: input.steps)
  }

  private func score(_ input: EncoderInput) -> ImageOutcome.Result {
    do {
      let embedding = try model.imageEmbedding(input.tensor)
      return .scored(try scorer.scores(for: embedding))
    } catch {
      return .refused(.notScorable, detail: "\(error)")
    }
  }
}

/// Why a frame could not be made into an encoder input.
enum FrameLoadingError: Error {
  case file(DICOMFileError)
  case pixels(PixelTransformError)

  var exclusion: ImageExclusion {
    switch self {
    case .file(.unsupportedTransferSyntax): .unsupportedTransferSyntax
    case .file(.permissionDenied), .file(.unreadable), .file(.emptyFile), .file(.truncated): .unreadable
    case .file, .pixels: .decodeError
    }
  }

  /// The reason as logs give it.
  var reason: String {
    switch self {
    case .file(let error): error.refusalReason.rawValue
    case .pixels: RefusalReason.pixelTransformError.rawValue
    }
  }

  var description: String {
    switch self {
    case .file(let error): error.description
    case .pixels(let error): error.description
    }
  }
}

/// Opens an instance, decodes one frame and applies the pixel pipeline.
enum FrameLoader {
  /// - Parameter frame: From 0.
  static func encoderInput(
    path: String, frame: Int, pipeline: PixelPipeline, decoder: FileDecoder
  ) throws(FrameLoadingError) -> EncoderInput {
    let (stored, header) = try load(path: path, frame: frame, decoder: decoder)
    do {
      let input = try pipeline.encoderInput(frame: stored, attributes: header.dataSet, frameIndex: frame)
      return input.adding(transferSyntax: header.transferSyntax)
    } catch {
      throw .pixels(error)
    }
  }

  static func load(
    path: String, frame: Int, decoder: FileDecoder
  ) throws(FrameLoadingError) -> (StoredFrame, DICOMHeader) {
    do {
      var file = try decoder.open(path)
      return (try file.frame(frame), file.header)
    } catch {
      throw .file(error)
    }
  }
}
