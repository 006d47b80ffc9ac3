internal import DICOMCore
internal import DICOMFiles
internal import PixelTransforms

/// One series as its percentiles are measured: which frames ask for them, and which count.
struct SeriesImages: Sendable {
  /// One file of the series.
  struct File: Sendable {
    let path: String
    let frameCount: Int
  }

  let seriesInstanceUID: UID
  /// What the windows of the frames to transform need.
  let range: PercentileRange
  /// Every image of the series that the rules cover, used or not.
  let files: [File]

  /// The series of which a frame to transform needs percentiles, sorted by UID.
  ///
  /// - Parameters:
  ///   - instances: Every image that counts.
  ///   - frames: The frames to transform of an instance, from 1.
  static func needing(
    _ pixels: PixelPipeline, among instances: [SurveyedInstance], decoder: FileDecoder,
    frames: (SurveyedInstance) -> [Int]
  ) -> [SeriesImages] {
    let series = Dictionary(grouping: instances, by: \.identity.seriesInstanceUID)
    return series.sorted { $0.key < $1.key }.compactMap { uid, instances in
      for instance in instances {
        guard let range = instance.seriesRange(for: pixels, frames: frames(instance), decoder) else { continue }
        return SeriesImages(
          seriesInstanceUID: uid, range: range,
          files: instances.map { File(path: $0.path, frameCount: $0.frameCount) })
      }
      return nil
    }
  }
}

extension SurveyedInstance {
  /// The percentiles of the series that one of `frames` needs.
  ///
  /// The header at hand has no functional groups and no long values, so what it lacks is looked for in the whole one.
  fileprivate func seriesRange(
    for pixels: PixelPipeline, frames: [Int], _ decoder: FileDecoder
  ) -> PercentileRange? {
    guard !frames.isEmpty, pixels.seriesRange(for: header.dataSet) != nil else { return nil }
    guard let whole = try? decoder.open(path).header.dataSet else { return nil }
    return frames.lazy.compactMap { pixels.seriesRange(for: whole, frameIndex: $0 - 1) }.first
  }
}

/// The first of two passes over series whose windows are percentiles of the whole series.
enum SeriesMeasurement {
  /// Counts the modality values of every frame of each series, one series after the other.
  ///
  /// A frame that cannot be decoded or has no grey values is left out; the number of those that count is in the record.
  /// Memory is bounded by one histogram for each file being read (``ValueHistogram``).
  ///
  /// - Throws: `BatchError.cancelled`.
  static func percentiles(
    of series: [SeriesImages], pixels: PixelPipeline, threads: Int, decoder: FileDecoder,
    progress: @escaping ProgressReceiver
  ) async throws -> [UID: SeriesPercentiles] {
    let total = series.reduce(0) { $0 + $1.files.count }
    var (result, done): ([UID: SeriesPercentiles], Int) = ([:], 0)
    for images in series {
      var (histogram, frameCount) = (ValueHistogram(), 0)
      try await forEachConcurrently(
        images.files, width: threads, transform: { values(of: $0, pixels, decoder) },
        consume: { _, values in
          histogram.merge(values.histogram)
          frameCount += values.frameCount
          done += 1
          progress(BatchProgress(phase: .series, done: done, total: total))
        })
      result[images.seriesInstanceUID] = SeriesPercentiles(
        of: histogram, images.range, seriesInstanceUID: images.seriesInstanceUID, frameCount: frameCount)
    }
    return result
  }

  private static func values(
    of image: SeriesImages.File, _ pixels: PixelPipeline, _ decoder: FileDecoder
  ) -> (histogram: ValueHistogram, frameCount: Int) {
    var (histogram, frameCount) = (ValueHistogram(), 0)
    do {
      var file = try decoder.open(image.path, frame: 0)
      let working = pixels.workingBytes(for: file.format)
      for index in 0..<image.frameCount {
        guard let frame = try? file.frame(index, working: working),
          let values = try? frame.use({
            try pixels.modalityValues(of: $0, attributes: file.header.dataSet, frameIndex: index)
          })
        else { continue }
        histogram.merge(values)
        frameCount += 1
      }
    } catch {
      // The file's own outcome says why it cannot be read.
    }
    return (histogram, frameCount)
  }
}
