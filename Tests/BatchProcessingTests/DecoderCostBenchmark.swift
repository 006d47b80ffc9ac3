import BatchProcessing
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// What decoder children cost end to end: runs with and without them in turn, so that a machine whose speed drifts treats
/// them alike. Off by default; `BUCKY_BENCHMARK=1` turns it on, and the figures are printed.
///
/// The first start of the children is measured by itself: it takes the same time for ten files and for ten thousand.
/// Their replacement after so many files is part of the ratio.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["BUCKY_BENCHMARK"] == "1", "a measurement"))
struct DecoderCostBenchmark {
  private let folder: TemporaryFolder
  private let samples = PackageRoot.path("SampleStudies/studies")
  private let rounds = 15

  init() throws { folder = try TemporaryFolder() }

  /// The median over rounds of the time with children against the time without.
  private func ratio(_ name: String, _ run: (FileDecoder) async throws -> Void) async throws -> Double {
    func seconds(_ decoder: FileDecoder) async throws -> Double {
      let start = ContinuousClock.now
      try await run(decoder)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let children = FileDecoder.built
    var ratios: [Double] = []
    for round in 0...rounds {
      let isFirst = round.isMultiple(of: 2)
      let early = isFirst ? try await seconds(children) : 0
      let here = try await seconds(.inProcess)
      let there = isFirst ? early : try await seconds(children)
      // The first round fills caches and starts the children.
      if round > 0 { ratios.append(there / here) }
    }
    let sorted = ratios.sorted()
    print("\(name): \(sorted[rounds / 2]) times as long with children, from \(sorted[0]) to \(sorted[rounds - 1])")
    return sorted[rounds / 2]
  }

  @Test func `a child is ready in less than half a second`() throws {
    var times: [Double] = []
    for _ in 0..<9 {
      let start = ContinuousClock.now
      try DecoderPool(.built).start()
      times.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    times.sort()
    print("start of a child: \(times[4]) ms, from \(times[0]) to \(times[8])")
    #expect(times[4] < 500)
  }

  @Test func `triage of the sample studies takes at most 5 percent more time with children`() async throws {
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    let ratio = try await ratio("triage") { decoder in
      let run = TriageRun(
        inputs: [samples], output: folder.path("out"), configuration: configuration, threads: 2, decoder: decoder)
      _ = try await run.run()
    }
    #expect(ratio < 1.05)
  }

  @Test func `preprocess of the sample studies takes at most 5 percent more time with children`() async throws {
    let ratio = try await ratio("preprocess") { decoder in
      let request = try PreprocessRequest(
        inputs: [samples], output: folder.path("out"), window: "automatic",
        preset: PreprocessRequest.presetNames[0], size: 448, format: .both, threads: 2, decoder: decoder)
      _ = try await PreprocessRun(request).run()
    }
    #expect(ratio < 1.05)
  }
}
