internal import DICOMCore
internal import DICOMFiles
internal import PixelTransforms

/// Pictures of 8 and 16 bits, one a frame, and the tables that describe them.
struct PictureExport: Sendable {
  let run: ExportRun
  let survey: InputSurvey
  /// By source, which is the path in the output folder.
  let released: [String: ReleasedObject]

  /// As `preprocess` shows images by default, but for CT: that has one grey window, the image's own, and not the encoder's three.
  static let display = PixelPipeline(
    window: WindowChoice(byModality: ["CT": .file]), preset: .ownSize, size: PreprocessRequest.defaultSize)

  func write(_ manifest: ExportManifest, _ progress: @escaping ProgressReceiver) async throws {
    let tasks = FrameTask.tasks(of: survey.files, selection: nil, decoder: run.decoder)
    let wantsDisplay = run.formats.contains(.png8)
    let series =
      wantsDisplay
      ? try await SeriesMeasurement.percentiles(
        of: survey.series(needing: Self.display, selection: nil, decoder: run.decoder), pixels: Self.display,
        threads: run.threads, decoder: run.decoder, progress: progress) : [:]
    let batch = PublishingBatch(run.folder)
    let maker = PictureMaker(
      export: self, batch: batch, frames: FrameLoader(capacity: run.threads, decoder: run.decoder), series: series,
      headers: Dictionary(survey.images.map { ($0.source, $0.header.dataSet) }) { first, _ in first })
    let tables = try run.formats.contains(.csv) ? PictureTables(in: run.folder) : nil
    try await batch.publishing {
      try await forEachConcurrently(
        tasks, width: run.threads, transform: { task in Swift.Result { try maker.make(task) } },
        consume: { index, result in
          let made = try result.get()
          for line in made.lines { try manifest.add(line) }
          if let row = made.row { try tables?.append(row) }
          progress(BatchProgress(phase: .exports, done: index + 1, total: tasks.count))
        })
    }
    for name in try tables?.finish() ?? [] { try manifest.add(.csv, file: name, listedIn: ExportNames.metadata) }
  }
}

/// Makes the pictures of one frame.
struct PictureMaker: Sendable {
  let export: PictureExport
  let batch: PublishingBatch
  let frames: FrameLoader
  let series: [UID: SeriesPercentiles]
  let headers: [String: DataSet]

  struct Output: Sendable {
    var lines: [ExportLine] = []
    /// `nil` for what is no image.
    var row: PictureRow?
  }

  private var formats: Set<ExportFormat> { export.run.formats }
  private var pictures: [ExportFormat] { [.png8, .png16].filter(formats.contains) }

  func make(_ task: FrameTask) throws -> Output {
    switch task {
    case .refused(let refusal):
      guard let object = export.released[refusal.source] else { return Output() }
      let missing = pictures + (formats.contains(.csv) ? [.csv] : [])
      return Output(lines: missing.map { .notMade($0, refusal.reason ?? "unreadable", [object.reference]) })
    case .frame(let image, let frame):
      guard let object = export.released[image.source] else { return Output() }
      return try make(image, frame: frame, object)
    }
  }

  private func make(_ image: FrameTask.ImageFile, frame: Int, _ object: ReleasedObject) throws -> Output {
    var output = Output(row: PictureRow(object, frame: frame, header: headers[image.source] ?? DataSet()))
    guard !pictures.isEmpty else { return output }
    do {
      let (loaded, header) = try frames.load(path: image.path, frame: frame - 1, for: PictureExport.display)
      try loaded.use { stored in
        for format in pictures {
          let line = try make(format, FramePixels(stored, header, image, frame), object, &output.row)
          output.lines.append(line)
        }
      }
    } catch let error as FrameLoadingError {
      output.lines += pictures.map { .notMade($0, error.reason, [object.reference], frame: frame) }
    }
    return output
  }

  private func make(
    _ format: ExportFormat, _ pixels: FramePixels, _ object: ReleasedObject, _ row: inout PictureRow?
  ) throws -> ExportLine {
    let (picture, bytes): (Picture, [UInt8])
    do throws(PixelTransformError) {
      guard let made = try self.picture(format, pixels) else {
        return .notMade(format, "more-than-16-bits", [object.reference], frame: pixels.frame)
      }
      (picture, bytes) = (made, try made.image.encoded())
    } catch {
      return .notMade(format, FrameLoadingError.pixels(error).reason, [object.reference], frame: pixels.frame)
    }
    let place = export.run.names.picture(
      format, of: object.target, frame: pixels.image.frameCount > 1 ? pixels.frame : nil)
    try batch.add(place) { try SystemCall.write(bytes, to: $0) }
    row?.add(format, place, picture.stored)
    var line = ExportLine.made(format, place, bytes)
    (line.sources, line.frame, line.steps) = ([object.reference], pixels.frame, picture.steps)
    return line
  }

  private struct FramePixels {
    let stored: StoredFrame
    let header: DICOMHeader
    let image: FrameTask.ImageFile
    /// From 1.
    let frame: Int

    init(_ stored: StoredFrame, _ header: DICOMHeader, _ image: FrameTask.ImageFile, _ frame: Int) {
      (self.stored, self.header, self.image, self.frame) = (stored, header, image, frame)
    }
  }

  private struct Picture {
    let image: PNGImage
    let steps: [ProcessingStep]
    var stored: StoredPicture?
  }

  /// - Returns: `nil` for grey samples that 16 bits do not hold.
  private func picture(_ format: ExportFormat, _ pixels: FramePixels) throws(PixelTransformError) -> Picture? {
    let (stored, index) = (pixels.stored, pixels.frame - 1)
    let decoded = ProcessingStep.transferSyntax(pixels.header.transferSyntax)
    let isGray = [.monochrome1, .monochrome2].contains(stored.format.photometricInterpretation)
    if format == .png16, isGray {
      guard let values = try StoredPicture(of: stored, dataSet: pixels.header.dataSet, frameIndex: index) else {
        return nil
      }
      return Picture(image: values.image, steps: [decoded, values.step], stored: values)
    }
    let display = try PictureExport.display.displayImage(
      frame: stored, attributes: pixels.header.dataSet, frameIndex: index,
      series: pixels.image.seriesInstanceUID.flatMap { series[$0] })
    return Picture(
      image: PNGImage(display, depth: format == .png16 ? .bits16 : .bits8), steps: [decoded] + display.steps)
  }
}
