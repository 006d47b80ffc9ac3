internal import DICOMCore
internal import DICOMFiles
internal import PixelTransforms
internal import Reports
internal import Tensors

/// Turns every frame of the inputs into an encoder input, with a log line for each.
package struct PreprocessRun: Sendable {
  private let request: PreprocessRequest

  package init(_ request: PreprocessRequest) {
    self.request = request
  }

  static let tensorFile = "tensors.safetensors"
  static let logFile = "log.jsonl"

  /// Runs to the end. The log is put in place last: where it stands, the run was completed.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> PreprocessSummary {
    let intake = try await RunIntake(
      request.inputs, output: request.output, sources: request.sources, deidentification: request.deidentification,
      key: request.key, threads: request.threads, decoder: request.decoder, progress: progress)
    defer { withExtendedLifetime(intake) {} }
    let (survey, folder) = (intake.survey, intake.folder)
    folder.withdraw([Self.logFile, Self.tensorFile])
    let decoder = request.decoder
    let selection = request.selection.map { FrameSelection(survey, rules: $0, decoder: decoder) }
    let tasks = FrameTask.tasks(of: survey.files, selection: selection, decoder: decoder)
    let series = try await SeriesMeasurement.percentiles(
      of: survey.series(needing: request.pipeline, selection: selection, decoder: decoder), pixels: request.pipeline,
      threads: request.threads, decoder: decoder, progress: progress)
    let writer = FrameWriter(
      request: request, folder: folder, frames: FrameLoader(capacity: request.threads, decoder: decoder),
      series: series)
    let log = try AppendingFile(creating: try folder.temporaryPath(for: Self.logFile))
    var tensors = try TensorRows(request, path: try folder.temporaryPath(for: Self.tensorFile))
    var counts = PreprocessSummary.Counts()
    for file in intake.released?.summary.refused ?? [] {
      let line = PreprocessLogLine(refused: file)
      counts.add(line.outcome)
      try log.append(try JSONOutput.line(line))
    }
    var sheets = SeriesSheets(subtitle: request.pictureDescription)
    try await forEachConcurrently(
      tasks, width: request.threads, transform: { writer.write($0) },
      consume: { index, result in
        var result = try result.get()
        if let tensor = result.tensor {
          result.line.index = try tensors.append(tensor)
          result.line.tensor = Self.tensorFile
        }
        counts.add(result.line.outcome)
        if request.wantsContactSheets, let entry = result.sheetEntry { sheets.add(entry) }
        try log.append(try JSONOutput.line(result.line))
        progress(BatchProgress(phase: .images, done: index + 1, total: tasks.count))
      })
    if request.wantsContactSheets {
      let pages = sheets.pageCount
      try sheets.publish(into: folder) { progress(BatchProgress(phase: .sheets, done: $0, total: pages)) }
    }
    if let path = try tensors.finish() { try folder.finish(path, as: Self.tensorFile) }
    try intake.released?.finish()
    try log.flush()
    try folder.finish(try folder.temporaryPath(for: Self.logFile), as: Self.logFile)
    return PreprocessSummary(output: folder.path, counts: counts)
  }
}

/// Transforms a frame and writes what belongs to it alone.
struct FrameWriter: Sendable {
  let request: PreprocessRequest
  let folder: OutputFolder
  let frames: FrameLoader
  /// Of the series whose windows need them.
  let series: [UID: SeriesPercentiles]

  struct Output: Sendable {
    var line: PreprocessLogLine
    /// To be appended to the common tensor file.
    var tensor: Tensor?
    /// Of a frame that was used and has a PNG.
    var sheetEntry: SheetEntry?
  }

  /// A bad frame is a line; only a folder that cannot be written is a failure.
  func write(_ task: FrameTask) -> Swift.Result<Output, any Error> {
    switch task {
    case .refused(let line): .success(Output(line: line))
    case .frame(let image, let frame): Swift.Result { try write(image, frame: frame) }
    }
  }

  private func write(_ image: FrameTask.ImageFile, frame: Int) throws -> Output {
    var line = PreprocessLogLine(
      source: image.source, outcome: .used, sopInstanceUID: image.sopInstanceUID, frame: frame)
    let name = image.name + (image.frameCount > 1 ? "-\(frame)" : "")
    do {
      let (loaded, header) = try frames.load(path: image.path, frame: frame - 1, for: request.pipeline)
      line.transferSyntaxUID = header.transferSyntax
      let tensor = try loaded.use { stored in
        request.pipeline.preset == .ownSize
          ? try writeDisplay(stored, header, image, frame: frame - 1, name: name, line: &line)
          : try writeEncoderInput(stored, header, image, frame: frame - 1, name: name, line: &line)
      }
      return Output(
        line: line, tensor: tensor, sheetEntry: SheetEntry(line, header: header, isMultiFrame: image.frameCount > 1))
    } catch let error as FrameLoadingError {
      line.outcome = .quarantined
      line.reason = error.reason
      line.detail = error.description
      return Output(line: line)
    }
  }

  private func writeEncoderInput(
    _ stored: StoredFrame, _ header: DICOMHeader, _ image: FrameTask.ImageFile, frame: Int, name: String,
    line: inout PreprocessLogLine
  ) throws -> Tensor? {
    let input: EncoderInput
    do {
      input = try request.pipeline.encoderInput(
        frame: stored, attributes: header.dataSet, frameIndex: frame, series: percentiles(of: image)
      ).adding(transferSyntax: header.transferSyntax)
    } catch {
      line.pixelDigest = stored.pixelDigest
      throw FrameLoadingError.pixels(error)
    }
    line.pixelDigest = input.pixelDigest
    line.steps = input.steps
    line.tensorDigest = input.tensorDigest
    if request.format.writesPNG { try writePNG(PNGImage(encoderInput: input.tensor), name: name, line: &line) }
    return request.format.writesTensors ? input.tensor : nil
  }

  private func writeDisplay(
    _ stored: StoredFrame, _ header: DICOMHeader, _ image: FrameTask.ImageFile, frame: Int, name: String,
    line: inout PreprocessLogLine
  ) throws -> Tensor? {
    line.pixelDigest = stored.pixelDigest
    let display: DisplayImage
    do {
      display = try request.pipeline.displayImage(
        frame: stored, attributes: header.dataSet, frameIndex: frame, series: percentiles(of: image))
    } catch {
      throw FrameLoadingError.pixels(error)
    }
    let tensor = display.planarTensor
    line.steps = [.transferSyntax(header.transferSyntax)] + display.steps
    line.tensorDigest = tensor.contentDigest
    if request.format.writesPNG { try writePNG(PNGImage(display, depth: .bits16), name: name, line: &line) }
    if request.format.writesTensors {
      let file = "tensors/\(name).safetensors"
      try folder.publish(file) { temporary throws(BatchError) in
        try TensorRows.write(tensor, named: "display_values", to: temporary)
      }
      line.tensor = file
    }
    return nil
  }

  private func percentiles(of image: FrameTask.ImageFile) -> SeriesPercentiles? {
    image.seriesInstanceUID.flatMap { series[$0] }
  }

  private func writePNG(_ image: PNGImage, name: String, line: inout PreprocessLogLine) throws {
    let file = "images/\(name).png"
    try folder.publish(try image.encoded(), as: file)
    line.png = file
  }
}

extension PreprocessLogLine {
  /// A file that de-identification did not release.
  fileprivate init(refused file: DeidentifySummary.Refused) {
    self.init(source: file.name, outcome: file.isSkipped ? .skipped : .quarantined)
    reason = file.reason
    detail = DeidentifySummary.Refused.detail
  }
}
