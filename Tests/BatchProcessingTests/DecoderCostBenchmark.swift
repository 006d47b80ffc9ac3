import BatchProcessing
import DICOMCore
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
  private let rounds = 11

  init() throws { folder = try TemporaryFolder() }

  /// The shortest time with children against the shortest without: whatever else the machine does makes a run longer,
  /// never shorter.
  private func ratio(_ name: String, _ run: (FileDecoder) async throws -> Void) async throws -> Double {
    func seconds(_ decoder: FileDecoder) async throws -> Double {
      let start = ContinuousClock.now
      try await run(decoder)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let children = FileDecoder.built
    var (with, without): ([Double], [Double]) = ([], [])
    for round in 0...rounds {
      let isFirst = round.isMultiple(of: 2)
      let early = isFirst ? try await seconds(children) : 0
      let here = try await seconds(.inProcess)
      let there = isFirst ? early : try await seconds(children)
      // The first round fills caches and starts the children.
      guard round > 0 else { continue }
      with.append(there)
      without.append(here)
    }
    (with, without) = (with.sorted(), without.sorted())
    let (shortest, median) = (with[0] / without[0], with[rounds / 2] / without[rounds / 2])
    print("\(name): \(shortest) times as long with children (medians: \(median)), \(without[0]) s without")
    return shortest
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

  @Test func `triage takes at most 5 percent more time with children`() async throws {
    let configuration = try TriageSetup(model: nil, pipeline: nil).configuration
    for (name, input, bound) in [("sample studies", samples, 1.25), ("ordinary studies", try ordinaryStudies(), 1.05)] {
      let ratio = try await ratio("triage of \(name)") { decoder in
        let run = TriageRun(
          inputs: [input], output: folder.path("out"), configuration: configuration, threads: 2, decoder: decoder)
        _ = try await run.run()
      }
      #expect(ratio < bound)
    }
  }

  @Test func `preprocess takes at most 5 percent more time with children`() async throws {
    for (name, input, bound) in [("sample studies", samples, 1.25), ("ordinary studies", try ordinaryStudies(), 1.05)] {
      let ratio = try await ratio("preprocess of \(name)") { decoder in
        let request = try PreprocessRequest(
          inputs: [input], output: folder.path("out"), window: "automatic", preset: nil, size: 448, format: .both,
          threads: 2, decoder: decoder)
        _ = try await PreprocessRun(request).run()
      }
      #expect(ratio < bound)
    }
  }

  /// Four chest radiographs of 5 megapixels and 24 CT slices, native: where the decoder does least, and a child most of
  /// what it costs. The sample studies are a fifth of a megapixel each, so that what a file costs shows there.
  private func ordinaryStudies() throws -> String {
    for index in 0..<28 {
      let isCT = index >= 4
      var dataSet = DataSet()
      dataSet.set(.sopClassUID, isCT ? .ctImageStorage : .computedRadiographyImageStorage)
      dataSet.set(.sopInstanceUID, UID.derived("benchmark", ["instance", "\(index)"]))
      dataSet.set(.studyInstanceUID, UID.derived("benchmark", ["study", isCT ? "ct" : "\(index)"]))
      dataSet.set(.seriesInstanceUID, UID.derived("benchmark", ["series", isCT ? "ct" : "\(index)"]))
      dataSet.set(.modality, .cs, isCT ? "CT" : "CR")
      dataSet.set(.bodyPartExamined, .cs, "CHEST")
      dataSet.set(.patientAge, .as, "052Y")
      dataSet.set(.studyDate, .da, "20260301")
      let format = ImageFormat(
        rows: isCT ? 512 : 2500, columns: isCT ? 512 : 2048, photometricInterpretation: .monochrome2,
        bitsAllocated: 16, bitsStored: 12)
      var bytes = [UInt8](repeating: 0, count: format.sampleCount * 2)
      for sample in 0..<format.sampleCount {
        let value = (sample % format.columns + sample / format.columns + index * 7) & 0xFFF
        (bytes[2 * sample], bytes[2 * sample + 1]) = (UInt8(value & 0xFF), UInt8(value >> 8))
      }
      let path = try folder.write([], to: "ordinary/IM\(index)")
      try DICOMFileWriter.write(
        dataSet, transferSyntax: .explicitVRLittleEndian, frames: [StoredFrame(format: format, bytes: bytes)], to: path)
    }
    return folder.path("ordinary")
  }
}
