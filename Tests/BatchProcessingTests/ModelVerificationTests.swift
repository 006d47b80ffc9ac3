import BatchProcessing
import CacheStorage
import DICOMCore
import DICOMFiles
import Foundation
import PhantomStudies
import Reports
import SigLIP
import Tensors
import TestSupport
import Testing

/// The comparison with 32-bit floats, and what follows from it, with the demo encoder.
struct ModelVerificationTests {
  private let folder: TemporaryFolder
  private let cache: CacheFolder

  init() throws {
    folder = try TemporaryFolder()
    cache = try CacheFolder(at: folder.path("cache"))
  }

  private func phantoms(_ count: Int) async throws -> String {
    let path = folder.path("phantoms")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    _ = try await PhantomSet(count: count, firstSeed: 7000, variant: .plain).write(to: path)
    return path
  }

  private func verdict(_ precision: Precision, on images: String, limit: Int = 200) async throws -> PrecisionVerdict {
    try await ModelVerification(
      inputs: [images], model: nil, precision: precision, pipeline: PackageRoot.path("Pipelines/nightly-triage.yaml"),
      limit: limit, threads: 2, decoder: .built, cache: cache
    ).run()
  }

  private func precision(_ choice: PrecisionChoice) throws -> Precision {
    try ModelSetup(model: nil, loading: ModelLoading(precision: choice, cache: cache)).model.precision
  }

  @Test func `narrow precisions rank 200 phantoms by 13 findings as 32-bit floats do, and may then be used`()
    async throws
  {
    let images = try await phantoms(200)
    #expect(try precision(.fastestVerified) == .fp32)
    #expect(throws: BatchError.self) { try precision(.precision(.int8)) }
    for narrow in [Precision.bf16, .int8] {
      let verdict = try await verdict(narrow, on: images)
      #expect(verdict.images == 200 && verdict.findings.count == 13)
      #expect(verdict.lowestCosine >= verdict.gate.cosine && verdict.lowestCosine < 1)
      #expect((verdict.lowestRankCorrelation ?? 0) >= verdict.gate.rankCorrelation)
      #expect(verdict.passed)
      #expect(try precision(.precision(narrow)) == narrow)
    }
    // Where no instruction gains by 8 bits, nothing is faster than floats.
    #expect(try precision(.fastestVerified) == (KernelPath.current == .portable ? .fp32 : .int8))
    #expect(try ModelInspection(model: nil, cache: cache).verdicts.map(\.precision) == [.bf16, .int8])
  }

  @Test func `a precision that has failed is refused with its figures`() throws {
    let identity = try ModelSetup(model: nil).model.identity
    for narrow in [Precision.bf16, .int8] {
      let failed = """
        {"precision":"\(narrow.rawValue)","backend":"test","model":"demo","pipeline":"test","version":"0","date":"then",
         "model_digest":"\(identity.weightsDigest)","images":77,"cosine_min":0.75,"cosine_median":0.9,"findings":[],
         "gate":{"cosine":0.998,"spearman":0.995},"spearman_min":0.5,"passed":false}
        """
      let verdict = try JSONDecoder().decode(PrecisionVerdict.self, from: Data(failed.utf8))
      try PrecisionVerdicts(cache).store(verdict, of: identity)
      #expect {
        try precision(.precision(narrow))
      } throws: { error in
        guard case BatchError.precisionRefused(let text)? = error as? BatchError else { return false }
        return ["failed", "0.75", "0.5", "77 images"].allSatisfy(text.contains)
          && (error as? BatchError)?.exitCode == 69
      }
    }
    #expect(try precision(.fastestVerified) == .fp32)
  }

  @Test func `without a verdict bf16 may be used and int8 may not`() throws {
    #expect(try precision(.precision(.bf16)) == .bf16)
    #expect(throws: BatchError.self) { try precision(.precision(.int8)) }
    #expect(throws: BatchError.self) {
      try ModelSetup(model: nil, loading: ModelLoading(precision: .precision(.int8), cache: nil))
    }
  }

  @Test func `a handful of images is no comparison`() async throws {
    await #expect(throws: BatchError.tooFewImages(found: 13, needed: 50)) {
      try await verdict(.bf16, on: PackageRoot.path("SampleStudies/studies"))
    }
  }

  @Test func `precision and instructions are part of every record, and of what a report is`() async throws {
    let samples = PackageRoot.path("SampleStudies/studies")
    func run(_ name: String, _ precision: Precision) async throws -> TriageResult {
      let configuration = try TriageSetup(
        model: nil, pipeline: nil, loading: ModelLoading(unverified: precision, cache: cache)
      ).configuration
      return try await TriageRun(
        inputs: [samples], output: folder.path(name), configuration: configuration, threads: 2, decoder: .built
      ).run()
    }
    var identifiers: [String: Set<String>] = [:]
    for precision in Precision.allCases {
      let result = try await run(precision.rawValue, precision)
      let record = try #require(result.record.encoder)
      #expect(record.precision.rawValue == precision.rawValue)
      #expect(record.backend.hasPrefix(KernelPath.current.name))
      #expect(result.reports.allSatisfy { $0.model.precision?.rawValue == precision.rawValue })
      #expect(result.reports.allSatisfy { $0.model.backend == record.backend })
      let text = String(decoding: try folder.read(precision.rawValue + "/run.json"), as: UTF8.self)
      #expect(text.contains("\"precision\""))
      for report in result.reports {
        identifiers[report.subject.studyInstanceUID.value, default: []].insert(report.reportID.value)
      }
    }
    #expect(identifiers.values.allSatisfy { $0.count == 3 })
  }
}
