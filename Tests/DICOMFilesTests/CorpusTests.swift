import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// What `oracle.json` (pydicom) and `dcmtk.json` (DCMTK's tools) say of a file.
private struct Reference: Decodable {
  struct Raw: Decodable {
    let sha256: [String]
    let storedMean: Double
    enum CodingKeys: String, CodingKey {
      case sha256
      case storedMean = "stored_mean"
    }
  }
  struct Files: Decodable { let files: [String: Reference] }
  struct ToolFiles: Decodable { let files: [String: ToolResult] }
  struct ToolResult: Decodable { let sha256: [String]? }

  let raw: Raw?
}

/// Without `BUCKY_SHARED` real files of many makers and their reference decodings go unchecked.
@Suite(.enabled(if: SharedData.path("dicom-corpus") != nil, "needs ../shared/dicom-corpus"))
struct CorpusTests {
  private let root: String
  private let oracle: [String: Reference]
  private let tools: [String: Reference.ToolResult]

  init() throws {
    let root = try #require(SharedData.path("dicom-corpus"))
    func load<Content: Decodable>(_ name: String, _: Content.Type) throws -> Content {
      try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(filePath: root + "/" + name)))
    }
    self.root = root
    oracle = try load("oracle.json", Reference.Files.self).files
    tools = try load("dcmtk.json", Reference.ToolFiles.self).files
  }

  private func classify(_ name: String) -> FileClassification {
    FileClassification(of: InputFile(path: root + "/" + name, source: name))
  }

  @Test func `every file of the corpus is in one of the tables`() {
    let found = InputDiscovery.discover([root]).files.map(\.source)
    let expected = CorpusTable.used.map(\.name) + (CorpusTable.refused + CorpusTable.undecodable).map(\.name)
    #expect(Set(found) == Set(expected))
    #expect(found.count == expected.count)
  }

  @Test("a file that is not used has its reason", arguments: CorpusTable.refused)
  func refusals(file: CorpusTable.Refused) throws {
    guard case .refused(let refusal, _) = classify(file.name) else {
      Issue.record("\(file.name) was not refused")
      return
    }
    #expect(refusal.reason == file.reason)
    #expect(file.detail.isEmpty || refusal.detail.contains(file.detail), "\(refusal.detail)")
  }

  @Test("frames agree with the reference decoders", arguments: CorpusTable.used)
  func frames(file: CorpusTable.Used) throws {
    guard case .image(let image) = classify(file.name) else {
      Issue.record("\(file.name) was refused: \(classify(file.name))")
      return
    }
    #expect(image.frameCount == file.frames)
    try compare(file)
  }

  @Test("frames without identity agree with the reference decoders", arguments: CorpusTable.unidentified)
  func unidentifiedFrames(file: CorpusTable.Used) throws {
    try compare(file)
  }

  @Test("a code stream that cannot be decoded has its reason", arguments: CorpusTable.undecodable)
  func undecodable(file: CorpusTable.Refused) throws {
    var opened = try DICOMFile(path: root + "/" + file.name)
    do {
      _ = try opened.frame(0)
      Issue.record("\(file.name) was decoded")
    } catch {
      #expect(error.refusalReason == file.reason)
      #expect(error.description.contains(file.detail), "\(error.description)")
    }
  }

  private func compare(_ file: CorpusTable.Used) throws {
    var opened = try DICOMFile(path: root + "/" + file.name)
    #expect(opened.frameCount == file.frames)
    var digests: [String] = []
    var mean = 0.0
    for index in 0..<opened.frameCount {
      let frame = try opened.frame(index)
      #expect(frame.format.photometricInterpretation == file.photometric)
      digests.append(String(frame.pixelDigest.description.dropFirst("sha256:".count)))
      // The reference statistics are those of the first frame.
      guard index == 0 else { continue }
      mean = Double(frame.storedValues().reduce(0) { $0 + Int($1) }) / Double(frame.format.sampleCount)
    }
    guard let raw = oracle[file.name]?.raw else {
      #expect(file.match == .noReference)
      return
    }
    switch file.match {
    case .exact:
      #expect(digests == raw.sha256)
      #expect(abs(mean - raw.storedMean) < 1e-6 * max(1, abs(raw.storedMean)))
    case .lossy(let tolerance):
      // Two inverse DCTs differ by rounding: the mean shows a shift, DCMTK's own tool the exact values.
      #expect(abs(mean - raw.storedMean) < tolerance)
      let recorded = try #require(tools[file.name]?.sha256)
      #expect(Array(digests.prefix(recorded.count)) == recorded)
    case .noReference:
      Issue.record("there is a reference for \(file.name)")
    }
  }
}
