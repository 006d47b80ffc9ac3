internal import DICOMCore
internal import DICOMFiles

/// One frame to transform, or one file to account for.
enum FrameTask: Sendable {
  case frame(ImageFile, frame: Int)
  case refused(PreprocessLogLine)

  /// A file to take frames from, and the name its outputs get.
  struct ImageFile: Sendable {
    let source: String
    let path: String
    let sopInstanceUID: UID?
    let frameCount: Int
    /// Unique in the run, made of identifiers and numbers alone.
    let name: String
  }

  /// The tasks of all files, in their order.
  ///
  /// A frame needs no study: files without complete identity, or whose SOP Instance UID is taken by another image, are
  /// transformed all the same.
  static func tasks(of files: [SurveyedFile], _ decoder: FileDecoder) -> [FrameTask] {
    var taken: [String: Int] = [:]
    return files.flatMap { file -> [FrameTask] in
      guard let image = file.frameSource(decoder) else { return [.refused(file.logLine)] }
      let stem = image.sopInstanceUID?.value ?? "unidentified"
      let occurrence = taken[stem, default: 0] + 1
      taken[stem] = occurrence
      let named = ImageFile(
        source: file.source, path: image.path, sopInstanceUID: image.sopInstanceUID, frameCount: image.frameCount,
        name: occurrence == 1 ? stem : "\(stem)~\(occurrence)")
      return (1...max(1, image.frameCount)).map { .frame(named, frame: $0) }
    }
  }
}

extension SurveyedFile {
  /// Where frames can be taken from: an image, or a file refused only for its identity.
  fileprivate func frameSource(
    _ decoder: FileDecoder
  ) -> (path: String, sopInstanceUID: UID?, frameCount: Int)? {
    switch outcome {
    case .image(let instance): return (instance.path, instance.identity.sopInstanceUID, instance.frameCount)
    case .refused(let refusal):
      guard [.missingAttribute, .conflictingInstance].contains(refusal.reason), let path = refusal.path,
        let header = refusal.header
      else { return nil }
      do {
        let file = try decoder.open(path, extent: .brief)
        return (path, header.dataSet.uid(.sopInstanceUID), file.frameCount)
      } catch {
        return nil
      }
    }
  }

  /// The line of a file that gives no frames.
  fileprivate var logLine: PreprocessLogLine {
    var line = PreprocessLogLine(source: source, outcome: .skipped)
    if case .refused(let refusal) = outcome {
      line.outcome = refusal.outcome == .quarantined ? .quarantined : .skipped
      line.reason = refusal.reason.rawValue
      line.detail = refusal.detail
      line.sopInstanceUID = refusal.header?.dataSet.uid(.sopInstanceUID)
      line.transferSyntaxUID = refusal.header?.transferSyntax
    }
    return line
  }
}
