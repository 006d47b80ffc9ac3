import BatchProcessing
import DICOMCore
import DICOMFiles
import Deidentification
import Foundation
import TestSupport
import Testing

/// Objects that carry a marker of their own in every attribute of Table E.1-1, at several depths, and everywhere else that holds
/// identity.
struct PlantedObject {
  private(set) var markers: [String] = []
  private var serial = 0
  let encoding: ElementBytes.Encoding
  let number: Int

  init(_ encoding: ElementBytes.Encoding, number: Int) {
    (self.encoding, self.number) = (encoding, number)
  }

  var instance: String { "1.2.826.0.1.99.\(number).3" }

  private mutating func marker(_ prefix: String = "ZQ") -> String {
    serial += 1
    let text = "\(prefix)\(number)N\(serial)XK"
    markers.append(text)
    return text
  }

  /// A value for a VR, `nil` where no marker fits.
  private mutating func value(_ vr: VR) -> [UInt8]? {
    let text: String
    switch vr {
    case .ae, .sh, .cs: text = marker()
    case .lo, .lt, .st, .ut, .uc: text = marker() + " and more"
    case .pn: text = marker("Fam") + "^" + marker("Giv")
    case .ur: text = "http://" + marker() + ".org"
    case .ob, .ow, .un: text = marker()
    case .ui:
      serial += 1
      text = "1.2.826.0.1.77.\(number).\(serial).5"
      markers.append(text)
    case .da: text = "19\(50 + serial % 40)0412"
    case .dt: text = "19\(50 + serial % 40)0412101112"
    case .tm: text = "101112"
    case .as: text = "093Y"
    default: return nil
    }
    return Array(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [vr == .ui ? 0 : 0x20])
  }

  /// Elements by tag: those of the table, and `more`.
  private mutating func elements(_ more: [(UInt32, (inout ElementBytes) -> Void)]) -> [UInt8] {
    var parts: [(UInt32, [UInt8])] = []
    for tag in ProfileRules.rules.keys.sorted() where tag.group >= 0x0008 && tag.group < 0x7FE0 {
      guard let vr = AttributeDictionary.vr(tag), tag != .specificCharacterSet else { continue }
      var bytes = ElementBytes(encoding)
      let number = UInt32(tag.group) << 16 | UInt32(tag.element)
      if vr == .sq {
        var item = ElementBytes(encoding)
        if let name = value(.pn) { item.add(0x0010_0010, "PN", name) }
        if let text = value(.lo) { item.add(0x0008_0080, "LO", text) }
        bytes.add(number, items: [item.bytes])
      } else if let value = value(vr) {
        bytes.add(number, vr.rawValue, value)
      }
      parts.append((number, bytes.bytes))
    }
    for (tag, add) in more {
      var bytes = ElementBytes(encoding)
      add(&bytes)
      parts.removeAll { $0.0 == tag }
      parts.append((tag, bytes.bytes))
    }
    return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
  }

  mutating func file(sopClass: UID, modality: String) -> [UInt8] {
    let third = elements([])
    let second = elements([(0x0008_2218, { $0.add(0x0008_2218, items: [third]) })])
    let privateValues = (0..<4).map { _ in marker() }
    let misplaced = (0..<5).map { _ in marker() }
    let study = "1.2.826.0.1.99.1.1"
    let instance = instance
    var all = ElementBytes(encoding)
    all.append(
      elements([
        (0x0008_0016, { $0.add(0x0008_0016, "UI", sopClass.value) }),
        (0x0008_0018, { $0.add(0x0008_0018, "UI", instance) }),
        (0x0008_0060, { $0.add(0x0008_0060, "CS", modality) }),
        (0x0008_2218, { $0.add(0x0008_2218, items: [second], hasLengths: true) }),
        (0x0009_0010, { $0.add(0x0009_0010, "LO", privateValues[0]) }),
        (0x0009_1001, { $0.add(0x0009_1001, "LO", privateValues[1]) }),
        (0x0009_1002, { $0.add(0x0009_1002, "UN", privateValues[2]) }),
        (0x0019_0010, { $0.add(0x0019_0010, "LO", "SIEMENS MR HEADER") }),
        (0x0019_100C, { $0.add(0x0019_100C, "IS", "1000") }),
        (0x0019_1008, { $0.add(0x0019_1008, "CS", privateValues[3]) }),
        (0x0020_000D, { $0.add(0x0020_000D, "UI", study) }), (0x0020_000E, { $0.add(0x0020_000E, "UI", study + ".2") }),
        (0x0010_0020, { $0.add(0x0010_0020, "LO", "MRN-4711-8") }),
        (0x0010_0021, { $0.add(0x0010_0021, "LO", "HOSPITAL-7") }), (0x0028_0002, { $0.add(0x0028_0002, word: 1) }),
        (0x0028_0004, { $0.add(0x0028_0004, "CS", "MONOCHROME2") }), (0x0028_0010, { $0.add(0x0028_0010, word: 4) }),
        (0x0028_0011, { $0.add(0x0028_0011, word: 4) }), (0x0028_0100, { $0.add(0x0028_0100, word: 16) }),
        (0x0028_0101, { $0.add(0x0028_0101, word: 12) }), (0x0028_0102, { $0.add(0x0028_0102, word: 11) }),
        (0x0028_0103, { $0.add(0x0028_0103, word: 0) }), (0x0028_4999, { $0.add(0x0028_4999, "UN", misplaced[0]) }),
        (0x5000_3000, { $0.add(0x5000_3000, "OW", misplaced[1]) }),
        (0x6000_0022, { $0.add(0x6000_0022, "LO", misplaced[2]) }),
        (0x6000_3000, { $0.add(0x6000_3000, "OW", misplaced[3]) }),
        (0x7FE0_0010, { $0.add(0x7FE0_0010, "OW", (0..<16).flatMap { ElementBytes().number($0, 2) }) }),
        (0xFFFC_FFFC, { $0.add(0xFFFC_FFFC, "OB", misplaced[4]) }),
      ]))
    let (preamble, meta) = (marker(), marker())
    markers += [study, instance, "MRN-4711-8", "HOSPITAL-7"]
    return all.file(sopClass: sopClass.value, instance: instance, preamble: preamble) {
      $0.add(0x0002_0016, "AE", meta)
    }
  }
}

struct DeidentifyRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try DeidentificationKey.generate(at: folder.path("key"))
  }

  private func run(
    _ output: String = "out", options: [String]? = nil, key: Bool = true, quarantine: String? = nil,
    dryRun: Bool = false,
    threads: Int = 2
  ) async throws -> DeidentifySummary {
    let request = try DeidentifyRequest(
      inputs: [folder.path("in")], output: folder.path(output), quarantine: quarantine.map(folder.path),
      options: options, key: key ? folder.path("key") : nil, threads: threads, decoder: .inProcess, isDryRun: dryRun)
    return try await DeidentifyRun(request).run()
  }

  /// Three objects of one study in three encodings; returns every marker in them.
  @discardableResult
  private func plant() throws -> [String] {
    var markers: [String] = []
    let classes: [(UID, String)] = [
      (.ctImageStorage, "CT"), (.mrImageStorage, "MR"), (.positronEmissionTomographyImageStorage, "PT"),
    ]
    for (number, encoding) in ElementBytes.Encoding.allCases.enumerated() {
      var object = PlantedObject(encoding, number: number + 1)
      let file = object.file(sopClass: classes[number].0, modality: classes[number].1)
      try folder.write(file, to: "in/DOE_JANE/MRN-4711-8 \(number).dcm")
      markers += object.markers
    }
    return markers + ["DOE_JANE"]
  }

  @Test(
    "No marker is left in anything that is written, and everything is released",
    arguments: [
      nil, ["none"],
      ["retain-longitudinal-temporal-information-full-dates", "clean-descriptors", "retain-safe-private"],
    ] as [[String]?])
  func planted(options: [String]?) async throws {
    let markers = try plant()
    let summary = try await run(options: options)
    #expect(summary.counts.released == 3)
    #expect(summary.counts.quarantined == 0, "\(summary.reasons)")
    let written = try TemporaryFolder.contents(of: folder.path("out"))
    var left: Set<String> = []
    for (name, bytes) in written {
      left.formUnion(MarkerSearch.found(markers, in: Array(name.utf8)))
      left.formUnion(MarkerSearch.found(markers, in: bytes))
    }
    #expect(left.isEmpty, "\(left.sorted().prefix(20))")
    #expect(markers.count > 3000)
  }

  @Test func `Every element of the input has one disposition`() async throws {
    try plant()
    _ = try await run()
    let lines = try folder.read("out/audit.jsonl").split(separator: 0x0A)
    #expect(lines.count == 3)
    for line in lines {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      let groups = try #require(object["dispositions"] as? [[String: Any]])
      let counts = groups.compactMap { $0["elements"] as? [String: Int] }.flatMap(\.values)
      #expect(counts.reduce(0, +) == object["elements"] as? Int)
      let path = try #require(object["output"] as? String)
      #expect(object["sha256"] as? String == ContentDigest(of: try folder.read("out/" + path)).description)
    }
  }

  @Test func `The same key gives the same bytes, in one thread or two, and another key others`() async throws {
    try plant()
    _ = try await run("one", threads: 1)
    _ = try await run("two", threads: 2)
    let one = try TemporaryFolder.contents(of: folder.path("one"))
    var two = try TemporaryFolder.contents(of: folder.path("two"))
    // The summary names its folder.
    two["run.json"] = one["run.json"]
    #expect(one == two)
    _ = try await run("three", key: false)
    let three = try TemporaryFolder.contents(of: folder.path("three"))
    #expect(Set(three.keys).isDisjoint(with: one.keys.filter { $0.hasSuffix(".dcm") }))
  }

  @Test func `Objects of a study stay together, and are found again with the key alone`() async throws {
    try plant()
    _ = try await run()
    let names = try TemporaryFolder.contents(of: folder.path("out")).keys.filter { $0.hasSuffix(".dcm") }
    #expect(Set(names.map { $0.split(separator: "/").prefix(2).joined(separator: "/") }).count == 1)
    let relinking = try Relinking(key: folder.path("key"))
    #expect(
      Set(names.map { String($0.split(separator: "/")[0]) }) == [
        relinking.pseudonym(issuer: "HOSPITAL-7", id: "MRN-4711-8")
      ])
    #expect(
      relinking.pseudonym(line: "HOSPITAL-7,MRN-4711-8") == relinking.pseudonym(issuer: "HOSPITAL-7", id: "MRN-4711-8"))
    let studies = Set(names.map { String($0.split(separator: "/")[1]) })
    #expect(studies == [relinking.uid("1.2.826.0.1.99.1.1")])
    let audit = String(decoding: try folder.read("out/audit.jsonl"), as: UTF8.self)
    #expect(audit.contains(relinking.inputName("DOE_JANE/MRN-4711-8 0.dcm")))
  }

  @Test func `What cannot be released is withheld with its reason, and copied only where that is wanted`() async throws
  {
    try plant()
    var risky = PlantedObject(.explicit, number: 9)
    try folder.write(risky.file(sopClass: .secondaryCaptureImageStorage, modality: "OT"), to: "in/sc.dcm")
    var document = PlantedObject(.explicit, number: 10)
    try folder.write(document.file(sopClass: .encapsulatedPDFStorage, modality: "DOC"), to: "in/pdf.dcm")
    var unknown = PlantedObject(.explicit, number: 11)
    let unknownClass = try #require(UID("1.3.46.670589.5.0.3"))
    try folder.write(unknown.file(sopClass: unknownClass, modality: "MR"), to: "in/private.dcm")
    try folder.write("no DICOM here", to: "in/notes.txt")
    try folder.write(try folder.read("in/sc.dcm").dropLast(9).map { $0 }, to: "in/cut.dcm")
    let summary = try await run(options: ["none"], quarantine: "held")
    #expect(summary.counts.released == 4)
    #expect(summary.counts.skipped == 1)
    #expect(summary.reasons["encapsulated-document"] == 1)
    #expect(summary.reasons["sop-class-unknown"] == 1)
    #expect(summary.counts.quarantined == 3, "\(summary.reasons)")
    let held = try TemporaryFolder.contents(of: folder.path("held")).keys.filter { $0.hasSuffix(".dcm") }
    #expect(held.count == 3)
    #expect(held.allSatisfy { $0.count == 36 })
  }

  @Test func `Copies of an instance are one object, different files of one instance none`() async throws {
    try plant()
    let file = try folder.read("in/DOE_JANE/MRN-4711-8 0.dcm")
    try folder.write(file, to: "in/copy.dcm")
    let once = try await run()
    #expect(once.counts.released == 3)
    #expect(once.reasons == ["duplicate-instance": 1])
    var changed = file
    changed[0] = 1
    try folder.write(changed, to: "in/copy.dcm")
    let twice = try await run("again")
    #expect(twice.counts.released == 2)
    #expect(twice.reasons == ["conflicting-instance": 2])
  }

  @Test func `A dry run counts and writes nothing`() async throws {
    try plant()
    let summary = try await run(dryRun: true)
    #expect(summary.counts.released == 3)
    #expect(!folder.exists("out"))
  }

  @Test func `Keys that others can read, of another length, or inside the output are refused`() throws {
    func request(_ key: String, output: String = "out") throws {
      _ = try DeidentifyRequest(
        inputs: [folder.path("in")], output: folder.path(output), key: folder.path(key), threads: 1, decoder: .inProcess
      )
    }
    try request("key")
    #expect(throws: BatchError.self) { try request("missing") }
    try folder.write([UInt8](repeating: 1, count: 32), to: "open")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path("open"))
    #expect(throws: BatchError.self) { try request("open") }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("open"))
    try request("open")
    try folder.write([UInt8](repeating: 1, count: 31), to: "short")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("short"))
    #expect(throws: BatchError.self) { try request("short") }
    #expect(throws: BatchError.self) { try request("key", output: "") }
    #expect(throws: BatchError.self) { try DeidentificationKey.generate(at: folder.path("key")) }
  }
}
