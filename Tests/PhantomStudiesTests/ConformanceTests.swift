import DICOMCore
import Foundation
import PhantomStudies
import Testing

/// What `dciodvfy` of dicom3tools says. Without the program nothing here is checked; install `dicom3tools` to do so.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dciodvfy"), "dciodvfy is not installed"))
struct ConformanceTests {
  @Test("No variant of storage breaks its IOD", arguments: FormVariant.allCases)
  func variants(variant: FormVariant) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("conformance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for index in 0..<5 {
      // dciodvfy cannot inflate.
      let form = StoredForm.of(variant, index: index)
      guard form.transferSyntax != .deflatedExplicitVRLittleEndian else { continue }
      let image = RadiographStudy.chest(
        ChestRadiograph(ChestPhantoms.plain), form: form, identity: PhantomIdentity(number: index + 1))
      let path = folder.appendingPathComponent("\(index).dcm").path
      try image.write(to: path)
      #expect(try Self.complaints(path) == [], "\(form)")
    }
  }

  @Test("The sample studies that can be read keep to their IODs")
  func samples() throws {
    for study in SampleStudies.all {
      for file in study.files where study.expectation == .scored || study.expectation.isNoAssist {
        let path = RepositoryFolder.sampleStudies.appendingPathComponent("studies/\(study.name)/\(file.name)").path
        #expect(try Self.complaints(path) == [], "\(study.name)")
      }
    }
  }

  /// The lines of dciodvfy's output that say Error or Warning.
  private static func complaints(_ path: String) throws -> [String] {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/dciodvfy")
    process.arguments = [path]
    process.standardError = output
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").map(String.init).filter { $0.contains("Error") || $0.contains("Warning") }
  }
}

extension SampleStudy.Expectation {
  var isNoAssist: Bool {
    if case .noAssist = self { true } else { false }
  }
}

/// Folders of the source tree, found from this file.
enum RepositoryFolder {
  static let sampleStudies = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("SampleStudies")
}
