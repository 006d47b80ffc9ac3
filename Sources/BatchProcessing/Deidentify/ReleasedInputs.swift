internal import DICOMFiles
internal import Deidentification
internal import Foundation
internal import PipelineDefinitions
internal import Reports

/// The inputs of a run after they were de-identified: copies with their proof, in the place of the files themselves.
///
/// They lie in the output folder of the run, under the name of something unfinished, and go with the last reference unless they
/// are kept. The run sees nothing else, so that nothing it writes can hold what they do not.
final class ReleasedInputs: Sendable {
  /// Where kept objects lie, and where the proof of each is.
  static let keptFolder = "dicom"
  static let auditFile = "deidentification.jsonl"
  private static let passingFolder = OutputFolder.temporaryPrefix + "inputs"

  let summary: DeidentifySummary
  private let folder: OutputFolder
  private let keepsObjects: Bool

  /// The objects, below one folder.
  var paths: InputPaths { InputPaths([folder.path + "/" + Self.passingFolder]) }

  /// De-identifies `inputs` into `folder`.
  ///
  /// - Throws: ``BatchError`` as ``DeidentifyRun/run(progress:)`` does, and then nothing stays.
  init(
    _ inputs: InputPaths, _ definition: InputDeidentification, key: DeidentificationKey, in folder: OutputFolder,
    threads: Int, decoder: FileDecoder, progress: @escaping ProgressReceiver
  ) async throws {
    (self.folder, keepsObjects) = (folder, definition.keepsObjects)
    let files = FileManager.default
    let kept = folder.path + "/" + Self.keptFolder
    // Only what an earlier run has put there is replaced.
    if keepsObjects, files.fileExists(atPath: kept), !files.fileExists(atPath: folder.path + "/" + Self.auditFile) {
      throw BatchError.configuration("\(kept) is there already and no earlier run made it: choose another --output")
    }
    let passing = folder.path + "/" + Self.passingFolder
    try SystemCall.makeDirectories(passing)
    var request = DeidentifyRequest(
      inputs: inputs, output: folder.path, policy: definition.policy, key: key, pixelCheck: try PixelInspection(),
      threads: threads, decoder: decoder)
    request.layout = DeidentifyRequest.Layout(
      objects: Self.passingFolder + "/", audit: Self.auditFile, summary: nil)
    do {
      summary = try await DeidentifyRun(request).run(into: folder, progress: progress)
    } catch {
      SystemCall.removeFolder(passing)
      throw error
    }
  }

  deinit {
    SystemCall.removeFolder(folder.path + "/" + Self.passingFolder)
  }

  /// At the end of the run: puts objects that are to be kept in their place.
  func finish() throws(BatchError) {
    guard keepsObjects else { return }
    let kept = folder.path + "/" + Self.keptFolder
    SystemCall.removeFolder(kept)
    try SystemCall.publishFolder(folder.path + "/" + Self.passingFolder, as: kept)
  }

  /// What the record of the run says.
  var record: RunRecord.Deidentification {
    RunRecord.Deidentification(
      policy: summary.policy, policyDigest: summary.policyDigest, options: summary.options, edition: summary.edition,
      tablesDigest: summary.tablesDigest, keyID: summary.keyID, usesOneTimeKey: summary.usesOneTimeKey,
      released: summary.counts.released, audit: Self.auditFile, objects: keepsObjects ? Self.keptFolder : nil)
  }
}

extension DeidentifySummary.Refused {
  static let detail = "not released; the name is a keyed digest of its path"

  var file: RunRecord.RefusedFile { RunRecord.RefusedFile(source: name, reason: reason, detail: Self.detail) }
}
