import DICOMCore
import Deidentification
import TestSupport
import Testing

struct VerifierTests {
  private static let harvest: Harvest = {
    var harvest = Harvest()
    harvest.add(
      RawDataSet([
        RawElement(.patientName, .pn, text: "Doe^Johanna"), RawElement(.patientID, .lo, text: "MRN-48151"),
        RawElement(.accessionNumber, .sh, text: "48151623"), RawElement(.studyDate, .da, text: "20240119"),
        RawElement(.sopInstanceUID, .ui, text: "1.2.3.44.5"),
        RawElement(.referringPhysicianName, .pn, .bytes(Array("山田^太郎".utf8)), source: [0x1B, 0x24, 0x42, 0x3B, 0x33]),
      ]), policy: DeidentificationPolicy())
    return harvest
  }()

  private static let markers = Markers(policy: DeidentificationPolicy(), pixelsAreClean: nil, version: "1")

  /// A file as the writer makes it, with more elements in the order of their tags.
  private static func file(
    _ early: (inout ElementBytes) -> Void = { _ in }, late: (inout ElementBytes) -> Void = { _ in },
    codes: [String] = ["113100"],
    removed: String = "YES", preamble: String = ""
  ) -> [UInt8] {
    var bytes = ElementBytes()
    bytes.add(0x0008_0005, "CS", "ISO_IR 192")
    bytes.add(0x0008_0018, "UI", "2.25.1234567")
    early(&bytes)
    bytes.add(0x0012_0062, "CS", removed)
    let items = codes.map { code in
      var item = ElementBytes()
      item.add(0x0008_0100, "SH", code)
      return item.bytes
    }
    bytes.add(0x0012_0064, items: items)
    bytes.add(0x0028_0303, "CS", "REMOVED")
    late(&bytes)
    return bytes.file(sopClass: UID.ctImageStorage.value, instance: "2.25.1234567", preamble: preamble)
  }

  private func verify(_ bytes: [UInt8], policy: DeidentificationPolicy = DeidentificationPolicy()) throws
    -> OutputVerifier.Proof
  {
    let verifier = OutputVerifier(
      tokens: SearchTokens(Self.harvest), markers: Self.markers, policy: policy,
      isKnownUID: { IdentityMap.isWellKnown($0) || $0.hasPrefix("2.25.") })
    return try verifier.verify(size: bytes.count) { Array(bytes[min($0, bytes.count)..<min(bytes.count, $0 + $1)]) }
  }

  @Test func `A file with nothing of the harvest is proved, with the digest of all its bytes`() throws {
    let bytes = Self.file(
      { $0.add(0x0008_103E, "LO", "Chest, no name") }, late: { $0.add(0x7FE0_0010, "OW", [1, 2, 3, 4]) })
    let proof = try verify(bytes)
    #expect(proof.digest == ContentDigest(of: bytes))
    #expect(proof.size == bytes.count)
  }

  @Test(
    "What was harvested is found in text, in any case, order and form",
    arguments: [
      ("seen by doe", Doubt.nameFound), ("JOHANNA", .nameFound), ("johanna^doe", .nameFound),
      ("xxdoejohannaxx", .nameFound),
      ("山田", .nameFound), ("id mrn-48151", .identifierFound), ("MRN48151", .identifierFound),
      ("n 48151623", .identifierFound),
      ("on 2024-01-19", .dateFound), ("on 19.01.2024", .dateFound), ("20240119", .dateFound),
      ("(1.2.3.44.5)", .uidFound),
    ])
  func found(text: String, doubt: Doubt) {
    #expect(throws: doubt) { try verify(Self.file { $0.add(0x0008_103E, "LO", text) }) }
  }

  @Test(
    "What only resembles it is not", arguments: ["doeskin", "undone", "1481516230", "120240119", "1.2.3.44.56"])
  func notFound(text: String) throws {
    _ = try verify(Self.file { $0.add(0x0008_103E, "LO", text) })
  }

  @Test func `UTF-16 and the source's own character set are searched as well`() {
    let wide = Array("Johanna".utf16).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    #expect(throws: Doubt.nameFound) { try verify(Self.file(late: { $0.add(0x0040_A070, "OB", wide + wide) })) }
    #expect(throws: Doubt.nameFound) {
      try verify(Self.file { $0.add(0x0008_103E, "LO", [0x41, 0x1B, 0x24, 0x42, 0x3B, 0x33]) })
    }
  }

  @Test func `Pixels are searched for what is long enough, across the pieces in which they are read`() {
    for offset in [0, 1, 262_140, 300_001] {
      var pixels = [UInt8](repeating: 7, count: 524_288)
      pixels.replaceSubrange(offset..<offset + 8, with: Array("48151623".utf8))
      #expect(throws: Doubt.identifierFound, "\(offset)") {
        try verify(Self.file(late: { $0.add(0x7FE0_0010, "OW", pixels) }))
      }
    }
  }

  @Test func `UIDs that this program has not made are found`() {
    #expect(throws: Doubt.uidFound) { try verify(Self.file { $0.add(0x0008_1155, "UI", "1.2.276.99") }) }
  }

  @Test func `Numbers that hold letters are found`() {
    #expect(throws: Doubt.identifierFound) { try verify(Self.file(late: { $0.add(0x0040_A30A, "DS", "MARKER") })) }
  }

  @Test func `Private and overlay groups, a preamble and what is no file of ours are found`() {
    #expect(throws: Doubt.privateFound) { try verify(Self.file { $0.add(0x0009_0010, "LO", "ACME") }) }
    #expect(throws: Doubt.privateFound) { try verify(Self.file(late: { $0.add(0x6000_0010, word: 1) })) }
    #expect(throws: Doubt.unreadableOutput) { try verify(Self.file(preamble: "DOE")) }
    #expect(throws: Doubt.unreadableOutput) { try verify(Self.file() + [0]) }
    #expect(throws: Doubt.unreadableOutput) { try verify([]) }
    #expect(throws: Doubt.unreadableOutput) { try verify(Self.file { $0.add(0x0008_0008, "CS", "OUT OF ORDER") }) }
  }

  @Test func `Markers must say what was done, no more and no less`() {
    #expect(throws: Doubt.markersMissing) { try verify(Self.file(codes: ["113100", "113101"])) }
    #expect(throws: Doubt.markersMissing) { try verify(Self.file(codes: [])) }
    #expect(throws: Doubt.markersMissing) { try verify(Self.file(removed: "NO")) }
  }

  @Test func `113101 is claimed where the pixels were checked`() {
    var policy = DeidentificationPolicy()
    policy.options = [.cleanPixelData, .retainModifiedDates]
    func codes(_ clean: Bool?) -> [String] {
      Markers(policy: policy, pixelsAreClean: clean, version: "1").codes.map(\.code)
    }
    #expect(codes(true) == ["113100", "113101", "113107"])
    #expect(codes(false) == ["113100", "113107"])
    #expect(codes(nil) == ["113100", "113107"])
  }
}
