internal import DICOMFiles
internal import Deidentification
internal import PixelTransforms

/// Makes other formats of the objects that a run has released: from the files in their places, read through the decoder, so that
/// nothing can be in an export that the verifier has not seen.
struct ExportRun: Sendable {
  let formats: Set<ExportFormat>
  let folder: OutputFolder
  let names: ExportNames
  let threads: Int
  let decoder: FileDecoder

  init(_ request: DeidentifyRequest, folder: OutputFolder) {
    formats = request.exports
    self.folder = folder
    names = ExportNames(pseudonymPrefix: request.policy.pseudonymPrefix)
    (threads, decoder) = (request.threads, request.decoder)
  }

  /// - Parameter objects: In any order; what is made does not depend on it.
  func run(_ objects: [ReleasedObject], progress: @escaping ProgressReceiver) async throws -> ExportSummary {
    let manifest = try ExportManifest(formats, in: folder)
    if !objects.isEmpty {
      let released = Dictionary(objects.map { ($0.output, $0) }) { first, _ in first }
      let survey = try await InputSurvey(
        InputPaths([folder.path]), excluding: [], sources: Set(released.keys), threads: threads, decoder: decoder,
        progress: progress)
      if !formats.isDisjoint(with: [.png8, .png16, .csv]) {
        try await PictureExport(run: self, survey: survey, released: released).write(manifest, progress)
      }
      if formats.contains(.nifti) {
        try await VolumeExport(run: self, survey: survey, released: released).write(manifest, progress)
      }
      if formats.contains(.safetensors) { try await writeTensors(Set(released.keys), manifest, progress) }
    }
    try manifest.finish()
    return manifest.summary
  }

  /// The encoder's input, by `preprocess` itself, and its log.
  private func writeTensors(
    _ sources: Set<String>, _ manifest: ExportManifest, _ progress: @escaping ProgressReceiver
  ) async throws {
    let request = try PreprocessRequest(
      inputs: InputPaths([folder.path]), output: folder.path + "/" + ExportNames.tensors, window: nil, preset: nil,
      size: PreprocessRequest.defaultSize, format: .safetensors, threads: threads, decoder: decoder, sources: sources)
    let summary = try await PreprocessRun(request).run(progress: progress)
    let log = ExportNames.tensors + "/" + PreprocessRun.logFile
    try manifest.add(.safetensors, file: ExportNames.tensors + "/" + PreprocessRun.tensorFile, listedIn: log)
    try manifest.add(.safetensors, file: log, listedIn: log)
    for (reason, count) in [("skipped", summary.counts.skipped), ("quarantined", summary.counts.quarantined)]
    where count > 0 {
      manifest.summary.add(.safetensors, reason: reason, count: count)
    }
  }
}
