internal import DICOMCore
internal import DICOMFiles
internal import Findings

/// One frame to transform, or one file to account for.
enum FrameTask: Sendable {
  case frame(ImageFile, frame: Int)
  case refused(PreprocessLogLine)

  /// A file to take frames from, and the name its outputs get.
  struct ImageFile: Sendable {
    let source: String
    let path: String
    let sopInstanceUID: UID?
    /// `nil` for a file without complete identity.
    let seriesInstanceUID: UID?
    let frameCount: Int
    /// Unique in the run, made of identifiers and numbers alone.
    let name: String
  }

  /// The tasks of all files, in their order.
  ///
  /// A frame needs no study: files without complete identity, or whose SOP Instance UID is taken by another image, are
  /// transformed all the same, unless rules select images: those are about studies.
  ///
  /// - Parameter selection: What the rules of a pipeline make of the files; `nil` to transform every frame.
  static func tasks(
    of files: [SurveyedFile], selection: FrameSelection?, decoder: FileDecoder
  ) -> [FrameTask] {
    var taken: [String: Int] = [:]
    return files.flatMap { file -> [FrameTask] in
      guard let image = file.frameSource(acceptsIncomplete: selection == nil, decoder) else {
        return [.refused(file.logLine)]
      }
      let frames = selection?.frames(of: image.path) ?? Array(1...max(1, image.frameCount))
      if let exclusion = selection?.exclusion(of: image.path) {
        return [.refused(file.line(excluding: exclusion))]
      }
      let stem = image.sopInstanceUID?.value ?? "unidentified"
      let occurrence = taken[stem, default: 0] + 1
      taken[stem] = occurrence
      let named = ImageFile(
        source: file.source, path: image.path, sopInstanceUID: image.sopInstanceUID,
        seriesInstanceUID: image.seriesInstanceUID, frameCount: image.frameCount,
        name: occurrence == 1 ? stem : "\(stem)~\(occurrence)")
      return frames.map { .frame(named, frame: $0) }
    }
  }
}

extension SurveyedFile {
  /// Where frames can be taken from: an image, or a file refused only for its identity.
  fileprivate func frameSource(
    acceptsIncomplete: Bool, _ decoder: FileDecoder
  ) -> (path: String, sopInstanceUID: UID?, seriesInstanceUID: UID?, frameCount: Int)? {
    switch outcome {
    case .image(let instance):
      return (
        instance.path, instance.identity.sopInstanceUID, instance.identity.seriesInstanceUID, instance.frameCount
      )
    case .refused(let refusal):
      guard acceptsIncomplete, [.missingAttribute, .conflictingInstance].contains(refusal.reason),
        let path = refusal.path,
        let header = refusal.header
      else { return nil }
      do {
        let file = try decoder.open(path, extent: .brief)
        return (path, header.dataSet.uid(.sopInstanceUID), nil, file.frameCount)
      } catch {
        return nil
      }
    }
  }

  /// The line of an image that the rules leave out.
  fileprivate func line(excluding reason: ImageExclusion) -> PreprocessLogLine {
    var line = PreprocessLogLine(source: source, outcome: .skipped)
    line.reason = reason.rawValue
    if case .image(let instance) = outcome {
      line.sopInstanceUID = instance.identity.sopInstanceUID
      line.transferSyntaxUID = instance.header.transferSyntax
    }
    return line
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
