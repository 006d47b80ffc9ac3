import DICOMCore
import DICOMFiles
import Foundation
import PhantomStudies
import Testing

struct SampleStudiesTests {
  private static let folder = RepositoryFolder.sampleStudies

  @Test("Drawing the sample studies anew gives the committed files, byte for byte")
  func regenerated() throws {
    let fresh = FileManager.default.temporaryDirectory.appendingPathComponent("samples-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: fresh) }
    try SampleStudies.write(to: fresh.path)
    let (drawn, committed) = (try Self.digests(fresh), try Self.digests(Self.folder))
    #expect(drawn.count > 20)
    #expect(drawn == committed, "run: swift run -c release phantoms sample-studies")
  }

  @Test("Every file that should be usable is, and no other", arguments: SampleStudies.all)
  func usability(study: SampleStudy) throws {
    for file in study.files {
      let path = Self.folder.appendingPathComponent("studies/\(study.name)/\(file.name)").path
      switch study.expectation {
      case .scored, .noAssist:
        var opened = try DICOMFile(path: path)
        let frame = try opened.frame(0)
        #expect(frame.format.rows > 100)
        #expect(opened.header.dataSet.uid(.studyInstanceUID) == study.identity?.studyInstanceUID)
      case .quarantined, .skipped:
        #expect(throws: DICOMFileError.self) {
          var opened = try DICOMFile(path: path)
          _ = try opened.frame(0)
        }
      }
    }
  }

  @Test("The set shows every finding, the normal chest, and what must not be scored")
  func contents() {
    let scored = SampleStudies.all.filter { $0.expectation == .scored }
    for kind in FindingKind.allCases {
      #expect(scored.contains { $0.truth?.parameters.findings.contains(kind) == true }, "\(kind.rawValue)")
    }
    #expect(scored.contains { $0.truth?.parameters.findings.isEmpty == true })
    #expect(scored.contains { $0.files.count > 1 })
    #expect(Set(SampleStudies.all.map(\.name)).count == SampleStudies.all.count)
    #expect(Set(SampleStudies.all.map(\.expectation.text)).count >= 6)
  }

  @Test("All of SampleStudies is at most 12 MB")
  func size() throws {
    let files = FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: [.fileSizeKey])
    let total = files?.compactMap { ($0 as? URL).flatMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize } }
    #expect(try #require(total).reduce(0, +) < 12_000_000)
  }

  /// SHA-256 of each file below `studies/` and of the table, by relative path.
  private static func digests(_ root: URL) throws -> [String: ContentDigest] {
    var result: [String: ContentDigest] = [:]
    let studies = root.appendingPathComponent("studies")
    for name in try FileManager.default.subpathsOfDirectory(atPath: studies.path) {
      let url = studies.appendingPathComponent(name)
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
      result[name] = ContentDigest(of: try Data(contentsOf: url))
    }
    result["ground-truth.csv"] = ContentDigest(
      of: try Data(contentsOf: root.appendingPathComponent("ground-truth.csv")))
    return result
  }
}
