import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import Reports
import TestSupport
import Testing

/// Names in the character sets of images, through the whole program, as other people's readers see them in the reports.
///
/// The Japanese and Korean names are the examples of PS3.5 H.3 and I.2, the Chinese one of J.3.
struct CharacterSetTests {
  struct Source: Sendable, CustomTestStringConvertible {
    let characterSet: String
    let name: [UInt8]
    let description: [UInt8]
    let expectedName: String
    let expectedDescription: String

    var testDescription: String { characterSet }
  }

  private static func bytes(_ text: String, _ rest: [UInt8] = []) -> [UInt8] { Array(text.utf8) + rest }

  static let sources: [Source] = [
    Source(
      characterSet: "\\ISO 2022 IR 87",
      name: bytes(
        "Yamada^Tarou=\u{1B}$B;3ED\u{1B}(B^\u{1B}$BB@O:\u{1B}(B=\u{1B}$B$d$^$@\u{1B}(B^\u{1B}$B$?$m$&\u{1B}(B"),
      description: bytes("Chest \u{1B}$B;3\u{1B}(B"), expectedName: "Yamada^Tarou=山田^太郎=やまだ^たろう",
      expectedDescription: "Chest 山"),
    Source(
      characterSet: "ISO 2022 IR 13\\ISO 2022 IR 87",
      name: [0xD4, 0xCF, 0xC0, 0xDE, 0x5E, 0xC0, 0xDB, 0xB3]
        + bytes("=\u{1B}$B;3ED\u{1B}(J^\u{1B}$BB@O:\u{1B}(J=\u{1B}$B$d$^$@\u{1B}(J^\u{1B}$B$?$m$&\u{1B}(J"),
      description: [0xD4, 0xCF, 0xC0, 0xDE], expectedName: "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", expectedDescription: "ﾔﾏﾀﾞ"),
    Source(
      characterSet: "ISO_IR 100", name: [0xC4] + bytes("neas^R", [0xFC]) + bytes("diger"),
      description: bytes("Sch", [0xE4]) + bytes("del"), expectedName: "Äneas^Rüdiger", expectedDescription: "Schädel"),
    Source(
      characterSet: "ISO_IR 126", name: [0xC4, 0xE9, 0xEF, 0xED, 0xF5, 0xF3, 0xE9, 0xEF, 0xF2],
      description: [0xE8, 0xFE, 0xF1, 0xE1, 0xEA, 0xE1, 0xF2], expectedName: "Διονυσιος",
      expectedDescription: "θώρακας"),
    Source(
      characterSet: "\\ISO 2022 IR 149",
      name: bytes("Hong^Gildong=\u{1B}$)C", [0xFB, 0xF3]) + bytes("^\u{1B}$)C", [0xD1, 0xCE, 0xD4, 0xD7])
        + bytes("=\u{1B}$)C", [0xC8, 0xAB]) + bytes("^\u{1B}$)C", [0xB1, 0xE6, 0xB5, 0xBF]),
      description: bytes("\u{1B}$)C", [0xC8, 0xAB]), expectedName: "Hong^Gildong=洪^吉洞=홍^길동", expectedDescription: "홍"),
    Source(
      characterSet: "GB18030", name: bytes("Wang^XiaoDong=", [0xCD, 0xF5, 0x5E, 0xD0, 0xA1, 0xB6, 0xAB]),
      description: [0xD0, 0xD8], expectedName: "Wang^XiaoDong=王^小东", expectedDescription: "胸"),
  ]

  private static let dcmdump = ExternalCommand("dcmdump")
  private static let python = ProcessInfo.processInfo.environment["BUCKY_ORACLE_PYTHON"].flatMap {
    $0.isEmpty ? nil : ExternalCommand(path: $0)
  }

  /// The report of a study of one small image with this name.
  private static func report(of source: Source, in folder: TemporaryFolder) async throws -> String {
    try folder.write(image(source), to: "in/image.dcm")
    let result = try await TriageRun(
      inputs: [folder.path("in")], output: folder.path("out"),
      configuration: TriageSetup(model: nil, pipeline: nil)
        .configuration, threads: 1, decoder: .built
    ).run()
    let study = try #require(result.worklist.studies.first).studyInstanceUID
    return folder.path("out/studies/\(study)/report.dcm")
  }

  @Test(arguments: sources)
  func `the report's text is in UTF-8 and says what the image said`(source: Source) async throws {
    let folder = try TemporaryFolder()
    let path = try await Self.report(of: source, in: folder)
    let dataSet = try DICOMHeader(path: path).dataSet
    #expect(dataSet.string(.specificCharacterSet) == "ISO_IR 192")
    #expect(dataSet.string(.patientName) == source.expectedName)
    #expect(dataSet.string(.studyDescription) == source.expectedDescription)
    for validator in [SRValidator.dciodvfy, .dsrdump] where validator.isInstalled {
      let remarks = try validator.remarks(on: path)
      #expect(remarks.isEmpty, "\(validator): \(remarks)")
    }
  }

  @Test(
    .enabled(if: dcmdump != nil, "dcmdump (dcmtk) is not on PATH: not checked how DCMTK reads names"),
    arguments: sources)
  func `dcmdump shows the name`(source: Source) async throws {
    let folder = try TemporaryFolder()
    let result = try #require(Self.dcmdump).run(["+P", "0010,0010", try await Self.report(of: source, in: folder)])
    #expect(result.output.contains("PN [\(source.expectedName)"), "\(result.text)")
  }

  @Test(
    .enabled(if: python != nil, "BUCKY_ORACLE_PYTHON is not set: not checked how pydicom reads names"),
    arguments: sources)
  func `pydicom reads the name`(source: Source) async throws {
    let folder = try TemporaryFolder()
    let program =
      "import pydicom,sys; d=pydicom.dcmread(sys.argv[1]); print(str(d.PatientName)); print(d.StudyDescription)"
    let result = try #require(Self.python).run(
      ["-c", program, try await Self.report(of: source, in: folder)], environment: ["PYTHONIOENCODING": "utf-8"])
    #expect(result.output == "\(source.expectedName)\n\(source.expectedDescription)\n", "\(result.text)")
  }

  /// A chest radiograph of 16 × 16 pixels, byte by byte.
  private static func image(_ source: Source) -> [UInt8] {
    func uid(_ part: String) -> String { UID.derived("test", [source.characterSet, part]).value }
    func padded(_ bytes: [UInt8]) -> [UInt8] { bytes.count % 2 == 0 ? bytes : bytes + [0x20] }
    let sopClass = "1.2.840.10008.5.1.4.1.1.1"
    var meta = ElementBytes()
    meta.add(0x0002_0001, "OB", [0, 1])
    meta.add(0x0002_0002, "UI", sopClass)
    meta.add(0x0002_0003, "UI", uid("image"))
    meta.add(0x0002_0010, "UI", "1.2.840.10008.1.2.1")
    var length = ElementBytes()
    length.add(0x0002_0000, "UL", (0..<4).map { UInt8(truncatingIfNeeded: meta.bytes.count >> ($0 * 8)) })
    var body = ElementBytes()
    body.add(0x0008_0005, "CS", source.characterSet)
    body.add(0x0008_0016, "UI", sopClass)
    body.add(0x0008_0018, "UI", uid("image"))
    body.add(0x0008_0020, "DA", "20260102")
    body.add(0x0008_0060, "CS", "CR")
    body.add(0x0008_1030, "LO", padded(source.description))
    body.add(0x0010_0010, "PN", padded(source.name))
    body.add(0x0010_0020, "LO", "TEST")
    body.add(0x0018_0015, "CS", "CHEST")
    body.add(0x0020_000D, "UI", uid("study"))
    body.add(0x0020_000E, "UI", uid("series"))
    body.add(0x0028_0002, word: 1)
    body.add(0x0028_0004, "CS", "MONOCHROME2")
    body.add(0x0028_0010, word: 16)
    body.add(0x0028_0011, word: 16)
    body.add(0x0028_0100, word: 8)
    body.add(0x0028_0101, word: 8)
    body.add(0x0028_0102, word: 7)
    body.add(0x0028_0103, word: 0)
    body.add(0x7FE0_0010, "OB", (0...255).map { UInt8($0) })
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length.bytes + meta.bytes + body.bytes
  }
}
