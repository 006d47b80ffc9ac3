internal import DICOMFiles
internal import Deidentification
internal import PipelineDefinitions

/// What a run works on, and where to: its inputs, surveyed and where the pipeline says so de-identified first, and its output
/// folder.
struct RunIntake: Sendable {
  let survey: InputSurvey
  let folder: OutputFolder
  /// `nil` where the inputs are taken as they are. Kept as long as files are read: the copies go with it.
  let released: ReleasedInputs?

  /// - Parameters:
  ///   - sources: Paths below the only input that are read; `nil` for all.
  ///   - key: For a pipeline that de-identifies; `nil` for one that is thrown away.
  ///   - others: Folders beside the output that are no input.
  /// - Throws: ``BatchError``.
  init(
    _ inputs: InputPaths, output: String, sources: Set<String>? = nil, deidentification: InputDeidentification?,
    key: DeidentificationKey?, threads: Int, decoder: FileDecoder, progress: @escaping ProgressReceiver,
    excluding others: [String] = []
  ) async throws {
    guard let deidentification else {
      survey = try await InputSurvey(
        inputs, excluding: [output] + others, sources: sources, threads: threads, decoder: decoder, progress: progress)
      folder = try OutputFolder(creating: output)
      released = nil
      return
    }
    folder = try OutputFolder(creating: output)
    let released = try await ReleasedInputs(
      inputs, deidentification, key: key ?? .oneTime(), in: folder, threads: threads, decoder: decoder,
      progress: progress)
    self.released = released
    survey = try await InputSurvey(
      released.paths, excluding: [], mayBeEmpty: true, threads: threads, decoder: decoder, progress: progress)
  }
}
