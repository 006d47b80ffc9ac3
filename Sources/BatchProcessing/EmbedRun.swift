internal import DICOMCore
internal import DICOMFiles
internal import Foundation
internal import PixelTransforms
internal import SigLIP
internal import Tensors

/// Embeds images, prompts and ready-made tensors into one safetensors file.
package struct EmbedRun: Sendable {
  private let request: EmbedRequest

  package init(_ request: EmbedRequest) {
    self.request = request
  }

  /// Runs to the end; the file appears whole or not at all.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> PreprocessSummary {
    var counts = PreprocessSummary.Counts()
    let tally = EncodingTally()
    var images: [[Float]]?
    var sources: [ImageSource] = []
    if !request.images.arguments.isEmpty {
      images = try await embedImages(&sources, &counts, tally, progress)
    } else if request.tensors?["pixel_values"] != nil {
      let count = request.tensors?["pixel_values"]?.shape.first ?? 0
      let encoder = encoder(count: count, tally)
      images = try await embed(rowsOf: "pixel_values", progress) { file, row in
        try encoder.embedding(of: try file.row(row, of: "pixel_values"))
      }
    }
    var texts: [[Float]]?
    if !request.prompts.isEmpty {
      let known = try await PromptEmbedding.embeddings(
        of: request.prompts, model: request.model, cache: request.embeddings, threads: request.threads, tally: tally,
        progress: progress)
      texts = request.prompts.compactMap { known[$0] }
    } else if request.tensors?["input_ids"] != nil {
      texts = try await embed(rowsOf: "input_ids", progress) { file, row in
        try request.model.textEmbedding(try file.integers(row: row, of: "input_ids").map { Int32(clamping: $0) })
      }
    }
    request.embeddings?.trim()
    try write(images: images, sources: sources, texts: texts)
    return PreprocessSummary(output: request.output, counts: counts)
  }

  /// Where an embedding of an image comes from, as the file's metadata tells it.
  private struct ImageSource: Encodable {
    let source: String
    let sopInstanceUID: UID?
    let frame: Int

    enum CodingKeys: String, CodingKey {
      case source, frame
      case sopInstanceUID = "sop_instance_uid"
    }
  }

  private func embedImages(
    _ sources: inout [ImageSource], _ counts: inout PreprocessSummary.Counts, _ tally: EncodingTally,
    _ progress: @escaping ProgressReceiver
  ) async throws -> [[Float]] {
    let survey = try await InputSurvey(
      request.images, excluding: [], threads: request.threads, decoder: request.decoder, progress: progress)
    let tasks = FrameTask.tasks(of: survey.files, selection: nil, decoder: request.decoder)
    let (pixels, encoder) = (request.pixels, encoder(count: tasks.count, tally))
    let frames = FrameLoader(capacity: request.threads, decoder: request.decoder)
    let series = try await SeriesMeasurement.percentiles(
      of: survey.series(needing: pixels, selection: nil, decoder: request.decoder), pixels: pixels,
      threads: request.threads, decoder: request.decoder, progress: progress)
    var embeddings: [[Float]] = []
    var found: [ImageSource] = []
    var outcomes = PreprocessSummary.Counts()
    try await forEachConcurrently(
      tasks, width: request.threads,
      transform: { task -> Swift.Result<[Float], any Error> in
        guard case .frame(let image, let frame) = task else {
          encoder.skip()
          return .success([])
        }
        let input = Swift.Result {
          try frames.encoderInput(
            path: image.path, frame: frame - 1, pipeline: pixels,
            series: image.seriesInstanceUID.flatMap { series[$0] })
        }
        if case .failure = input { encoder.skip() }
        return input.flatMap { input in Swift.Result { try encoder.embedding(of: input) } }
      },
      consume: { index, result in
        switch (tasks[index], result) {
        case (.refused(let line), _):
          outcomes.add(line.outcome)
        case (.frame(let image, let frame), .success(let embedding)):
          embeddings.append(embedding)
          found.append(
            ImageSource(source: image.source, sopInstanceUID: image.sopInstanceUID, frame: frame))
          outcomes.add(.used)
        case (.frame, .failure):
          outcomes.add(.quarantined)
        }
        progress(BatchProgress(phase: .images, done: index + 1, total: tasks.count))
      })
    (sources, counts) = (found, outcomes)
    return embeddings
  }

  private func encoder(count: Int, _ tally: EncodingTally) -> ImageEncoder {
    ImageEncoder(
      request.model, cache: request.embeddings, threads: request.threads, count: count, tally: tally)
  }

  private func embed(
    rowsOf name: String, _ progress: @escaping ProgressReceiver,
    _ embedding: @escaping @Sendable (SafetensorsFile, Int) throws -> [Float]
  ) async throws -> [[Float]] {
    guard let file = request.tensors, let entry = file[name] else { return [] }
    let rows = Array(0..<(entry.shape.first ?? 0))
    return try await embedAll(rows, .images, progress) { try embedding(file, $0) }
  }

  private func embedAll<Element: Sendable>(
    _ elements: [Element], _ phase: BatchProgress.Phase, _ progress: ProgressReceiver,
    _ embedding: @escaping @Sendable (Element) throws -> [Float]
  ) async throws -> [[Float]] {
    var embeddings: [[Float]] = []
    try await forEachConcurrently(
      elements, width: request.threads, transform: { element in Swift.Result { try embedding(element) } },
      consume: { index, result in
        embeddings.append(try result.get())
        progress(BatchProgress(phase: phase, done: index + 1, total: elements.count))
      })
    return embeddings
  }

  private func write(images: [[Float]]?, sources: [ImageSource], texts: [[Float]]?) throws {
    let size = request.model.configuration.embeddingSize
    var tensors: [TensorPlan] = []
    var metadata = [
      "software": "\(BuckyVersion.product) \(BuckyVersion.text)", "model": request.model.identity.id,
      "model_digest": request.model.identity.weightsDigest.description, "precision": request.model.precision.rawValue,
      "backend": request.model.arithmetic.backend,
    ]
    if images != nil {
      tensors.append(TensorPlan("image_embeds", rowShape: [size]))
      if !sources.isEmpty {
        metadata["image_sources"] = String(decoding: try JSONOutput.line(sources).dropLast(), as: UTF8.self)
        metadata["window"] = request.windowName
        metadata["preset"] = request.pixels.preset.rawValue
      }
    }
    if texts != nil {
      tensors.append(TensorPlan("text_embeds", rowShape: [size]))
      if !request.prompts.isEmpty {
        metadata["text_sources"] = String(decoding: try JSONOutput.line(request.prompts).dropLast(), as: UTF8.self)
      }
    }
    do {
      try SystemCall.makeDirectories(URL(filePath: request.output).deletingLastPathComponent().path)
      var writer = try SafetensorsWriter(path: request.output, tensors: tensors, metadata: metadata)
      for row in images ?? [] { try writer.append(row, to: "image_embeds") }
      for row in texts ?? [] { try writer.append(row, to: "text_embeds") }
      try writer.finish()
    } catch let error as SafetensorsError {
      throw BatchError(writing: error)
    }
  }
}
