internal import DICOMCore
internal import DICOMFiles
internal import Findings
internal import PixelTransforms
internal import Synchronization

/// Opens instances, decodes frames and applies the pixel pipeline.
///
/// To open an object of many frames takes time in proportion to their number, as every item of its functional groups is
/// read. So a file stays open between its frames: at most `capacity` files are kept, one for each task that works on
/// frames of the same file. Which frames are loaded through which handle has no influence on them.
final class FrameLoader: Sendable {
  private let idle = Mutex<[OpenImage]>([])
  private let capacity: Int
  private let decoder: FileDecoder

  /// - Parameters:
  ///   - capacity: How many tasks use this loader at once.
  ///   - decoder: What reads the files; where that is children, a file that is kept open keeps one.
  init(capacity: Int, decoder: FileDecoder) {
    self.decoder = decoder
    self.capacity = max(1, capacity)
    decoder.pool?.onShortage { [weak self] in self?.letGo() }
  }

  /// - Parameter frame: From 0.
  func encoderInput(
    path: String, frame: Int, pipeline: PixelPipeline, series: SeriesPercentiles?
  ) throws(FrameLoadingError) -> EncoderInput {
    let (loaded, header) = try load(path: path, frame: frame, for: pipeline)
    do throws(PixelTransformError) {
      let input = try loaded.use { stored throws(PixelTransformError) in
        try pipeline.encoderInput(frame: stored, attributes: header.dataSet, frameIndex: frame, series: series)
      }
      return input.adding(transferSyntax: header.transferSyntax)
    } catch {
      throw .pixels(error)
    }
  }

  /// - Parameters:
  ///   - frame: From 0.
  ///   - pipeline: What the frame is for, which tells how much memory it takes.
  func load(
    path: String, frame: Int, for pipeline: PixelPipeline
  ) throws(FrameLoadingError) -> (LoadedFrame, DICOMHeader) {
    do throws(DICOMFileError) {
      let image = if let open = take(path) { open } else { try OpenImage(path, frame: frame, decoder) }
      defer { keep(image, after: frame) }
      let working = pipeline.workingBytes(for: image.file.format)
      return (try image.file.frame(frame, working: working), image.file.header)
    } catch {
      throw .file(error)
    }
  }

  private func take(_ path: String) -> OpenImage? {
    idle.withLock { images in
      images.firstIndex { $0.path == path }.map { images.remove(at: $0) }
    }
  }

  private func keep(_ image: OpenImage, after frame: Int) {
    guard frame + 1 < image.file.frameCount else { return }
    idle.withLock { images in
      if images.count == capacity { images.removeFirst() }
      images.append(image)
    }
    if decoder.pool?.isShort == true { letGo() }
  }

  /// Closes the files that are open between two frames, with their children, when others wait for them.
  private func letGo() {
    let images = idle.withLock { images in
      defer { images = [] }
      return images
    }
    withExtendedLifetime(images) {}
  }
}

/// A file between two of its frames. It is in the loader's list or in the hands of one task, never both: that makes it
/// safe to move between tasks, as the file behind it may be used by one at a time.
private final class OpenImage: @unchecked Sendable {
  let path: String
  var file: ImageReader

  init(_ path: String, frame: Int, _ decoder: FileDecoder) throws(DICOMFileError) {
    self.path = path
    file = try decoder.open(path, frame: frame)
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
    // The image is good; what was asked for does not go with it.
    case .pixels(.windowNotInInstance), .pixels(.windowUnit), .pixels(.windowNotForModality): .windowUnavailable
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
