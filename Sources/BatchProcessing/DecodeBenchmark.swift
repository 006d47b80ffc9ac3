internal import DICOMCore
internal import DICOMFiles
internal import PipelineDefinitions
internal import PixelTransforms

/// How fast frames are decoded and transformed on this machine, by transfer syntax, on one thread.
package struct DecodeBenchmark: Sendable {
  private let inputs: [String]
  private let repetitions: Int
  private let pipeline: PixelPipeline

  /// - Parameters:
  ///   - inputs: Files and folders; none for the sample studies that ship.
  ///   - repetitions: Passes over all images that are counted, after one that is not.
  ///   - preset: A name of ``PreprocessRequest/presetNames``.
  /// - Throws: ``BatchError/configuration(_:)``.
  package init(inputs: [String], repetitions: Int, preset: String, size: Int) throws {
    let request = try PreprocessRequest(
      inputs: inputs, output: "", window: "automatic", preset: preset, size: size, format: .png, threads: 1)
    self.inputs = inputs.isEmpty ? [try ShippedData().sampleStudies + "/studies"] : inputs
    self.repetitions = max(1, repetitions)
    self.pipeline = request.pipeline
  }

  /// Decodes and transforms every image once more than asked for; the first pass fills caches and is not counted.
  ///
  /// Each pass goes over all transfer syntaxes, so that a machine whose speed drifts treats them alike.
  ///
  /// - Throws: ``BatchError/inputMissing(path:)``, ``BatchError/noDICOMFound`` or ``BatchError/cancelled``.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> DecodeBenchmarkResult {
    let survey = try await InputSurvey(inputs, excluding: [], threads: 1, progress: progress)
    let groups = Dictionary(grouping: survey.images, by: \.header.transferSyntax)
      .sorted { $0.key.value < $1.key.value }.map { Measurement(syntax: $0.key, paths: $0.value.map(\.path)) }
    var measurements = groups
    for pass in 0...repetitions {
      for index in measurements.indices {
        if Task.isCancelled { throw BatchError.cancelled }
        measurements[index].run(pipeline, isCounted: pass > 0)
      }
      progress(BatchProgress(phase: .passes, done: pass, total: repetitions))
    }
    return DecodeBenchmarkResult(
      preset: pipeline.preset.rawValue, size: pipeline.size, repetitions: repetitions, machine: .current(),
      rows: measurements.compactMap(\.row))
  }
}

/// The passes over the images of one transfer syntax.
private struct Measurement {
  let syntax: UID
  let paths: [String]
  private var frames = 0
  private var pixels = 0
  private var failures = 0
  private var decodeSeconds: [Double] = []
  private var transformSeconds: [Double] = []

  init(syntax: UID, paths: [String]) {
    (self.syntax, self.paths) = (syntax, paths)
  }

  mutating func run(_ pipeline: PixelPipeline, isCounted: Bool) {
    (frames, pixels, failures) = (0, 0, 0)
    var (decode, transform) = (0.0, 0.0)
    for path in paths {
      do {
        var mark = ContinuousClock.now
        var file = try DICOMFile(path: path)
        for index in 0..<file.frameCount {
          let frame = try file.frame(index)
          decode += mark.restart()
          _ = try pipeline.encoderInput(frame: frame, attributes: file.header.dataSet, frameIndex: index)
          transform += mark.restart()
          frames += 1
          pixels += frame.format.rows * frame.format.columns
        }
      } catch {
        failures += 1
      }
    }
    guard isCounted else { return }
    decodeSeconds.append(decode)
    transformSeconds.append(transform)
  }

  /// `nil` when no frame of the transfer syntax could be used.
  var row: DecodeBenchmarkResult.Row? {
    guard frames > 0 else { return nil }
    let megapixels = Double(pixels) / 1e6
    return DecodeBenchmarkResult.Row(
      transferSyntaxUID: syntax.value, transferSyntax: TransferSyntax.name(syntax) ?? "unknown", files: paths.count,
      failures: failures, frames: frames, megapixels: megapixels,
      decode: DecodeBenchmarkResult.Speed(megapixels, decodeSeconds),
      transform: DecodeBenchmarkResult.Speed(megapixels, transformSeconds),
      together: DecodeBenchmarkResult.Speed(megapixels, zip(decodeSeconds, transformSeconds).map { $0 + $1 }))
  }
}

extension ContinuousClock.Instant {
  /// Seconds since this instant, which becomes now.
  fileprivate mutating func restart() -> Double {
    let now = ContinuousClock.now
    defer { self = now }
    return (now - self) / .seconds(1)
  }
}

/// What ``DecodeBenchmark`` measured.
package struct DecodeBenchmarkResult: Sendable, Codable {
  /// Megapixels a second over the passes.
  package struct Speed: Sendable, Codable {
    package let median: Double
    package let lowest: Double
    package let highest: Double

    init(_ megapixels: Double, _ seconds: [Double]) {
      let speeds = seconds.map { megapixels / max($0, 1e-9) }.sorted()
      lowest = speeds.first ?? 0
      highest = speeds.last ?? 0
      let middle = speeds.count / 2
      median =
        speeds.isEmpty ? 0 : speeds.count.isMultiple(of: 2) ? (speeds[middle - 1] + speeds[middle]) / 2 : speeds[middle]
    }
  }

  /// One transfer syntax.
  package struct Row: Sendable, Codable {
    package let transferSyntaxUID: String
    package let transferSyntax: String
    package let files: Int
    /// Files of which a frame could not be used; the frames before it count.
    package let failures: Int
    package let frames: Int
    /// Of all frames, counted once.
    package let megapixels: Double
    /// From the path to stored values: opening, parsing, decoding.
    package let decode: Speed
    /// From stored values to the encoder input, digests included.
    package let transform: Speed
    package let together: Speed

    enum CodingKeys: String, CodingKey {
      case files, failures, frames, megapixels, decode, transform, together
      case transferSyntaxUID = "transfer_syntax_uid"
      case transferSyntax = "transfer_syntax"
    }
  }

  package let preset: String
  package let size: Int
  package let repetitions: Int
  package let machine: MachineSummary
  package let rows: [Row]

  package func json() throws -> String { try JSONOutput.text(self) }
}
