internal import DICOMCore
package import DICOMFiles
internal import Foundation
internal import Glibc
internal import Reports

/// How long whole runs take with files read in decoder children, and with the same readers in this process.
///
/// Reading in this process is what the children are compared with, and is done here alone: commands that work on studies
/// have no way to it.
package struct EndToEndBenchmark: Sendable {
  /// What is run.
  package enum Work: String, Sendable, CaseIterable, Codable {
    case triage, preprocess
  }

  private let inputs: InputPaths
  private let works: [Work]
  private let setup: TriageSetup?
  private let iterations: Int
  private let threads: Int
  private let configuration: DecoderConfiguration
  private let pool: DecoderPool

  /// The children.
  package var decoder: FileDecoder { .children(pool) }

  /// - Parameters:
  ///   - model: A checkpoint folder for triage; `nil` for the demo encoder.
  ///   - works: What to run, in turn.
  ///   - iterations: Pairs of runs that are counted, after one that is not.
  /// - Throws: ``BatchError`` for a model that cannot be loaded.
  package init(
    inputs: InputPaths, model: String?, works: [Work], iterations: Int, threads: Int, decoder: DecoderConfiguration
  ) throws {
    self.inputs = inputs
    self.works = works
    self.iterations = max(1, iterations)
    self.threads = threads
    configuration = decoder
    pool = DecoderPool(decoder)
    setup = works.contains(.triage) ? try TriageSetup(model: model, pipeline: nil) : nil
  }

  /// Runs all work once more than asked for; the first pair fills caches and is not counted.
  ///
  /// The two runs of a pair follow each other in changing order, and a ratio is that of a pair: so a machine whose speed
  /// drifts, or that others use at the same time, treats both alike. Results go to a temporary folder, which is removed.
  ///
  /// - Throws: ``BatchError``, as the runs themselves do.
  package func run(progress: @escaping ProgressReceiver = { _ in }) async throws -> EndToEndBenchmarkResult {
    let scratch = NSTemporaryDirectory() + "bucky-benchmark-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let start = try startOfChildren()
    var rows: [EndToEndBenchmarkResult.Row] = []
    let total = works.count * (iterations + 1)
    for work in works {
      var (here, there): ([Measure], [Measure]) = ([], [])
      var images = 0
      for pair in 0...iterations {
        var measures: [Bool: Measure] = [:]
        for inChildren in pair.isMultiple(of: 2) ? [true, false] : [false, true] {
          let before = Measure.now(pool)
          images = try await run(work, inChildren ? .children(pool) : .inProcess, output: scratch)
          measures[inChildren] = Measure.now(pool) - before
        }
        progress(BatchProgress(phase: .passes, done: rows.count * (iterations + 1) + pair + 1, total: total))
        guard pair > 0, let first = measures[false], let second = measures[true] else { continue }
        here.append(first)
        there.append(second)
      }
      rows.append(EndToEndBenchmarkResult.Row(work, images: images, here: here, there: there))
    }
    return EndToEndBenchmarkResult(
      iterations: iterations, threads: threads, machine: .current(), startOfChild: start, rows: rows)
  }

  /// Runs once and returns how many files were used.
  private func run(_ work: Work, _ decoder: FileDecoder, output: String) async throws -> Int {
    switch work {
    case .triage:
      guard let configuration = setup?.configuration else { return 0 }
      let run = TriageRun(
        inputs: inputs, output: output + "/triage", configuration: configuration, threads: threads, decoder: decoder)
      return try await run.run().record.counts.used
    case .preprocess:
      let request = try PreprocessRequest(
        inputs: inputs, output: output + "/preprocess", window: nil, preset: nil, size: 448, format: .both,
        threads: threads, decoder: decoder)
      return try await PreprocessRun(request).run().counts.used
    }
  }

  /// Seconds until a child can read its first file, which a run waits for once.
  private func startOfChildren() throws -> Spread {
    var seconds: [Double] = []
    for _ in 0..<9 {
      let start = ContinuousClock.now
      do throws(DecoderLoss) {
        try DecoderPool(configuration).start()
      } catch {
        throw BatchError.decoderUnavailable(error)
      }
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return Spread(seconds)
  }
}

/// A moment on the clock and in processor time; or the time between two.
struct Measure: Sendable {
  var wall: Double
  var processor: Double

  /// Seconds of this process, of the children that have ended, and of those that wait in `pool`.
  static func now(_ pool: DecoderPool) -> Measure {
    var processor = pool.processorSeconds
    for who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
      var usage = rusage()
      guard unsafe getrusage(who.rawValue, &usage) == 0 else { continue }
      for time in [usage.ru_utime, usage.ru_stime] { processor += Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    }
    return Measure(wall: ContinuousClock.now.secondsSinceStart, processor: processor)
  }

  static func - (end: Measure, start: Measure) -> Measure {
    Measure(wall: end.wall - start.wall, processor: end.processor - start.processor)
  }
}

extension ContinuousClock.Instant {
  /// From the first time that this is asked for.
  fileprivate var secondsSinceStart: Double { (self - Self.origin) / .seconds(1) }
  private static let origin = ContinuousClock.now
}
