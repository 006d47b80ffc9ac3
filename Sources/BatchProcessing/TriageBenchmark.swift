package import DICOMFiles
internal import Foundation
internal import PixelTransforms
internal import Reports
internal import SigLIP
internal import Tensors

/// What a run costs beside its encodes: triage of some images against encodes of as many, in turns.
package struct TriageBenchmark: Sendable {
  private let inputs: InputPaths
  private let configuration: TriageConfiguration
  private let threads: Int
  private let repetitions: Int
  private let decoder: FileDecoder

  /// - Parameters:
  ///   - model: A checkpoint folder; `nil` for the demo encoder.
  ///   - loading: Says the precision; packed layers are kept, embeddings are not.
  package init(
    inputs: InputPaths, model: String?, pipeline: String?, loading: ModelLoading, threads: Int, repetitions: Int,
    decoder: FileDecoder
  ) throws {
    let setup = try TriageSetup(model: model, pipeline: pipeline, loading: loading).configuration
    configuration = TriageConfiguration(
      pipeline: setup.pipeline, model: setup.model, windowsDigest: setup.windowsDigest)
    self.inputs = inputs
    self.threads = threads
    self.repetitions = repetitions
    self.decoder = decoder
  }

  /// Runs triage into a folder that is removed again, then encodes, as often as asked for and once more.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> TriageBenchmarkResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bucky-benchmark-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (runs, encodes, images): ([Double], [Double], Int) = ([], [], 0)
    for repetition in 0...repetitions {
      let timings = try await TriageRun(
        inputs: inputs, output: folder, configuration: configuration, threads: threads, decoder: decoder
      ).run().record.timings
      images = Int(timings["images_encoded"] ?? 0)
      // Prompts are embedded once and kept, in a night that counts.
      let run = (timings["total"] ?? 0) - (timings["prompts"] ?? 0)
      let encode = try await encode(count: images)
      progress(BatchProgress(phase: .passes, done: repetition, total: repetitions))
      guard repetition > 0 else { continue }
      runs.append(run)
      encodes.append(encode)
    }
    return TriageBenchmarkResult(
      images: images, threads: threads, precision: configuration.model.precision.rawValue, runs: runs,
      encodes: encodes, machine: .current())
  }

  /// Seconds for `count` encodes on all threads.
  private func encode(count: Int) async throws -> Double {
    let model = configuration.model
    let side = model.imageSize
    let values = (0..<3 * side * side).map { Float($0 % 509) / 254 - 1 }
    let tensor = Tensor(shape: [3, side, side], values: values)
    let encoder = ImageEncoder(model, cache: nil, threads: threads, count: count, tally: EncodingTally())
    let start = ContinuousClock.now
    try await forEachConcurrently(
      Array(0..<count), width: threads, transform: { _ in Swift.Result { try encoder.embedding(of: tensor) } },
      consume: { _, result in _ = try result.get() })
    return (ContinuousClock.now - start) / .seconds(1)
  }
}

/// What ``TriageBenchmark`` measured.
package struct TriageBenchmarkResult: Sendable, Codable {
  package let images: Int
  package let threads: Int
  package let precision: String
  /// Medians, in seconds: the whole run without its prompts, and as many encodes.
  package let run: Double
  package let encodes: Double
  /// Of the run to the encodes, the median over the repetitions.
  package let ratio: Double
  package let machine: MachineSummary

  init(images: Int, threads: Int, precision: String, runs: [Double], encodes: [Double], machine: MachineSummary) {
    (self.images, self.threads, self.precision) = (images, threads, precision)
    run = runs.sorted().median
    self.encodes = encodes.sorted().median
    ratio = zip(runs, encodes).map { $0 / max($1, 1e-9) }.sorted().median
    self.machine = machine
  }

  enum CodingKeys: String, CodingKey {
    case images, threads, precision, ratio, machine
    case run = "run_seconds"
    case encodes = "encode_seconds"
  }

  package func json() throws -> String { try JSONOutput.text(self) }
}
