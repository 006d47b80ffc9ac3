internal import DICOMCore
package import DICOMFiles
internal import PipelineDefinitions
internal import PixelTransforms

/// How fast frames are decoded and transformed on this machine, by transfer syntax, on one thread.
package struct DecodeBenchmark: Sendable {
  private let inputs: InputPaths
  private let repetitions: Int
  private let pipeline: PixelPipeline
  /// The child.
  package let decoder: FileDecoder

  /// - Parameters:
  ///   - inputs: Files and folders; none for the sample studies that ship.
  ///   - repetitions: Passes over all images that are counted, after one that is not.
  ///   - decoder: The child that decoding in this process is compared with.
  ///   - preset: A name of ``PreprocessRequest/presetNames``.
  /// - Throws: ``BatchError/configuration(_:)``.
  package init(
    inputs: InputPaths, repetitions: Int, preset: String, size: Int, decoder: DecoderConfiguration
  ) throws {
    let child = FileDecoder.children(DecoderPool(decoder))
    self.decoder = child
    let request = try PreprocessRequest(
      inputs: inputs, output: "", window: "automatic", preset: preset, size: size, format: .png, threads: 1,
      decoder: child)
    self.inputs = inputs.arguments.isEmpty ? [try ShippedData().sampleStudies + "/studies"] : inputs
    self.repetitions = max(1, repetitions)
    self.pipeline = request.pipeline
  }

  /// Decodes and transforms every image once more than asked for; the first pass fills caches and is not counted.
  ///
  /// Each pass goes over all transfer syntaxes, so that a machine whose speed drifts treats them alike.
  ///
  /// - Throws: ``BatchError/inputMissing(path:)``, ``BatchError/noDICOMFound`` or ``BatchError/cancelled``.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> DecodeBenchmarkResult {
    let survey = try await InputSurvey(
      inputs, excluding: [], threads: 1, decoder: decoder, progress: progress)
    let groups = Dictionary(grouping: survey.images, by: \.header.transferSyntax)
      .sorted { $0.key.value < $1.key.value }.map { Measurement(syntax: $0.key, paths: $0.value.map(\.path)) }
    var measurements = groups
    for pass in 0...repetitions {
      for index in measurements.indices {
        if Task.isCancelled { throw BatchError.cancelled }
        measurements[index].run(pipeline, child: decoder, pass: pass)
      }
      progress(BatchProgress(phase: .passes, done: pass, total: repetitions))
    }
    return DecodeBenchmarkResult(
      preset: pipeline.preset.rawValue, size: pipeline.size, repetitions: repetitions, machine: .current(),
      rows: measurements.compactMap(\.row), childCost: Self.childCost(measurements, repetitions))
  }

  /// All that was done in the child against the same done here, pass by pass.
  private static func childCost(_ measurements: [Measurement], _ passes: Int) -> DecodeBenchmarkResult.Speed {
    DecodeBenchmarkResult.Speed(
      (0..<passes).map { pass in
        let here = measurements.reduce(0) { $0 + $1.here.seconds(pass) }
        return measurements.reduce(0) { $0 + $1.inChild.seconds(pass) } / max(here, 1e-9)
      })
  }
}

/// The times of counted passes.
private struct PassTimes {
  var decode: [Double] = []
  var transform: [Double] = []

  var together: [Double] { zip(decode, transform).map { $0 + $1 } }

  func seconds(_ pass: Int) -> Double { together.indices.contains(pass) ? together[pass] : 0 }
}

/// The passes over the images of one transfer syntax.
private struct Measurement {
  let syntax: UID
  let paths: [String]
  private var frames = 0
  private var pixels = 0
  private var failures = 0
  private(set) var here = PassTimes()
  private(set) var inChild = PassTimes()

  init(syntax: UID, paths: [String]) {
    (self.syntax, self.paths) = (syntax, paths)
  }

  /// One pass here and one in the child, in changing order; the first of all is not counted.
  mutating func run(_ pipeline: PixelPipeline, child: FileDecoder, pass: Int) {
    for step in [pass, pass + 1] {
      if step.isMultiple(of: 2) {
        measure(.inProcess, pipeline, into: \.here, isCounted: pass > 0)
      } else {
        measure(child, pipeline, into: \.inChild, isCounted: pass > 0)
      }
    }
  }

  private mutating func measure(
    _ decoder: FileDecoder, _ pipeline: PixelPipeline, into times: WritableKeyPath<Measurement, PassTimes>,
    isCounted: Bool
  ) {
    (frames, pixels, failures) = (0, 0, 0)
    var (decode, transform) = (0.0, 0.0)
    for path in paths {
      do {
        var mark = ContinuousClock.now
        var file = try decoder.open(path, frame: 0)
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
    self[keyPath: times].decode.append(decode)
    self[keyPath: times].transform.append(transform)
  }

  /// `nil` when no frame of the transfer syntax could be used.
  var row: DecodeBenchmarkResult.Row? {
    guard frames > 0 else { return nil }
    let megapixels = Double(pixels) / 1e6
    return DecodeBenchmarkResult.Row(
      transferSyntaxUID: syntax.value, transferSyntax: TransferSyntax.name(syntax) ?? "unknown", files: paths.count,
      failures: failures, frames: frames, megapixels: megapixels,
      decode: DecodeBenchmarkResult.Speed(megapixels, here.decode),
      decodeInChild: DecodeBenchmarkResult.Speed(megapixels, inChild.decode),
      transform: DecodeBenchmarkResult.Speed(megapixels, here.transform),
      together: DecodeBenchmarkResult.Speed(megapixels, here.together))
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
