import BatchProcessing
import DICOMCore
import DICOMFiles
import Deidentification
import Foundation
import IdentityCorpus
import TestSupport
import Testing

/// The marked corpus through whole runs: nothing of it may be left in anything that is written.
struct IdentityCorpusTests {
  private static let made = Result { try IdentityCorpus() }
  private let corpus: IdentityCorpus
  private let folder: TemporaryFolder

  init() throws {
    corpus = try Self.made.get()
    folder = try TemporaryFolder()
    // One key for every run: among the digits of hundreds of new UIDs those of a date turn up by chance, one key in some.
    try folder.write([UInt8](repeating: 0x5A, count: 32), to: "key")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("key"))
    for file in corpus.files { try folder.write(file.bytes, to: "in/" + file.path) }
  }

  private static let cleaning = ["clean-pixel-data", "clean-graphics", "clean-structured-content", "clean-descriptors"]

  private static let optionSets: [[String]?] = [
    nil, ["none"], ["clean-pixel-data"], cleaning + ["retain-uids", "retain-patient-characteristics"],
    cleaning + ["retain-device-identity", "retain-institution-identity", "retain-safe-private"],
    cleaning + ["retain-longitudinal-temporal-information-full-dates", "retain-patient-characteristics"],
    ["clean-pixel-data", "retain-longitudinal-temporal-information-modified-dates", "retain-safe-private"],
  ]

  @Test("No marker is left in anything that is written, and nine in ten objects come out", arguments: optionSets)
  func nothingLeft(options: [String]?) async throws {
    let request = try DeidentifyRequest(
      inputs: [folder.path("in")], output: folder.path("out"), options: options, key: folder.path("key"), threads: 2,
      decoder: .inProcess)
    let summary = try await DeidentifyRun(request).run()
    let selected = Set(summary.options.compactMap(ProfileOption.init(rawValue:)))
    let written = try TemporaryFolder.contents(of: folder.path("out"))
    let search = FormSearch(forms(selected))
    var left: Set<Int> = []
    for (name, bytes) in written {
      left.formUnion(search.found(in: Array(name.utf8)))
      left.formUnion(search.found(in: bytes))
    }
    #expect(left.isEmpty, "\(left.count): \(left.sorted().prefix(8).map { corpus.markers[$0] })")
    #expect(try readablePixels(written) == [])
    // Images with text stay behind where their pixels are not to be changed.
    let withText = summary.reasons["burned-in-text"] ?? 0
    #expect((withText == 0) == selected.contains(.cleanPixelData))
    let releasable = corpus.files.count { $0.refusal == nil }
    #expect(10 * (summary.counts.released + withText) >= 9 * releasable, "\(summary.reasons)")
    #expect(summary.counts.released <= releasable)
  }

  /// What an option lets stay by the standard's own tables: UIDs, dates, attributes for which Table E.1-1 and content items for which
  /// Table E.3.4-1 says K.
  private static func isKept(_ marker: CorpusMarker, _ options: Set<ProfileOption>) -> Bool {
    if marker.kind == .uid, options.contains(.retainUIDs) { return true }
    if marker.kind == .date, options.contains(.retainFullDates) { return true }
    let words = marker.place.split(separator: " ")
    if marker.kind == .sr, let concept = words.dropFirst().first?.split(separator: "@").map(String.init),
      concept.count == 3
    {
      let key = ContentItemRules.Key(code: concept[0], scheme: concept[1], valueType: concept[2])
      return options.contains { ContentItemRules.rules[key]?.options[$0] == .keep }
    }
    guard [.text, .un, .date, .uid].contains(marker.kind), let last = words.first?.split(separator: "[].").last,
      let tag = Tag(hexadecimal: last.filter(\.isHexDigit)), let rule = ProfileRules.rules[tag]
    else { return false }
    return options.contains { rule.options[$0] == .keep }
  }

  /// The forms to be searched for. There are fewer days than dates: one that stays in one place is not told from the others.
  private func forms(_ options: Set<ProfileOption>) -> [[[UInt8]]] {
    let kept = corpus.markers.filter { Self.isKept($0, options) }
    let days = Set(kept.filter { $0.kind == .date }.flatMap(\.bytes))
    return corpus.markers.map { marker in
      if Self.isKept(marker, options) { return [] }
      return marker.bytes.filter { marker.kind != .date || !days.contains($0) }.map(FormSearch.bytes)
    }
  }

  /// Inputs whose text can still be read in what came of them.
  private func readablePixels(_ written: [String: [UInt8]]) throws -> [String] {
    let relinking = try Relinking(key: folder.path("key"))
    let lines = (written["audit.jsonl"] ?? []).split(separator: 0x0A)
    var outputs: [String: String] = [:]
    for line in lines {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      if let input = object["input"] as? String, let output = object["output"] as? String { outputs[input] = output }
    }
    return try corpus.markers.compactMap { marker in
      guard marker.kind == .pixels, let frame = marker.frame, let region = marker.region,
        let output = outputs[relinking.inputName(marker.input)]
      else { return nil }
      let before = try Self.samples(folder.path("in/" + marker.input), frame, region)
      let after = try Self.samples(folder.path("out/" + output), frame, region)
      return before == after ? "\(marker.input) \(region)" : nil
    }
  }

  private static func samples(_ path: String, _ frame: Int, _ region: [Int]) throws -> [Int] {
    var file = try DICOMFile(path: path)
    let decoded = try file.frame(frame)
    let (values, width) = (decoded.storedValues(), decoded.format.columns * decoded.format.samplesPerPixel)
    return (region[1]..<region[1] + region[3]).flatMap { row in
      let start = row * width + region[0] * decoded.format.samplesPerPixel
      return values[start..<start + region[2] * decoded.format.samplesPerPixel].map { Int($0) }
    }
  }

  @Test func `The corpus is the same every time, and its markers are where it says`() throws {
    let again = try IdentityCorpus()
    #expect(again.files.map(\.bytes) == corpus.files.map(\.bytes))
    #expect(again.markers.map(\.bytes) == corpus.markers.map(\.bytes))
    #expect(corpus.markers.count > 40_000)
    #expect(corpus.files.count(where: { $0.refusal == nil }) >= 90)
    let search = FormSearch(corpus.markers.map { $0.bytes.map(FormSearch.bytes) })
    var found: Set<Int> = []
    for file in corpus.files { found.formUnion(search.found(in: Array(file.path.utf8) + file.bytes)) }
    let missing = corpus.markers.indices.filter { corpus.markers[$0].kind != .pixels && !found.contains($0) }
    #expect(missing.isEmpty, "\(missing.prefix(5).map { corpus.markers[$0] })")
  }
}
