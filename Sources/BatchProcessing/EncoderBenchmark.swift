internal import Foundation
internal import SigLIP
package import Tensors

/// How fast the vision tower of a checkpoint embeds images.
package struct EncoderBenchmark: Sendable {
  /// How the threads are used.
  package enum Form: String, Sendable, Codable {
    /// One image on all threads: how long one waits.
    case latency
    /// An image on each thread: how many there are in a night.
    case throughput
  }

  private let model: SigLIPModel
  private let threads: Int
  private let form: Form
  private let pixels: Tensor
  /// Seconds from the start of the program's work on the model to its first embedding, the embedding left out.
  private let secondsToReady: Double

  /// Loads the model and embeds once.
  ///
  /// - Parameters:
  ///   - model: A checkpoint folder; `nil` for the demo encoder.
  ///   - loading: Says the precision; the verdict on it plays no part.
  /// - Throws: What loading and embedding throw.
  package init(model: String?, loading: ModelLoading, threads: Int, form: Form) throws {
    let start = ContinuousClock.now
    let setup = try ModelSetup(model: model, loading: loading)
    self.model = setup.model
    self.threads = threads
    self.form = form
    pixels = Self.pattern(setup.model)
    // The first embedding maps and checks the layers; the second takes as long as any.
    _ = try setup.model.imageEmbedding(pixels, threads: threads)
    let first = ContinuousClock.now
    _ = try setup.model.imageEmbedding(pixels, threads: threads)
    secondsToReady = max(0, ((first - start) - (ContinuousClock.now - first)) / .seconds(1))
  }

  /// An image of waves with different periods: kernels take the same time for any values that are not extreme.
  private static func pattern(_ model: SigLIPModel) -> Tensor {
    let (side, channels) = (model.imageSize, model.configuration.vision.channelCount)
    let values = (0..<channels * side * side).map { index in
      let (channel, row, column) = (index / (side * side), index / side % side, index % side)
      let phase = Double(row) * 0.05 + Double(channel)
      return Float(0.6 * sin(phase) * cos(Double(column) * 0.083) + 0.3 * sin(Double(row * column % 977) * 0.37))
    }
    return Tensor(shape: [channels, side, side], values: values)
  }

  /// Seconds that an image took, in one go over as many images as the form asks for.
  package func measure(profile: EncoderProfile? = nil) throws -> Double {
    let start = ContinuousClock.now
    switch form {
    case .latency:
      _ = try model.imageEmbedding(pixels, threads: threads, profile: profile)
      return (ContinuousClock.now - start) / .seconds(1)
    case .throughput:
      // Each image has threads of its own, so it does not matter whose team hands them out.
      WorkerTeam(size: threads).run(tasks: threads) { _, _ in
        _ = try? model.imageEmbedding(pixels, threads: 1, profile: profile)
      }
      return (ContinuousClock.now - start) / .seconds(Double(threads))
    }
  }

  /// Measures `iterations` times after one that is not counted.
  ///
  /// - Throws: ``BatchError/cancelled``.
  package func run(iterations: Int, progress: ProgressReceiver) throws -> EncoderBenchmarkResult {
    _ = try measure()
    var seconds: [Double] = []
    let profile = EncoderProfile()
    for iteration in 1...iterations {
      if Task.isCancelled { throw BatchError.cancelled }
      seconds.append(try measure(profile: profile))
      progress(BatchProgress(phase: .passes, done: iteration, total: iterations))
    }
    let ceiling = ArithmeticCeiling.operationsPerSecond(
      model.kernelPath, model.precision, team: WorkerTeam(size: threads))
    // Thread time of all images, as the share of the clock that it stands for.
    let images = Double(iterations * (form == .throughput ? threads : 1))
    let parts = profile.seconds.map { ($0.key.rawValue, $0.value / images / Double(threads)) }
    return EncoderBenchmarkResult(
      model: model.identity.id, precision: model.precision.rawValue, backend: model.arithmetic.backend, form: form,
      threads: threads, iterations: iterations, imageSize: model.imageSize, seconds: seconds.sorted(),
      secondsToReady: secondsToReady,
      operations: model.configuration.vision.operationCount(imageSize: model.imageSize), ceiling: ceiling,
      parts: Dictionary(uniqueKeysWithValues: parts), machine: .current())
  }
}

/// What ``EncoderBenchmark`` measured.
package struct EncoderBenchmarkResult: Sendable, Codable {
  package let model: String
  package let precision: String
  package let backend: String
  package let form: EncoderBenchmark.Form
  package let threads: Int
  package let iterations: Int
  package let imageSize: Int
  /// Median, shortest and longest.
  package let secondsPerImage: Double
  package let shortest: Double
  package let longest: Double
  /// From the start of loading to the first embedding, the embedding left out.
  package let secondsToReady: Double
  /// Multiplications and additions an image asks for, and a second at the median, in thousand millions.
  package let operationsPerImage: Double
  package let operationsPerSecond: Double
  /// What the processor does on registers alone, measured in the same run; `nil` where it cannot be measured.
  package let ceiling: Double?
  /// Of the ceiling at the median; attention and normalisation may run in other formats.
  package let shareOfCeiling: Double?
  /// Seconds an image by part: thread time divided by the number of threads.
  package let parts: [String: Double]
  package let machine: MachineSummary

  init(
    model: String, precision: String, backend: String, form: EncoderBenchmark.Form, threads: Int, iterations: Int,
    imageSize: Int, seconds: [Double], secondsToReady: Double, operations: Double, ceiling: Double?,
    parts: [String: Double], machine: MachineSummary
  ) {
    (self.model, self.precision, self.backend, self.form) = (model, precision, backend, form)
    (self.threads, self.iterations, self.imageSize) = (threads, iterations, imageSize)
    let median = seconds.median
    (secondsPerImage, shortest, longest) = (median, seconds.first ?? 0, seconds.last ?? 0)
    self.secondsToReady = secondsToReady
    operationsPerImage = operations / 1e9
    operationsPerSecond = operations / median / 1e9
    self.ceiling = ceiling.map { $0 / 1e9 }
    shareOfCeiling = ceiling.map { operations / median / $0 }
    self.parts = parts
    self.machine = machine
  }

  enum CodingKeys: String, CodingKey {
    case model, precision, backend, form, threads, iterations, parts, machine
    case imageSize = "image_size"
    case secondsPerImage = "seconds_per_image"
    case shortest = "seconds_shortest"
    case longest = "seconds_longest"
    case secondsToReady = "seconds_to_ready"
    case operationsPerImage = "gflop_per_image"
    case operationsPerSecond = "gflop_per_second"
    case ceiling = "ceiling_gflop_per_second"
    case shareOfCeiling = "share_of_ceiling"
  }

  package func json() throws -> String { try JSONOutput.text(self) }
}

extension [Double] {
  /// Of sorted values; 0 of none.
  var median: Double {
    guard !isEmpty else { return 0 }
    return count.isMultiple(of: 2) ? (self[count / 2 - 1] + self[count / 2]) / 2 : self[count / 2]
  }
}
