import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// The structural check that stands before every native parser.
struct PreScanTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The finding, or `nil` for a file that passes.
  private func finding(
    _ bytes: [UInt8], _ change: (inout PreScanLimits) -> Void = { _ in }
  ) throws -> PreScanFinding? {
    var limits = PreScanLimits()
    change(&limits)
    do {
      _ = try PreScan(path: folder.write(bytes, to: "scanned"), limits: limits)
      return nil
    } catch DICOMFileError.structure(let finding) {
      return finding
    }
  }

  private func file(_ transferSyntax: UID = .explicitVRLittleEndian, _ build: (inout DICOMBytes) -> Void) -> [UInt8] {
    var data = DICOMBytes()
    data.isBigEndian = transferSyntax == .explicitVRBigEndian
    data.isImplicit = transferSyntax == .implicitVRLittleEndian
    build(&data)
    return DICOMBytes.file(transferSyntax, data.bytes)
  }

  /// Sequences of undefined length inside each other, not closed where `isOpen`.
  private static func nested(_ depth: Int, isOpen: Bool = false) -> [UInt8] {
    let begin: [UInt8] = [0x08, 0, 0x40, 0x11] + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
    let end: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    let opened = [[UInt8]](repeating: begin + item, count: depth).flatMap { $0 }
    return isOpen ? opened : opened + [[UInt8]](repeating: end, count: depth).flatMap { $0 }
  }

  // MARK: - What passes

  @Test(arguments: [UID.explicitVRLittleEndian, .implicitVRLittleEndian, .explicitVRBigEndian])
  func `a sound image passes in every byte order`(transferSyntax: UID) throws {
    let bytes = file(transferSyntax) {
      $0.addImage(allocated: 16)
      $0.add(.pixelData, "OW", [UInt8](repeating: 7, count: 16))
    }
    #expect(try finding(bytes) == nil)
  }

  @Test func `a deflated data set is counted like the same one undeflated`() throws {
    let pixels = (0..<3).map { _ in SampleObjects.gradient(64, 64, .monochrome2) }
    var counts: [Int] = []
    for syntax in [UID.explicitVRLittleEndian, .deflatedExplicitVRLittleEndian] {
      var dataSet = SampleObjects.secondaryCapture()
      var item = DataSet()
      item.set(.codeValue, .sh, "T-D1100")
      dataSet.set(.anatomicRegionSequence, items: [DataSet](repeating: item, count: 400))
      try DICOMFileWriter.write(dataSet, transferSyntax: syntax, frames: pixels, to: folder.path("one"))
      counts.append(try PreScan(path: folder.path("one")).elementCount)
    }
    #expect(counts[0] == counts[1])
    #expect(counts[0] > 800)
  }

  @Test func `stored and fixed deflate blocks are read as RFC 1951 has them`() throws {
    var data = DICOMBytes()
    data.addImage()
    data.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8))
    let length = UInt16(data.bytes.count)
    let stored = [1, UInt8(length & 0xFF), UInt8(length >> 8), ~UInt8(length & 0xFF), ~UInt8(length >> 8)] + data.bytes
    #expect(try finding(DICOMBytes.file(.deflatedExplicitVRLittleEndian, stored)) == nil)
    #expect(try finding(DICOMBytes.file(.deflatedExplicitVRLittleEndian, Self.fixedBlock(data.bytes))) == nil)
    #expect(
      try finding(DICOMBytes.file(.deflatedExplicitVRLittleEndian, Self.fixedBlock(Array(data.bytes.dropLast(3)))))?
        .rule
        == .valueBeyondEnd)
  }

  @Test func `a value that only looks like a sequence passes`() throws {
    let lookalike: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0xF0, 0xFF, 0xFF, 0x7F, 1, 2, 3, 4]
    for vr in ["UN", "OB"] {
      let bytes = file {
        $0.add(Tag(0x0009, 0x0010), "LO", "SITE")
        $0.add(Tag(0x0009, 0x1001), vr, lookalike)
        $0.addImage()
        $0.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8))
      }
      #expect(try finding(bytes) == nil, "\(vr)")
    }
  }

  @Test func `pixel data that claims more than the file holds passes when the attributes need less`() throws {
    let bytes = file {
      $0.addImage()
      $0.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8), statedLength: 0xFFFF_FFF0)
    }
    #expect(try finding(bytes) == nil)
    #expect(try finding(Array(bytes.dropLast(2)))?.rule == .valueBeyondEnd)
  }

  @Test func `every sample study passes but the truncated one`() throws {
    for source in try Self.files(below: PackageRoot.path("SampleStudies/studies")) where source.hasSuffix(".dcm") {
      if source.contains("16-truncated") {
        #expect(throws: DICOMFileError.self) { _ = try PreScan(path: source) }
      } else {
        _ = try PreScan(path: source)
      }
    }
  }

  @Test(.enabled(if: SharedData.path("dicom-corpus") != nil, "BUCKY_SHARED is not set: no corpus file is scanned"))
  func `no corpus file that can be used is refused`() throws {
    let corpus = try #require(SharedData.path("dicom-corpus"))
    for used in CorpusTable.used {
      #expect(throws: Never.self, "\(used.name)") { _ = try PreScan(path: corpus + "/" + used.name) }
    }
  }

  // MARK: - What does not

  @Test func `nesting is bounded, closed or not, in sequences of any kind`() throws {
    let unknown = try finding(
      file {
        var value: [UInt8] = []
        for _ in 0..<80 {
          // Implicit VR inside UN (PS3.5 6.2.2): item, then a sequence with a length.
          let inner = [0x08, 0, 0x40, 0x11] + $0.long(UInt32(value.count)) + value
          value = [0xFE, 0xFF, 0x00, 0xE0] + $0.long(UInt32(inner.count)) + inner
        }
        $0.add(Tag(0x0009, 0x1001), "UN", value)
      })
    #expect(unknown?.rule == .nestingDepth)
    #expect(try finding(file { $0.append(Self.nested(6000, isOpen: true)) })?.rule == .nestingDepth)
    #expect(try finding(file { $0.append(Self.nested(65)) })?.rule == .nestingDepth)
    #expect(try finding(file { $0.append(Self.nested(64)) }) == nil)
    #expect(try finding(file { $0.append(Self.nested(5)) }, { $0.nestingDepth = 4 })?.rule == .nestingDepth)
  }

  @Test func `a finding tells the rule, the place and the element`() throws {
    let bytes = file { $0.append(Self.nested(70)) }
    let found = try #require(try finding(bytes))
    // 64 levels of 20 bytes each pass; the sequence after them is one too many.
    let start = bytes.count - Self.nested(70).count
    #expect(found.position == start + 64 * 20)
    #expect(
      found.description
        == "nesting-depth, sequences too deep inside each other (65, allowed are 64), at byte \(start + 64 * 20) in (0008,1140)"
    )
  }

  @Test func `an image whose pixels are not there is refused before anything is allocated`() throws {
    let huge = file {
      $0.addImage(rows: 65535, columns: 65535, allocated: 16)
      $0.add(.pixelData, "OW", [0, 0])
    }
    #expect(try finding(huge)?.rule == .frameSize)
    #expect(try finding(huge, { $0.frameBytes = .max })?.rule == .nativeLength)
    let manyFrames = file {
      $0.addImage(frames: "2147483647")
      $0.add(.pixelData, "OW", [UInt8](repeating: 1, count: 8))
    }
    #expect(try finding(manyFrames)?.rule == .frameCount)
    #expect(try finding(manyFrames, { $0.frameCount = .max })?.rule == .nativeLength)
  }

  @Test func `a code stream that cannot stand for so many pixels is refused`() throws {
    func image(_ side: Int, fragment: Int, _ syntax: UID) -> [UInt8] {
      file(syntax) {
        $0.addImage(rows: side, columns: side)
        $0.addFragments([[UInt8](repeating: 0, count: fragment)])
      }
    }
    #expect(try finding(image(22000, fragment: 2400, .rleLossless))?.rule == .expansionRatio)
    #expect(try finding(image(22000, fragment: 22000 * 22000 / 64, .rleLossless)) == nil)
    #expect(try finding(image(20000, fragment: 454, .jpegBaseline8Bit))?.rule == .expansionRatio)
    // A blank image of a usual size has hardly any code stream.
    #expect(try finding(image(2000, fragment: 64, .jpegLSLossless)) == nil)
  }

  @Test func `elements are counted against the limit`() throws {
    let bytes = file { data in for _ in 0..<100 { data.add(Tag(0x0009, 0x1001), "LO", "x") } }
    #expect(try finding(bytes, { $0.elementCount = 50 })?.rule == .elementCount)
  }

  @Test func `a deflated data set is inflated up to the limit only`() throws {
    var dataSet = SampleObjects.secondaryCapture()
    dataSet.set(.imageComments, .lt, String(repeating: "a", count: 10_000))
    let frames = [SampleObjects.gradient(512, 512, .monochrome2)]
    try DICOMFileWriter.write(
      dataSet, transferSyntax: .deflatedExplicitVRLittleEndian, frames: frames, to: folder.path("deflated"))
    let bytes = try folder.read("deflated")
    #expect(try finding(bytes) == nil)
    #expect(try finding(bytes, { $0.inflatedBytes = 100_000 })?.rule == .inflatedSize)
    let noise = DICOMBytes.file(.deflatedExplicitVRLittleEndian, [0xFF, 0xFF, 0x00, 0x12])
    #expect(try finding(noise)?.rule == .deflateStream)
  }

  @Test func `lengths that lead out of the file, the item or the meta information are refused`() throws {
    #expect(
      try finding(file { $0.add(.imageComments, "UT", [1, 2], statedLength: 400) })?.rule == .valueBeyondEnd)
    let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 12, 0, 0, 0] + [0x08, 0, 0x00, 0x01] + Array("SH".utf8) + [40, 0]
    #expect(
      try finding(
        file {
          $0.add(Tag(0x0008, 0x2218), "SQ", item + [UInt8](repeating: 0x20, count: 4))
          $0.add(.imageComments, "LT", String(repeating: "x", count: 100))
        })?.rule == .valueBeyondParent)
    var meta = DICOMBytes()
    meta.add(.transferSyntaxUID, "UI", "1.2.840.\u{1}.5")
    let prefix = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    #expect(try finding(prefix + meta.bytes)?.rule == .metaInformation)
    var long = DICOMBytes()
    long.add(Tag(0x0002, 0x0102), "OB", [], statedLength: 0x7FFF_FFFF)
    #expect(try finding(prefix + long.bytes)?.rule == .metaInformation)
  }

  @Test func `items and delimiters out of place are refused`() throws {
    let loose: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]
    #expect(try finding(file { $0.append(loose) })?.rule == .sequenceStructure)
    #expect(
      try finding(file { $0.add(.imageComments, "LT", [], statedLength: .max) })?.rule == .valueBeyondEnd)
    #expect(try finding(file { $0.add(.imageComments, "UT", [], statedLength: .max) })?.rule == .sequenceStructure)
  }

  @Test func `identity that is no UID is refused`() throws {
    let bytes = file { $0.add(.sopInstanceUID, "UI", "../../etc/passwd") }
    #expect(try finding(bytes)?.rule == .uidSyntax)
  }

  @Test func `what the scan refuses is quarantined with the rule and the place`() throws {
    let path = try folder.write(file { $0.append(Self.nested(300)) }, to: "deep")
    guard case .refused(let refusal, _) = FileClassification(of: InputFile(path: path, source: "deep")) else {
      Issue.record("the file was taken")
      return
    }
    #expect(refusal.reason == .structureRule)
    #expect(refusal.outcome == .quarantined)
    #expect(refusal.detail.hasPrefix("nesting-depth"))
  }

  @Test func `mutated files end in a verdict`() throws {
    var dataSet = SampleObjects.secondaryCapture()
    var item = DataSet()
    item.set(.codeValue, .sh, "T-D1100")
    dataSet.set(.anatomicRegionSequence, items: [item, item])
    var random = FixedRandom(seed: 41)
    for syntax in [UID.explicitVRLittleEndian, .implicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .rleLossless] {
      try DICOMFileWriter.write(
        dataSet, transferSyntax: syntax, frames: [SampleObjects.gradient(16, 16, .monochrome2)], to: folder.path("one"))
      let sound = try folder.read("one")
      for _ in 0..<300 {
        var bytes = sound
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          bytes[Int.random(in: 128..<bytes.count, using: &random)] =
            [0, 0xFF, 0xFE, 0x7F, 0x80].randomElement(using: &random) ?? 0
        }
        _ = try finding(Array(bytes.prefix(Int.random(in: 128...bytes.count, using: &random))))
      }
    }
  }

  // MARK: - Material

  /// One block with the fixed codes, literals only (RFC 1951, 3.2.6).
  private static func fixedBlock(_ bytes: [UInt8]) -> [UInt8] {
    var bits: [Bool] = [true, true, false]
    func put(_ code: Int, _ length: Int) { for bit in (0..<length).reversed() { bits.append(code >> bit & 1 == 1) } }
    for byte in bytes { byte < 144 ? put(0x30 + Int(byte), 8) : put(0x190 + Int(byte) - 144, 9) }
    put(0, 7)
    return stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<min(8, bits.count - start)).reduce(UInt8(0)) { $0 | (bits[start + $1] ? 1 << UInt8($1) : 0) }
    }
  }

  private static func files(below folder: String) throws -> [String] {
    try #require(FileManager.default.subpaths(atPath: folder)).map { folder + "/" + $0 }
  }
}
